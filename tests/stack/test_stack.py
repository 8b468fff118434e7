"""The exchange as many processes: trades through the gateway, whoever dies comes back, and nothing stays behind."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from loadtest.http_client import Connection
from loadtest.stack_process import StackProcess

pytestmark = pytest.mark.timeout(240)

RECOVERY_LIMIT_S = 30.0
_numbers = itertools.count(1)


class Pair:
    """Two traders who know each other: what the one sells the other buys."""

    def __init__(self, stack: StackProcess) -> None:
        self._stack = stack
        number = next(_numbers)
        self._tokens = [stack.sign_up(f"{name}-{number}") for name in ("seller", "buyer")]

    def trade(self) -> str:
        """The state of the buyer's order, which waited for the book."""
        with closing(self._stack.connect(self._tokens[0])) as seller:
            self._place(seller, "sell")
        with closing(self._stack.connect(self._tokens[1])) as buyer:
            return str(self._place(buyer, "buy")["status"])

    def trades_within(self, limit_s: float) -> bool:
        """Whether an order is filled again, soon; those who were cut off or put off ask once more."""
        deadline_s = time.monotonic() + limit_s
        while time.monotonic() < deadline_s:
            try:
                if self.trade() == "filled":
                    return True
            except (OSError, AssertionError):
                time.sleep(0.1)
        return False

    @staticmethod
    def _place(connection: Connection, side: str) -> dict[str, object]:
        order = {
            "symbol": "MSFT",
            "side": side,
            "qty": 1,
            "type": "limit",
            "limit_price": "420",
            "time_in_force": "day",
        }
        response = connection.request("POST", "/v2/orders", order, prefer="wait=10")
        assert response.status == 200, response.body
        answer: dict[str, object] = response.json()
        return answer


@pytest.fixture(scope="module")
def pair(stack: StackProcess) -> Pair:
    return Pair(stack)


def wait_until(happened: Callable[[], bool], limit_s: float = RECOVERY_LIMIT_S) -> None:
    deadline_s = time.monotonic() + limit_s
    while not happened():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.02)


def processes_of(folder: Path) -> list[str]:
    """Every process that names the folder in its command or its environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in words and int(process.name) != os.getpid():
            found.append(words.split(b"\0\0")[0].replace(b"\0", b" ").decode(errors="replace")[:100])
    return found


def command(stack: StackProcess, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "standalone.stack", *words],
        env=stack.environment() | settings,
        text=True,
        capture_output=True,
        check=False,
        timeout=90,
    )


def test_an_order_crosses_five_services_and_comes_back_filled(pair: Pair, stack: StackProcess) -> None:
    assert pair.trade() == "filled"

    stack.wait_until_settled()
    audit = stack.audit()
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_what_others_may_know_of_it_is_true(stack: StackProcess) -> None:
    told, children = stack.told(), stack.children()

    assert (told["phase"], told["pid"]) == ("ready", stack.process.pid)
    assert {"broker", "cache", "database", "gateway", "stock_ordering.web.2", "order_matching.consumer.2"} <= set(
        children
    )
    assert all(child.ready for child in children.values())
    assert (stack.folder / "stack.json").stat().st_mode & 0o077 == 0, "it holds the broker's password"


@pytest.mark.parametrize(
    "name",
    [
        "stock_ordering.web.1",
        "order_matching.consumer.1",
        "stock_ordering.relay.1",
        "live_gateway.web.1",
        "page.web.1",
        "cache",
        "gateway",
        "database",
        "broker",
    ],
)
def test_whoever_is_killed_comes_back_and_the_next_order_is_filled(stack: StackProcess, pair: Pair, name: str) -> None:
    starts = stack.children()[name].starts

    stack.kill_child(name)

    wait_until(lambda: stack.children()[name].starts > starts)
    stack.wait_until_ready(RECOVERY_LIMIT_S)
    assert pair.trades_within(RECOVERY_LIMIT_S)


def test_the_audit_waits_for_what_stands_at_the_broker(stack: StackProcess, pair: Pair) -> None:
    stack.wait_until_ready()
    consumer = stack.children()["stock_data.consumer.1"].pid
    os.kill(consumer, signal.SIGSTOP)
    try:
        assert pair.trade() == "filled"

        audit = subprocess.run(
            [sys.executable, "-m", "standalone.audit", "--patience", "2"],
            env=stack.environment(),
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )
    finally:
        os.kill(consumer, signal.SIGCONT)

    assert audit.returncode == 2, audit.stdout + audit.stderr
    assert "stock_data" in audit.stderr
    stack.wait_until_settled()


def test_a_second_stack_on_the_same_folder_is_refused_in_a_sentence(stack: StackProcess) -> None:
    second = command(stack, PORT="0")

    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "already" in second.stderr


def test_a_port_that_is_taken_is_told_before_anything_is_started(stack: StackProcess, tmp_path: Path) -> None:
    folder = tmp_path / "other"

    second = command(stack, STACK=str(folder))

    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "PORT=" in second.stderr
    assert processes_of(folder) == []


@pytest.mark.parametrize("replicas", ["stock_ordering", "nobody=2", "stock_ordering.web=0", "order_matching.web=2"])
def test_replicas_that_make_no_sense_are_refused_in_a_sentence(stack: StackProcess, replicas: str) -> None:
    refused = command(stack, REPLICAS=replicas)

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert replicas in refused.stderr


def test_a_server_that_is_missing_is_named_with_what_brings_it(stack: StackProcess, tmp_path: Path) -> None:
    without = command(stack, STACK=str(tmp_path / "other"), PORT="0", PATH=str(tmp_path))

    assert without.returncode == 1
    assert "apt install redis-server" in without.stderr


def test_there_is_nothing_to_stop_on_a_folder_of_no_stack(stack: StackProcess, tmp_path: Path) -> None:
    down = command(stack, "down", STACK=str(tmp_path))

    assert (down.returncode, down.stdout.startswith("No stack runs")) == (0, True)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ties the lives of processes together")
def test_a_killed_stack_leaves_nothing_behind_and_comes_back_with_all_it_knew(stack: StackProcess) -> None:
    token = stack.sign_up("survivor")

    stack.process.kill()
    stack.process.wait()
    wait_until(lambda: processes_of(stack.folder) == [])
    stack.start()

    with closing(stack.connect(token)) as connection:
        assert connection.request("GET", "/v2/auth/me").json()["name"] == "survivor"


def test_told_to_stop_it_says_so_and_leaves_nothing_behind(stack: StackProcess) -> None:
    stack.wait_until_settled()
    audit = stack.audit()

    down = command(stack, "down")

    assert audit.returncode == 0, audit.stdout + audit.stderr
    assert (down.returncode, "has stopped" in down.stdout) == (0, True)
    assert stack.process.wait(10) == 0
    assert processes_of(stack.folder) == []
