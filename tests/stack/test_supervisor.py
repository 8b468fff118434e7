"""The supervisor with children of three lines: who falls is picked up, who cannot stand is named, nobody is left."""

from __future__ import annotations

import io
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from standalone.stack.log import Log
from standalone.stack.places import settle_places
from standalone.stack.plan import Plan, Spec
from standalone.stack.settings import Settings, read_replicas
from standalone.stack.state import State
from standalone.stack.supervisor import ChildRefused, Supervisor
from standalone.stack_file import read_stack, stack_file, take

READY = "import os; os.write(int(os.environ['READY_FD']), b'ready\\n'); "
STAYS = "import time; print('here I am', flush=True); " + READY + "time.sleep(600)"


class Nursery:
    """A supervisor, what it has said, and what it tells others."""

    def __init__(self, folder: Path, listener: socket.socket) -> None:
        self.words = io.StringIO()
        self.state = State(Plan(folder, Settings(), settle_places(folder), listener, {}))
        self.supervisor = Supervisor(Log(self.words), self.state)
        self.folder = folder

    def spec(self, program: str, kind: str = "web") -> Spec:
        return Spec("child", kind, (sys.executable, "-c", dedent(program)), dict(os.environ))

    def bring(self, spec: Spec) -> None:
        self.supervisor.start([spec])
        self.supervisor.wait_until_ready()

    def pid(self) -> int:
        told = read_stack(self.folder)
        return int(told["children"]["child"]["pid"]) if told else 0

    def turn_until_another_is_ready(self, pid: int) -> None:
        deadline_s = time.monotonic() + 20.0
        while self.pid() in (0, pid):
            assert time.monotonic() < deadline_s, self.words.getvalue()
            self.supervisor.turn(0.1)
        self.supervisor.wait_until_ready()


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
    before = {number: signal.getsignal(number) for number in numbers}
    lock = take(tmp_path)
    assert lock is not None
    with lock, socket.create_server(("127.0.0.1", 0)) as listener:
        nursery = Nursery(tmp_path, listener)
        yield nursery
        nursery.supervisor.stop()
        nursery.supervisor.close()
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_child_that_dies_is_started_again_and_the_log_says_how_it_died(nursery: Nursery) -> None:
    nursery.bring(nursery.spec(STAYS))
    first = nursery.pid()

    os.kill(first, signal.SIGKILL)
    nursery.turn_until_another_is_ready(first)

    assert "child was ended by SIGKILL" in nursery.words.getvalue()
    assert nursery.words.getvalue().count("child                    | here I am") >= 1


def test_a_child_that_cannot_stand_is_named_with_its_last_words_before_it(nursery: Nursery) -> None:
    with pytest.raises(ChildRefused, match="child did not come up"):
        nursery.bring(nursery.spec("raise SystemExit('no such database')"))

    assert "| no such database" in nursery.words.getvalue()


def test_a_migration_that_fails_ends_the_start(nursery: Nursery) -> None:
    with pytest.raises(ChildRefused, match="child ended with status 3"):
        nursery.supervisor.do([nursery.spec("raise SystemExit(3)", "migrate")])


def test_words_without_an_end_of_line_are_not_lost(nursery: Nursery) -> None:
    nursery.supervisor.do([nursery.spec("print('half a line', end='')", "migrate")])

    assert "| half a line\n" in nursery.words.getvalue()


def test_a_stopped_stack_has_no_children(nursery: Nursery) -> None:
    nursery.bring(nursery.spec(STAYS))
    pid = nursery.pid()

    nursery.supervisor.stop()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_nobody_else_may_read_what_the_stack_tells(nursery: Nursery) -> None:
    nursery.bring(nursery.spec(STAYS))

    assert stack_file(nursery.folder).stat().st_mode & 0o077 == 0


def test_ports_and_passwords_are_the_same_at_the_next_start_unless_somebody_took_one(tmp_path: Path) -> None:
    first = settle_places(tmp_path)
    assert settle_places(tmp_path) == first

    with socket.create_server(("127.0.0.1", first.cache_port)):
        moved = settle_places(tmp_path)

    assert moved.cache_port != first.cache_port
    assert (moved.broker_port, moved.broker_password) == (first.broker_port, first.broker_password)


def test_replicas_are_of_a_service_or_of_one_door() -> None:
    counts = read_replicas("user_portfolio=2, order_matching.consumer=3,stock_data.relay=2")

    assert {key: count for key, count in counts.items() if count > 1} == {
        ("user_portfolio", "web"): 2,
        ("user_portfolio", "consumer"): 2,
        ("order_matching", "consumer"): 3,
        ("stock_data", "relay"): 2,
    }
