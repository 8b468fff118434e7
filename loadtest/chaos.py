"""`make chaos`: trade at a steady rate while everything is killed and clocks are set, then count what was promised."""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

from loadtest.clock_shift import ClockShifts, set_all_the_time, why_not_here
from loadtest.halting import OPERATOR, PASSWORD, Halter, resume_all, wrong_assets
from loadtest.halting import SETTINGS as OPERATOR_SETTINGS
from loadtest.patient import GaveUp, PatientConnection
from loadtest.public_address import PublicAddress
from loadtest.stack_process import StackProcess, stack_on
from loadtest.trading_day import Day, count_ends
from loadtest.traffic import SYMBOLS, RestlessTrader
from standalone.stack.settings import DOORS

TRADERS = 8
PATIENCE_S = 60.0
SERVICE_KINDS = frozenset({"web", "consumer", "relay", "gateway"})
SETTINGS = {
    "STARTING_CASH": "1000000000",
    "STARTING_SHARES": "*:1000000",
    "DEMO_USERS": "",
    "ACCESS_TOKEN_MINUTES": "600",  # a clock an hour ahead ends none
    **OPERATOR_SETTINGS,
}
_LONGEST_PAUSE_S = 3.0
_BOARD_STALE_S = 2.0
_PROBE = {"symbol": "TSLA", "side": "sell", "qty": "1", "type": "limit", "limit_price": "999.00"}


@dataclass(slots=True)
class Kill:
    """One SIGKILL: who got it, and how long until an order sent after it was through again."""

    name: str
    kind: str
    recovery_s: float


@dataclass(slots=True)
class Outcome:
    """What the flood sent and what came of it."""

    kills: list[Kill] = field(default_factory=list)
    sent: int = 0
    acknowledged: int = 0
    found: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    gave_up: int = 0
    repeats: int = 0
    clock_steps: int = 0
    halts: int = 0
    day_orders_ended: int = 0
    late_fills: int = 0
    overdue: int = 0
    wrong_assets: list[str] = field(default_factory=list)

    def broken_promises(self) -> list[str]:
        """What must not be there, by name; empty if all is well."""
        counts = {
            "lost": len(self.lost),
            "doubled": len(self.doubled),
            "late_fills": self.late_fills,
            "overdue": self.overdue,
            "wrong_assets": len(self.wrong_assets),
        }
        return [f"{name}={number}" for name, number in counts.items() if number]


class Trader:
    """A restless trader at a steady pace, in a thread of its own."""

    def __init__(self, stack: StackProcess, number: int, token: str, pause_s: float, seed: float) -> None:
        self.token = token
        self.line = PatientConnection(lambda: stack.connect(token, timeout_s=15.0), PATIENCE_S)
        self.restless = RestlessTrader(self.line, f"chaos-{number}", random.Random(seed))
        self.gave_up = 0
        self._pause_s = pause_s
        self._thread = threading.Thread(target=self._trade, name=f"trader-{number}")
        self._stopping = threading.Event()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()
        self.line.close()

    def _trade(self) -> None:
        due_s = time.monotonic()
        while not self._stopping.is_set():
            try:
                self.restless.act()
            except GaveUp:
                self.gave_up += 1
            due_s = max(due_s + self._pause_s, time.monotonic() - 1.0)  # makes up for a second, not for an outage
            self._stopping.wait(max(0.0, due_s - time.monotonic()))


def victims(stack: StackProcess, dice: random.Random) -> Iterator[str]:
    """Every child in turn, each time in another order."""
    while True:
        names = sorted(stack.children())
        dice.shuffle(names)
        yield from names


def kill_and_recover(stack: StackProcess, probe: PatientConnection, name: str, number: int, *, whole: bool) -> Kill:
    """Kill a child and wait until it is back and an order sent afterwards has come to rest on its book."""
    kind = stack.children()[name].kind
    killed_at_s = time.monotonic()
    stack.kill_child(name, whole=whole)
    client_order_id = f"probe-{number}"
    answer = probe.request("POST", "/v2/orders", {**_PROBE, "client_order_id": client_order_id})
    while answer.json().get("status") == "pending_new":
        answer = probe.request("GET", f"/v2/orders:by_client_order_id?client_order_id={client_order_id}")
        time.sleep(0.05)
    stack.wait_until_ready(PATIENCE_S)
    return Kill(name, kind, time.monotonic() - killed_at_s)


def rampage(stack: StackProcess, token: str, seconds: float, day: Day, dice: random.Random) -> list[Kill]:
    """Kill one child after the other until the time, and the trading day, are over."""
    probe = PatientConnection(lambda: stack.connect(token, timeout_s=15.0), 2 * PATIENCE_S)
    until_s = time.monotonic() + seconds
    kills: list[Kill] = []
    for number, name in enumerate(victims(stack, dice)):
        if time.monotonic() > until_s and day.is_over():
            break
        kills.append(kill_and_recover(stack, probe, name, number, whole=dice.random() < 0.5))
        left_s = until_s - time.monotonic()
        print(f"  {left_s:4.0f} s left  killed {name}: recovered in {kills[-1].recovery_s:.1f} s", flush=True)
        time.sleep(dice.uniform(0.0, _LONGEST_PAUSE_S))
    probe.close()
    return kills


def count_orders(stack: StackProcess, trader: Trader, outcome: Outcome) -> None:
    """Compare what the trader was promised with what the exchange knows of him."""
    kept: dict[str, list[str]] = {}
    for order in all_orders(stack, trader.token):
        kept.setdefault(order["client_order_id"], []).append(order["id"])
    outcome.sent += trader.restless.placed
    outcome.acknowledged += len(trader.restless.acknowledged)
    outcome.gave_up += trader.gave_up
    outcome.repeats += trader.line.repeats
    outcome.doubled += [client_order_id for client_order_id, ids in kept.items() if len(ids) > 1]
    for client_order_id, order_id in trader.restless.acknowledged.items():
        if order_id in kept.get(client_order_id, ()):
            outcome.found += 1
        else:
            outcome.lost.append(client_order_id)


def all_orders(exchange: PublicAddress, token: str) -> Iterator[dict[str, str]]:
    """Every order of an account, page after page, oldest first."""
    connection, after = exchange.connect(token), ""
    while True:
        page = connection.request("GET", f"/v2/orders?status=all&direction=asc&limit=500{after}").json()
        yield from page
        if len(page) < 500:
            connection.close()
            return
        after = f"&after={page[-1]['submitted_at']}"


def run(
    stack: StackProcess, seconds: float, rate: float, day: Day, clocks: ClockShifts | None, dice: random.Random
) -> Outcome:
    """Trade, halt, kill and set clocks for so many seconds, wait for quiet, count."""
    tokens = [stack.sign_up(f"trader-{number}") for number in range(TRADERS + 1)]
    operator = PatientConnection(lambda: stack.connect(stack.log_in(OPERATOR, PASSWORD), timeout_s=15.0), PATIENCE_S)
    stack.wait_until_settled()
    traders = [
        Trader(stack, number, token, TRADERS / rate, dice.random()) for number, token in enumerate(tokens[:TRADERS])
    ]
    halter = Halter(operator, SYMBOLS, random.Random(dice.random()))
    try:
        with set_all_the_time(clocks, random.Random(dice.random())):
            kills = rampage(stack, tokens[TRADERS], seconds, day, dice)
    finally:
        for trader in traders:
            trader.stop()
        halter.stop()
    print("waiting for quiet", flush=True)
    stack.wait_until_settled()
    outcome = Outcome(kills, clock_steps=len(clocks.steps) if clocks else 0, halts=halter.deeds)
    for trader in traders:
        count_orders(stack, trader, outcome)
    outcome.day_orders_ended, outcome.overdue, outcome.late_fills = count_ends(stack.told()["databases"])
    prove_assets(stack, operator, tokens[TRADERS], outcome)
    return outcome


def prove_assets(stack: StackProcess, operator: PatientConnection, token: str, outcome: Outcome) -> None:
    """Every asset is tradable where an order is accepted, and nowhere else: as the halter left them, and resumed."""
    line = PatientConnection(lambda: stack.connect(token), PATIENCE_S)
    for round_name in ("as-left", "resumed"):
        time.sleep(_BOARD_STALE_S)  # as long may order entry go by what it read before
        outcome.wrong_assets += wrong_assets(line, round_name)
        resume_all(operator)
        stack.wait_until_settled()
    line.close()
    operator.close()


def trial(folder: Path, seconds: float, rate: float, seed: int) -> tuple[Outcome, CompletedProcess[str]]:
    """All of it, on a stack in this folder: what came of it, and what the audit says."""
    dice = random.Random(seed)
    reason = why_not_here()
    if reason:
        print(f"no clock is set: {reason}", flush=True)
    names = [f"{service}.{door}.1" for service, doors in DOORS.items() for door in doors]
    clocks = None if reason else ClockShifts(folder / "clocks", names, dice)
    day = Day.within(seconds)
    with stack_on(folder / "stack", SETTINGS | day.settings | (clocks.settings if clocks else {})) as stack:
        outcome = run(stack, seconds, rate, day, clocks, dice)
        report(outcome)
        return outcome, stack.audit()


def report(outcome: Outcome) -> None:
    """What `make chaos` is about, a line each."""
    kinds = Counter(kill.kind for kill in outcome.kills)
    print(
        f"orders_sent={outcome.sent} acknowledged={outcome.acknowledged} found={outcome.found} "
        f"lost={len(outcome.lost)} doubled={len(outcome.doubled)} repeats={outcome.repeats} gave_up={outcome.gave_up}"
    )
    print(
        f"clock_steps={outcome.clock_steps} halts_and_resumes={outcome.halts} "
        f"day_orders_ended={outcome.day_orders_ended} late_fills={outcome.late_fills} overdue={outcome.overdue} "
        f"wrong_assets={len(outcome.wrong_assets)}"
    )
    print(f"kills={len(outcome.kills)} " + " ".join(f"{kind}={number}" for kind, number in sorted(kinds.items())))
    for kind, kills in itertools.groupby(sorted(outcome.kills, key=lambda kill: kill.kind), lambda kill: kill.kind):
        recoveries_s = sorted(kill.recovery_s for kill in kills)
        median_s = recoveries_s[len(recoveries_s) // 2]
        print(f"  recovery_s {kind:<9} median={median_s:.1f} longest={recoveries_s[-1]:.1f}")
    for who, kinds_of in (("service", SERVICE_KINDS), ("server", set(kinds) - SERVICE_KINDS)):
        longest_s = max((kill.recovery_s for kill in outcome.kills if kill.kind in kinds_of), default=0.0)
        print(f"longest_recovery_after_a_{who}_kill_s={longest_s:.1f}")
    for name in (*outcome.lost[:10], *outcome.doubled[:10]):
        print(f"  lost or doubled: {name}")
    for sentence in outcome.wrong_assets:
        print(f"  {sentence}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0, help="how long to kill")
    parser.add_argument("--rate", type=float, default=50.0, help="requests a second, all traders together")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="of who is killed and who trades")
    arguments = parser.parse_args()
    print(f"seed={arguments.seed} seconds={arguments.seconds:.0f} rate={arguments.rate:.0f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print("starting the stack", flush=True)
        outcome, audit = trial(Path(folder), arguments.seconds, arguments.rate, arguments.seed)
    print(audit.stdout + audit.stderr, end="")
    print(f"audit={'clean' if audit.returncode == 0 else 'FAILED'}")
    return 1 if outcome.broken_promises() or audit.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
