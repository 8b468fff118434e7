"""The watchdog of the embedded PostgreSQL, on a server that dies as often as a story wants."""

from __future__ import annotations

import threading
import time

import pytest

from standalone.embedded_postgres import PostgresGone, PostgresRefused, Watchdog

LIMIT_S = 20.0


class MortalServer:
    """Running or not; `refuses` is what each next start raises."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self.is_running = True
        self.refuses = refuses
        self.starts: list[float] = []

    def start_again(self) -> None:
        self.starts.append(time.monotonic())
        if self.refuses is not None:
            raise self.refuses
        self.is_running = True

    def why_it_ended(self) -> str:
        return "It was killed."


def wait_for(happened: threading.Event) -> None:
    assert happened.wait(LIMIT_S)


def test_a_server_that_dies_is_started_again_each_time() -> None:
    server, gave_up = MortalServer(), threading.Event()
    watchdog = Watchdog(server, gave_up.set)
    watchdog.start()

    for deaths in (1, 2, 3):
        server.is_running = False
        deadline_s = time.monotonic() + LIMIT_S
        while not server.is_running:
            assert time.monotonic() < deadline_s
            time.sleep(0.01)
        assert len(server.starts) == deaths

    watchdog.stop()
    assert not gave_up.is_set()


@pytest.mark.parametrize("refusal", [None, PostgresRefused("The disk is full.")])
def test_one_that_does_not_stay_is_given_up_in_words_after_a_bounded_number_of_starts(
    refusal: Exception | None,
) -> None:
    class Dying(MortalServer):
        def start_again(self) -> None:
            super().start_again()
            self.is_running = False

    server, gave_up = Dying(refusal), threading.Event()
    watchdog = Watchdog(server, gave_up.set, limit_s=1.0)
    server.is_running = False

    watchdog.start()

    wait_for(gave_up)
    assert watchdog.reason == ("The disk is full." if refusal else "It was killed.")
    assert watchdog.has_given_up
    assert 2 <= len(server.starts) <= 5
    pauses_s = [later - earlier for earlier, later in zip(server.starts, server.starts[1:], strict=False)]
    assert min(pauses_s) >= 0.1


def test_a_trouble_that_is_over_does_not_count_for_the_next_one() -> None:
    server, gave_up = MortalServer(), threading.Event()
    watchdog = Watchdog(server, gave_up.set, limit_s=1.5, steady_s=0.5)
    watchdog.start()

    for deaths in (1, 2, 3):
        server.is_running = False
        deadline_s = time.monotonic() + LIMIT_S
        while len(server.starts) < deaths:
            assert time.monotonic() < deadline_s
            time.sleep(0.01)
        time.sleep(1.0)  # longer than it takes to be steady; all three take longer than one trouble may

    watchdog.stop()
    assert (gave_up.is_set(), len(server.starts)) == (False, 3)


def test_one_that_can_never_come_back_is_given_up_at_once() -> None:
    server, gave_up = MortalServer(PostgresGone("Its data is gone.")), threading.Event()
    watchdog = Watchdog(server, gave_up.set)
    server.is_running = False

    watchdog.start()

    wait_for(gave_up)
    assert (watchdog.reason, len(server.starts)) == ("Its data is gone.", 1)


def test_told_to_stop_it_starts_nothing_and_gives_nothing_up() -> None:
    server, gave_up = MortalServer(), threading.Event()
    watchdog = Watchdog(server, gave_up.set)
    watchdog.start()

    watchdog.stop()
    server.is_running = False

    time.sleep(0.5)
    assert (server.starts, gave_up.is_set()) == ([], False)
