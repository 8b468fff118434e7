"""Puts the live gateway together: in a process of its own, or on the app of an exchange in one process."""

from __future__ import annotations

if __name__ == "__main__":  # what the imports below bring along must find everything patched
    from gevent import monkey  # type: ignore[import-untyped]

    monkey.patch_all()

import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import flask
from werkzeug.middleware.proxy_fix import ProxyFix

from chassis.cache import CountedCache
from chassis.clock import SystemClock
from chassis.feed import Feed
from chassis.http_server import PortRefused, open_port
from chassis.identity import Authenticator
from chassis.keys import read_token_keys
from chassis.logs import log_from
from chassis.metrics import Metrics
from chassis.parent import stop_with_parent
from chassis.rabbit_bus.feed import RabbitFeed
from chassis.rabbit_questions import RabbitQuestions
from chassis.redis_cache import RedisCache
from chassis.settings import SettingsError, read_settings
from chassis.web import create_app
from live_gateway.api import Sockets
from live_gateway.clients import authenticate_with
from live_gateway.consumers import STREAMS, hear
from live_gateway.domain.room import Room
from live_gateway.handlers.admitting import Admission
from live_gateway.handlers.audience import Audience
from live_gateway.handlers.counts import Counts
from live_gateway.handlers.sending import Sender
from live_gateway.settings import ProcessSettings, Settings

Serve = Callable[[socket.socket, flask.Flask, int, Callable[[], None], Callable[[], None]], None]
"""Serves an app on a listening socket: so many sockets at most, what to call when it does, and before it leaves."""


@dataclass(frozen=True, slots=True)
class Live:
    """A running live gateway: the sockets of an app, and the threads that serve them."""

    sockets: Sockets
    feed: Feed
    sender: Sender
    admission: Admission

    def is_running(self) -> bool:
        """Whether the threads that serve all clients are there."""
        return self.sender.is_alive() and self.admission.is_alive()

    def stop(self) -> None:
        """Cut off all clients, which connect elsewhere or again, and end the threads; repeatable."""
        self.sockets.close()
        self.sender.stop()
        self.admission.stop()
        self.feed.close()


def attach(
    app: flask.Flask,
    feed: Feed,
    authenticator: Authenticator,
    metrics: Metrics,
    settings: Settings,
) -> Live:
    """Serve the live interface on `app`."""
    counts = Counts(metrics.registry)
    audience = Audience(
        feed,
        counts,
        Room(settings.live_connections, settings.live_connections_per_account, settings.live_connections_per_address),
        settings.live_pause_ms / 1_000,
    )
    sockets = Sockets(app, settings.most_sockets, settings.live_strangers, settings.live_identify_ms / 1_000)
    sender = Sender(
        audience,
        sockets,
        SystemClock(),
        counts,
        feed.is_connected,
        pause_s=settings.live_pause_ms / 1_000,
        pulse_s=settings.live_pulse_ms / 1_000,
        ack_limit_s=settings.live_ack_limit_ms / 1_000,
    )
    admission = Admission(
        audience,
        sockets,
        authenticate_with(authenticator),
        counts,
        events_per_second=settings.live_events_per_second,
        recheck_s=settings.live_recheck_ms / 1_000,
    )
    feed.start(STREAMS, hear(audience, counts), audience.miss)
    sockets.listen(admission)
    sender.start()
    admission.start()
    return Live(sockets, feed, sender, admission)


def web(environment: Mapping[str, str], serve: Serve) -> None:
    """Serve until told to stop, in a process patched by gevent. Raises SettingsError, PortRefused."""
    process = read_settings(ProcessSettings, environment)
    settings = read_settings(Settings, environment)
    log_from(process.log_level)
    if process.stop_with_parent:
        stop_with_parent()
    keys = read_token_keys(process.public_key_file)
    if process.listen_fd >= 0:
        listener = socket.socket(fileno=process.listen_fd)
    else:
        listener = open_port(process.host, process.port)
    with ExitStack() as closing:
        metrics = Metrics()
        cache = RedisCache(process.redis_url, metrics)
        closing.callback(cache.close)
        questions = RabbitQuestions(process.rabbitmq_url, metrics)
        closing.callback(questions.close)
        feed = RabbitFeed(process.rabbitmq_url)
        metrics.watch_broker(feed.is_connected)
        authenticator = Authenticator(keys, CountedCache(cache, metrics), questions, metrics)
        checks = {"broker": feed.is_connected}
        app = create_app("live_gateway", [], authenticator, metrics, checks)
        live = attach(app, feed, authenticator, metrics, settings)
        checks["live"] = live.is_running
        if process.trusted_proxies:
            count = process.trusted_proxies
            app.wsgi_app = ProxyFix(app.wsgi_app, count, count)  # type: ignore[method-assign]  # how WSGI apps are wrapped
        serve(listener, app, settings.most_sockets, partial(_tell_ready, process.ready_fd), live.stop)


def run(words: Sequence[str], environment: Mapping[str, str], serve: Serve) -> None:
    """Open the one door there is; exits with 1 and one sentence when it cannot."""
    if list(words) != ["web"]:
        sys.exit("usage: python -m live_gateway.main web")
    try:
        web(environment, serve)
    except (SettingsError, PortRefused) as refused:
        sys.exit(f"live_gateway web did not start. {refused}")


def _tell_ready(ready_fd: int) -> None:
    if ready_fd >= 0:
        with os.fdopen(ready_fd, "w") as pipe:
            pipe.write("ready\n")


if __name__ == "__main__":
    from live_gateway.api.server import serve  # only here: an exchange in one process does without gevent

    run(sys.argv[1:], os.environ, serve)
