"""A service's app as one web process serves it, with everything it lives on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from werkzeug.middleware.proxy_fix import ProxyFix

from chassis.doors.settings import WebSettings
from chassis.identity import Authenticator
from chassis.keys import TokenKeys
from chassis.limits import Limits
from chassis.metrics import Metrics
from chassis.service import Service
from chassis.web import ExchangeApp, create_app


class WebApp:
    """Opened in the worker process that serves it; `stop` closes all that was opened with it."""

    def __init__(
        self,
        compose: Callable[[Metrics, ExitStack], Service],
        settings: WebSettings,
        keys: TokenKeys,
        limits: Limits,
    ) -> None:
        self._closing = ExitStack()
        metrics = Metrics()
        service = compose(metrics, self._closing)
        service.parts.database.listen()
        self.app: ExchangeApp = create_app(
            service.name,
            service.blueprints,
            Authenticator(keys, service.parts.cache, service.parts.questions, metrics, settings.sure_ms / 1_000),
            metrics,
            {"database": service.parts.database.answers},
            limits,
            service.parts.rate_limit,
            documents=f"/openapi/{service.name}",
        )
        if settings.trusted_proxies:
            count = settings.trusted_proxies
            self.app.wsgi_app = ProxyFix(self.app.wsgi_app, count, count)  # type: ignore[method-assign]

    def leave(self) -> None:
        """Nothing here lasts longer than a request."""

    def stop(self) -> None:
        self._closing.close()
