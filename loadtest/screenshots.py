"""Pictures of every part of the page, on a desk and on a phone, by day and by night, with a market that moves."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

from loadtest.chromium import chromium
from loadtest.exchange_process import ExchangeProcess, exchange_on
from loadtest.http_client import Connection
from loadtest.market_page import log_in

NAME, PASSWORD = "morgan", "correct horse battery"
SCREENS: dict[str, ViewportSize] = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
PAGES = {"market": "/trade/AAPL", "orders": "/orders?view=all", "portfolio": "/portfolio", "account": "/account"}
_BOUGHT = (("AAPL", 120), ("MSFT", 40), ("NVDA", 75), ("AMZN", 60), ("TSLA", 25))
_RESTING = (("AAPL", "buy", 50, "181.50"), ("AAPL", "sell", 80, "199.00"), ("MSFT", "buy", 10, "380.00"))
_SETTLING_S = 3.0


def trade(connection: Connection) -> None:
    """Some history for the pictures: bought, sold, resting, canceled."""
    for symbol, quantity in _BOUGHT:
        _order(connection, symbol=symbol, side="buy", type="market", qty=str(quantity), time_in_force="ioc")
    _order(connection, symbol="TSLA", side="sell", type="market", qty="30", time_in_force="ioc")
    for symbol, side, quantity, price in _RESTING:
        last = _order(
            connection,
            symbol=symbol,
            side=side,
            type="limit",
            qty=str(quantity),
            limit_price=price,
            time_in_force="gtc",
        )
    connection.request("DELETE", f"/v2/orders/{last}", prefer="wait=5")


def _order(connection: Connection, **order: str) -> str:
    answer = connection.request("POST", "/v2/orders", order, prefer="wait=5")
    if answer.status != 200:
        print(f"  refused: {answer.body.decode()}")
        return ""
    return str(answer.json()["id"])


def pictures(browser: Browser, exchange: ExchangeProcess, into: Path) -> Iterator[Path]:
    """Take them all, one file each."""
    for screen, viewport in SCREENS.items():
        for scheme in ("light", "dark"):
            page = browser.new_page(
                base_url=f"http://{exchange.host}:{exchange.port}",
                viewport=viewport,
                color_scheme="dark" if scheme == "dark" else "light",
                has_touch=screen == "phone",
            )
            page.goto("/login")
            yield _picture(page, into / f"login-{screen}-{scheme}.png")
            log_in(page, NAME, PASSWORD)
            for name, path in PAGES.items():
                page.goto(path)
                yield _picture(page, into / f"{name}-{screen}-{scheme}.png")
            page.close()


def _picture(page: Page, path: Path) -> Path:
    page.wait_for_timeout(_SETTLING_S * 1_000)  # a picture wants prices that have moved once
    page.screenshot(path=path)
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("into", type=Path, help="folder for the pictures")
    parser.add_argument("--seconds", type=float, default=180.0, help="how long the market moves before the first one")
    parser.add_argument("--pace", type=float, default=12.0, help="orders a second of the resident market")
    arguments = parser.parse_args()
    arguments.into.mkdir(parents=True, exist_ok=True)
    settings = {"MARKET": "on", "MARKET_PACE": str(arguments.pace)}
    with tempfile.TemporaryDirectory() as folder, exchange_on(Path(folder) / "data", settings) as exchange:
        token = exchange.sign_up(NAME, PASSWORD)
        time.sleep(arguments.seconds / 3)
        trade(exchange.connect(token))
        time.sleep(arguments.seconds * 2 / 3)
        with chromium() as browser:
            for path in pictures(browser, exchange, arguments.into):
                print(path, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
