"""Of requests that are complete only so many are at work, and the clients take turns."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

from tests.chassis.a_server import THREADS
from tests.chassis.serving import AServer, all_of, closes, serving

SOON_S = 1.5
"""Half of what it takes who has to wait for one of the slow ones."""


def seconds_to_answer(one: socket.socket) -> float:
    started_s = time.monotonic()
    assert all_of(one).startswith(b"HTTP/1.1 200")
    return time.monotonic() - started_s


def told_by_now(one: socket.socket) -> bytes:
    one.setblocking(False)
    with suppress(OSError):
        return one.recv(100)
    return b""


def slow_ones(server: AServer, path: str, count: int, **headers: str) -> list[socket.socket]:
    """So many requests that take SLOW_S each and have begun."""
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    asked = closes(path).replace(b"\r\n\r\n", f"\r\n{head}\r\n".encode())
    started = [server.connect(asked) for _ in range(count)]
    time.sleep(0.3)
    return started


def test_a_crowd_of_one_client_stands_in_a_line_of_its_own() -> None:
    with serving(CONCURRENCY="2", SLOW_S="3") as server:
        crowd = slow_ones(server, "/slow", 2)

        assert seconds_to_answer(server.connect(closes("/status/200"), source="127.0.0.2")) < SOON_S
        assert seconds_to_answer(crowd[-1]) > 3.0, "they were not one after the other"


def test_without_a_limit_all_are_at_work_that_there_are_threads_for() -> None:
    with serving(CONCURRENCY="0", SLOW_S="3") as server:
        [first, *_, last] = slow_ones(server, "/slow", THREADS)

        assert seconds_to_answer(first) < 3 + SOON_S
        assert seconds_to_answer(last) < SOON_S


def test_behind_a_proxy_a_client_is_whom_the_proxy_names() -> None:
    other = closes("/status/200").replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n\r\n")
    with serving(CONCURRENCY="2", PROXIES="1", SLOW_S="3") as server:
        slow_ones(server, "/slow", 2, X_Forwarded_For="10.0.0.2, 10.0.0.1")

        assert seconds_to_answer(server.connect(other)) < SOON_S


def test_who_only_waits_holds_nobody_up() -> None:
    with serving(CONCURRENCY="1", SLOW_S="3") as server:
        slow_ones(server, "/aside", 2)

        assert seconds_to_answer(server.connect(closes("/status/200"))) < SOON_S


def test_health_is_answered_while_all_places_are_taken() -> None:
    with serving(CONCURRENCY="1", SLOW_S="4") as server:
        slow_ones(server, "/slow", 2)

        assert seconds_to_answer(server.connect(closes("/livez"))) < SOON_S
        assert seconds_to_answer(server.connect(closes("/livez?really=yes"))) < SOON_S


def test_who_follows_a_health_check_on_its_connection_has_no_place_of_theirs() -> None:
    begun = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" + closes("/slow")
    with serving(CONCURRENCY="1", SLOW_S="2") as server:
        first, second = server.connect(begun), server.connect(begun)
        time.sleep(0.3)

        assert seconds_to_answer(first) + seconds_to_answer(second) > 3.0, "they were at work at the same time"


def test_a_client_that_never_stops_asking_lets_others_pass() -> None:
    with serving(CONCURRENCY="1") as server:
        server.connect(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" * 10)
        time.sleep(0.3)

        assert seconds_to_answer(server.connect(closes("/status/200"), source="127.0.0.2")) < 5.0


def test_when_there_is_no_room_the_crowd_that_waits_makes_it() -> None:
    with serving(CONCURRENCY="1", MOST_CONNECTIONS="64") as server:
        crowd = slow_ones(server, "/slow", 90)

        assert seconds_to_answer(server.connect(closes("/status/200"), source="127.0.0.2")) < 10.0
        assert any(b" 503 " in told_by_now(one) for one in crowd), "nobody made room"
