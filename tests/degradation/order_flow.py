"""Two people who trade with each other all the time, whatever happens, and remember how they were answered."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

import psycopg

from loadtest.http_client import JSON
from tests.degradation.whole_exchange import Answer, WholeExchange

SYMBOL = "AAPL"
PRICE = "190.00"
PAUSE_S = 0.04
SETTLED_WITHIN_S = 30.0
BOUND_S = 4.0
"""No order waits longer for its answer, whatever its neighbours do; usually some hundredths of it."""

_numbers = itertools.count(1)


def an_order(side: str, **changes: str) -> JSON:
    """A share at a price that both sides always agree on."""
    order: JSON = {"symbol": SYMBOL, "side": side, "qty": "1", "type": "limit", "limit_price": PRICE}
    return {**order, "time_in_force": "gtc", "client_order_id": f"order-{next(_numbers)}", **changes}


@dataclass(slots=True)
class Flow:
    """What was sent while something was broken. Refused orders are sent again, by the same client order id."""

    accepted: list[str] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)
    unanswered: int = 0
    slowest_s: float = 0.0

    def note(self, answer: Answer) -> bool:
        """Whether the order was accepted; an answer that is neither yes nor "later" is a failure."""
        self.slowest_s = max(self.slowest_s, answer.took_s)
        if answer.status == 200:
            self.accepted.append(answer.body["id"])
            return True
        assert answer.is_refusal_for_now, answer
        self.refused.append(answer)
        return False


class TwoTraders:
    """`alice` and `bob` are bearer tokens; she sells what he buys."""

    def __init__(self, exchange: WholeExchange, alice: str, bob: str) -> None:
        self.alice = alice
        self.bob = bob
        self._exchange = exchange

    @contextmanager
    def trading(self) -> Iterator[Flow]:
        """Place an order every few hundredths of a second; raises what went wrong on the way."""
        flow, stopping, failures = Flow(), threading.Event(), list[BaseException]()
        thread = threading.Thread(target=self._trade, args=(flow, stopping, failures), name="two-traders")
        thread.start()
        try:
            yield flow
        finally:
            stopping.set()
            thread.join()
        if failures:
            raise failures[0]
        assert flow.accepted, "nobody traded: this proved nothing"

    def settle(self, flow: Flow) -> float:
        """Seconds until every order accepted by now was filled; AssertionError if that takes too long.

        Orders that follow meanwhile are not waited for: while they come, one of them is always under way.
        """
        accepted, started_s = list(flow.accepted), time.monotonic()
        while unfilled := self._unfilled(accepted):
            waited_s = time.monotonic() - started_s
            assert waited_s < SETTLED_WITHIN_S, f"{unfilled} of {len(accepted)} orders are not filled"
            threading.Event().wait(0.05)
        return time.monotonic() - started_s

    def _trade(self, flow: Flow, stopping: threading.Event, failures: list[BaseException]) -> None:
        try:
            for token, side in cycle(((self.alice, "sell"), (self.bob, "buy"))):
                self._place(flow, token, an_order(side), lambda: stopping.wait(PAUSE_S))
                if side == "buy" and stopping.is_set():
                    return
        except BaseException as failure:  # noqa: BLE001  # the test's own thread raises it
            failures.append(failure)

    def _place(self, flow: Flow, token: str, order: JSON, rest: Callable[[], object]) -> None:
        give_up_s = time.monotonic() + SETTLED_WITHIN_S
        while True:
            assert time.monotonic() < give_up_s, "the order was refused for too long"
            try:
                if flow.note(self._exchange.ask("POST", "/v2/orders", order, token=token)):
                    rest()
                    return
            except OSError:
                flow.unanswered += 1
            threading.Event().wait(PAUSE_S)

    def _unfilled(self, accepted: list[str]) -> int:
        query = "select count(*) from orders where id = any(%s::uuid[]) and status = 'filled'"
        with psycopg.connect(self._exchange.database_url("stock_ordering")) as database:
            row = database.execute(query, [accepted]).fetchone()
        return len(set(accepted)) - (row[0] if row else 0)


def tell(what: str, flow: Flow, settled_s: float) -> None:
    """Print the figures that docs/degradation.md has."""
    print(
        f"\n{what}: {len(flow.accepted)} orders, slowest answer {flow.slowest_s * 1_000:.0f} ms, "
        f"{len(flow.refused)} refused, {flow.unanswered} unanswered, settled {settled_s:.1f} s after the return"
    )


def assert_undisturbed(what: str, traders: TwoTraders, flow: Flow) -> None:
    """Every order was accepted, and in time, and is filled without anybody's hand."""
    tell(what, flow, traders.settle(flow))
    assert (flow.refused, flow.unanswered) == ([], 0)
    assert flow.slowest_s < BOUND_S
