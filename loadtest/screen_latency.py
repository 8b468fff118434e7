"""`make screen-latency`: how long after an order was accepted another person sees its trade, or its level."""

from __future__ import annotations

import argparse
import itertools
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from contracts.money import LARGEST_QUANTITY
from loadtest.chromium import chromium, page_processes
from loadtest.cpu import cpu_seconds
from loadtest.http_client import Connection
from loadtest.market_page import depth_panel, log_in, tape_panel
from loadtest.own_process import OwnProcess
from loadtest.stack_process import StackProcess, stack_on

SYMBOL = "AAPL"
WALL_PRICE = "190.00"
TAKERS = 8
PROBES_PER_S = 2.0
"""How often one prober places an order that rests, and takes it away again."""

PROBES_SHARE = 0.2
"""Of all orders: these are for the depth, the others trade."""

SETTINGS = {
    "STARTING_CASH": "1000000000",
    "STARTING_SHARES": "*:100000000",
    "ACCESS_TOKEN_MINUTES": "600",
    "DEMO_USERS": "",
    "MARKET": "off",
}
_PASSWORD = "correct horse battery"  # noqa: S105  # nobody's
_FIRST_PROBE = 700_001
_PROBE_STEP = 7
"""Every probe's quantity is 1 more than a multiple of 7, so no sum of two to seven is one of them: the ladder also
shows sums."""

_WATCH = """panels => {
  const seen = window.firstSeenMs = {};
  let due = false;
  const look = () => {
    due = false;
    const now = Date.now();
    for (const panel of panels) {
      const texts = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
      while (texts.nextNode())
        if (/^[0-9][0-9,]*$/.test(texts.currentNode.data)) seen[texts.currentNode.data.replaceAll(",", "")] ??= now;
    }
  };
  const observer = new MutationObserver(() => { if (!due) { due = true; requestAnimationFrame(look); } });
  for (const panel of panels) observer.observe(panel, {subtree: true, childList: true, characterData: true});
}"""
"""Notes when a number is in the picture for the first time: as the frame that shows it is about to be painted."""


@dataclass(slots=True)
class Sent:
    """When each order was sent and its acceptance was read, by its quantity, which nobody else's order has."""

    moments: dict[int, tuple[float, float]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def order(self, connection: Connection, side: str, quantity: int, price: str) -> str:
        """Place one; its id, empty if it was refused."""
        order = {"symbol": SYMBOL, "side": side, "qty": str(quantity), "type": "limit", "limit_price": price}
        sent_s = time.time()
        answer = connection.request("POST", "/v2/orders", {**order, "time_in_force": "day"})
        if answer.status != 200:
            self.refused.append(answer.body.decode())
            return ""
        self.moments[quantity] = (sent_s, time.time())
        return str(answer.json()["id"])


def beat(pause_s: float, until_s: float) -> Iterator[int]:
    """0, 1, 2, … one every `pause_s`; what was late is caught up with."""
    started_s = time.monotonic()
    for number in itertools.count():
        due_s = started_s + number * pause_s
        if due_s > until_s:
            return
        time.sleep(max(0.0, due_s - time.monotonic()))
        yield number


def take(connection: Connection, first: int, pause_s: float, until_s: float, sent: Sent) -> None:
    """Buy from the wall, every time another quantity: each order is one trade of just that size."""
    for number in beat(pause_s, until_s):
        sent.order(connection, "buy", first + number * TAKERS, WALL_PRICE)


def probe(connection: Connection, price: str, quantities: Iterator[int], until_s: float, sent: Sent) -> None:
    """Rest a bid at a price of its own for most of a beat, then cancel it."""
    for _ in beat(1 / PROBES_PER_S, until_s):
        order_id = sent.order(connection, "buy", next(quantities), price)
        time.sleep(0.6 / PROBES_PER_S)
        if order_id:
            connection.request("DELETE", f"/v2/orders/{order_id}", prefer="wait=5")


class Crowd:
    """Everybody who trades while somebody else looks at the screen."""

    def __init__(self, exchange: OwnProcess, rate: float) -> None:
        self.trades, self.levels = Sent(), Sent()
        probers = max(1, round(rate * PROBES_SHARE / (2 * PROBES_PER_S)))  # a cancel is an order, too
        self._pause_s = TAKERS / max(1.0, rate - 2 * PROBES_PER_S * probers)
        self._exchange = exchange
        self._takers = [exchange.sign_up(f"taker-{number}") for number in range(TAKERS)]
        self._probers = [exchange.sign_up(f"prober-{number}") for number in range(probers)]
        wall = exchange.connect(exchange.sign_up("wall"))
        self._wall = Sent().order(wall, "sell", LARGEST_QUANTITY, WALL_PRICE)

    def trade(self, seconds: float) -> list[threading.Thread]:
        """Start them, each on a fresh connection: one that is idle is closed. They end by themselves."""
        connect = self._exchange.connect
        until_s = time.monotonic() + seconds
        quantities = itertools.count(_FIRST_PROBE, _PROBE_STEP)
        takers = [
            threading.Thread(target=take, args=(connect(token), 1_001 + number, self._pause_s, until_s, self.trades))
            for number, token in enumerate(self._takers)
        ]
        probers = [
            threading.Thread(
                target=probe, args=(connect(token), f"189.{99 - number}", quantities, until_s, self.levels)
            )
            for number, token in enumerate(self._probers)
        ]
        for thread in takers + probers:
            thread.start()
        return takers + probers


@contextmanager
def watching(stack: StackProcess) -> Iterator[Page]:
    """A browser in which somebody else has logged in and looks at the symbol's market."""
    with chromium() as browser:
        page = browser.new_page(base_url=f"http://{stack.host}:{stack.port}", viewport={"width": 1440, "height": 900})
        log_in(page, "watcher", _PASSWORD)
        page.goto(f"/trade/{SYMBOL}")
        depth_panel(page).get_by_text(WALL_PRICE).first.wait_for()
        page.evaluate_handle(_WATCH, [depth_panel(page).element_handle(), tape_panel(page).element_handle()])
        yield page


def report(what: str, sent: Sent, shown_ms: dict[str, float]) -> None:
    """How many, and two lines: counted from the answer that accepted the order, and from the moment it was sent."""
    found = {quantity: shown_ms[str(quantity)] for quantity in sent.moments if str(quantity) in shown_ms}
    print(f"{what}s sent={len(sent.moments)} refused={len(sent.refused)} missed={len(sent.moments) - len(found)}")
    for origin, name in ((1, "accepted"), (0, "sent")):
        _print_times(
            f"{what}_{name}_to_shown",
            [shown - sent.moments[quantity][origin] * 1_000 for quantity, shown in found.items()],
        )


def report_halves(stack: StackProcess, token: str, sent: Sent, shown_ms: dict[str, float]) -> None:
    """Where the time of a trade goes: before and after the book made it, by the time on the tape."""
    path = f"/v2/stocks/{SYMBOL}/trades?limit=10000&sort=desc"
    tape = stack.connect(token).request("GET", path).json()["trades"]
    traded_ms = {trade["s"]: datetime.fromisoformat(trade["t"]).timestamp() * 1_000 for trade in tape}
    both = {quantity: traded for quantity, traded in traded_ms.items() if quantity in sent.moments}
    _print_times("trade_accepted_to_traded", [ms - sent.moments[quantity][1] * 1_000 for quantity, ms in both.items()])
    seen = [shown_ms[str(quantity)] - ms for quantity, ms in both.items() if str(quantity) in shown_ms]
    _print_times("trade_traded_to_shown", seen)


def _print_times(name: str, times_ms: list[float]) -> None:
    times_ms.sort()
    median, p95, p99, most = (_quantile(times_ms, share) for share in (0.5, 0.95, 0.99, 1.0))
    print(f"{name} median_ms={median:.0f} p95_ms={p95:.0f} p99_ms={p99:.0f} max_ms={most:.0f}")


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def _processes(stack: StackProcess) -> dict[str, int]:
    gateway = {name: pid for name, pid in stack.pids().items() if name.startswith("live_gateway")}
    return {**gateway, **{f"page process {number}": pid for number, pid in enumerate(page_processes(), start=1)}}


def measure(stack: StackProcess, seconds: float, rate: float) -> None:
    """Trade for so long before the eyes of somebody else, and print what was measured."""
    crowd, token = Crowd(stack, rate), stack.sign_up("watcher", _PASSWORD)
    stack.wait_until_settled()
    with watching(stack) as page:
        processes = _processes(stack)
        before = cpu_seconds(processes)
        threads = crowd.trade(seconds)
        page.wait_for_timeout(seconds * 1_000 + 2_000)
        for thread in threads:
            thread.join()
        after = cpu_seconds(processes)
        shown_ms: dict[str, Any] = page.evaluate("() => window.firstSeenMs")
    report("trade", crowd.trades, shown_ms)
    report_halves(stack, token, crowd.trades, shown_ms)
    report("level", crowd.levels, shown_ms)
    for name, cpu_s in after.items():
        print(f"cpu_percent {100 * (cpu_s - before[name]) / seconds:.0f}  {name}")
    for sentence in (crowd.trades.refused + crowd.levels.refused)[:3]:
        print(f"  refused: {sentence}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to trade")
    parser.add_argument("--rate", type=float, default=100.0, help="requests a second: orders, and cancels of levels")
    arguments = parser.parse_args()
    print(
        f"{arguments.rate:.0f} requests/s to a stack for {arguments.seconds:.0f} s by everybody but the one whose "
        "Chromium is watched; shown: as the first frame with it is about to be painted; one clock"
    )
    with tempfile.TemporaryDirectory() as folder:
        print("starting the stack", flush=True)
        with stack_on(Path(folder) / "stack", SETTINGS) as stack:
            measure(stack, arguments.seconds, arguments.rate)
    return 0


if __name__ == "__main__":
    sys.exit(main())
