"""What `make run` serves on its port: the exchange, its page and its live gateway; and the market that lives in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import live_gateway.main
import live_gateway.settings
from chassis.feed import LocalFeed
from chassis.settings import read_settings
from chassis.web import ExchangeApp
from standalone import page
from standalone.api import API_PAGE
from standalone.exchange import Exchange, compose
from standalone.market import ResidentMarket
from standalone.settings import page_folder


@dataclass(frozen=True, slots=True)
class House:
    """All that lives in the worker process. `market` is None where no resident market is wanted."""

    exchange: Exchange
    live: live_gateway.main.Live
    market: ResidentMarket | None

    @property
    def app(self) -> ExchangeApp:
        return self.exchange.app

    def leave(self) -> None:
        """The market takes its orders back, the live connections end; requests are still answered."""
        if self.market is not None:
            self.market.leave()
        self.live.stop()

    def stop(self) -> None:
        self.exchange.stop()


def open_house(url_of: Callable[[str], str], environment: Mapping[str, str], market: ResidentMarket | None) -> House:
    """Compose the exchange, let it settle, and add what people look at. Raises what `compose` and `settle` do."""
    exchange = compose(url_of, environment)
    exchange.settle()
    exchange.app.register_blueprint(page.blueprint(page_folder(environment), API_PAGE))
    authenticator = exchange.app.extensions["authenticator"]
    feed = LocalFeed(exchange.bus)
    live = live_gateway.main.attach(exchange.app, feed, authenticator, exchange.metrics, live_settings(environment))
    return House(exchange, live, market)


def live_settings(environment: Mapping[str, str]) -> live_gateway.settings.Settings:
    """The live gateway's, with fewer connections than where it has a process to itself: each takes a thread here."""
    fewer = {"LIVE_CONNECTIONS": "64", "LIVE_STRANGERS": "16"}
    return read_settings(live_gateway.settings.Settings, {**fewer, **environment})
