"""What clients do or leave undone holds neither a thread nor the main loop of the server."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.chassis.a_server import THREADS
from tests.chassis.serving import AServer, all_of, closes, serving

LIVEZ = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[AServer]:
    with serving() as running:
        yield running


def is_live(one: socket.socket) -> bool:
    """Whether it is answered as LIVEZ is."""
    told = b""
    while not told.endswith(b"\r\n\r\nlive") and (more := one.recv(65_536)):
        told += more
    return told.startswith(b"HTTP/1.1 200")


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


ENDED = {
    200: closes("/livez"),
    400: b"NONSENSE\r\n\r\n",
    404: closes("/nowhere"),
    413: POST + b"Content-Length: 9000000\r\n\r\n" + b"x" * 10_000,
    414: b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n",
    431: b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n",
    503: closes("/status/503"),
}


@pytest.mark.parametrize("status", ENDED)
def test_fifty_answered_connections_that_are_left_open_keep_nobody_waiting(server: AServer, status: int) -> None:
    left = [server.connect(ENDED[status]) for _ in range(50)]

    server.assert_answers()

    assert status_of(left[0].recv(65_536)) == status


def test_more_half_requests_than_threads_keep_nobody_waiting(server: AServer) -> None:
    for opening in (b"", b"G", b"GET / HTTP/1.1\r\n", POST + b"Content-Length: 5\r\n\r\nab"):
        for _ in range(THREADS + 5):
            server.connect(opening)
    busy = server.connect(LIVEZ)
    assert is_live(busy)
    for _ in range(THREADS + 5):  # as the next request of a connection that was answered before
        server.connect(LIVEZ + b"GET /half")

    server.assert_answers()


def test_more_clients_that_do_not_read_than_threads_keep_nobody_waiting(server: AServer) -> None:
    one = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
    for _ in range(THREADS + 5):
        server.connect(one * 3, buffer=4_096)
    late = server.connect(one * 3 + closes("/livez"))

    server.assert_answers()

    told = all_of(late)
    assert told.count(b"x" * 3_000_000) == 3, "each answer whole, in order, once it is read"
    assert told.endswith(b"live")


def test_a_large_body_that_nobody_asked_for_does_not_end_its_connection(server: AServer) -> None:
    unwanted = b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + b"x" * 200_000
    one = server.connect(unwanted)
    assert is_live(one)

    time.sleep(0.2)  # a server that lets go of it without a word does so right after its answer

    one.sendall(LIVEZ)
    assert is_live(one)


def test_requests_sent_at_once_are_answered_in_their_order(server: AServer) -> None:
    one = server.connect(
        POST + b"Content-Length: 5\r\n\r\nfirst" + POST + b"Transfer-Encoding: chunked\r\n\r\n6\r\nsecond\r\n0\r\n\r\n"
    )
    one.sendall(POST + b"Connection: close\r\nContent-Length: 5\r\n\r\nthird")

    told = all_of(one)

    assert told.index(b"first") < told.index(b"second") < told.index(b"third")


@pytest.mark.parametrize("large", [False, True])
def test_who_expects_to_be_told_to_go_on_is_told_once_unless_it_is_too_much(server: AServer, large: bool) -> None:
    length = 9_000_000 if large else 4
    one = server.connect(POST + b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % length)

    first = one.recv(65_536)
    assert status_of(first) == (413 if large else 100)
    if not large:
        one.sendall(b"body")
        told = all_of(one)
        assert status_of(told) == 200
        assert told.endswith(b"body")


@pytest.mark.parametrize(
    "short", [b"Content-Length: 9\r\n\r\nbody", b"Transfer-Encoding: chunked\r\n\r\n9\r\nbody\r\n", b"Content-Le"]
)
def test_a_request_that_ends_too_early_is_refused_and_not_done(short: bytes) -> None:
    with serving() as server:
        one = server.connect(POST + short)
        one.shutdown(socket.SHUT_WR)

        assert status_of(all_of(one)) == 400
        assert server.stop() == []


def test_whoever_takes_too_long_is_told_and_let_go_of_however_the_bytes_come() -> None:
    with serving(HEAD_LIMIT_S="1", BODY_LIMIT_S="1", SEND_LIMIT_S="1") as server:
        half = [server.connect(opening) for opening in (b"GET / HT", POST + b"Content-Length: 5\r\n\r\nab")]
        second = server.connect(LIVEZ)
        assert is_live(second)
        second.sendall(b"GET / HT")
        silent = server.connect()
        slow = server.connect(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n" * 4, buffer=4_096)
        dribbles = server.connect(POST)
        with suppress(OSError):
            for _ in range(100):
                dribbles.sendall(b"x")
                time.sleep(0.1)

        assert [status_of(all_of(one)) for one in (*half, second, dribbles)] == [408, 408, 408, 408]
        assert all_of(silent) == b""
        assert len(all_of(slow)) < 12_000_000
        assert not [line for line in server.stop() if "echo" in line]


def test_when_there_is_no_room_the_oldest_idle_ones_go_and_the_others_stay() -> None:
    with serving(MOST_CONNECTIONS="64") as server:
        kept = server.connect(LIVEZ)
        assert is_live(kept)
        oldest = server.connect()
        server.assert_answers()
        crowd = [server.connect(source=f"127.0.3.{number % 50 + 1}") for number in range(300)]

        server.assert_answers()

        assert all_of(oldest) == b""
        kept.sendall(LIVEZ)
        assert is_live(kept), "who was answered before is not idle as they are"
        crowd[-1].sendall(closes("/livez"))
        assert status_of(all_of(crowd[-1])) == 200


def test_a_crowd_that_asks_once_and_idles_keeps_out_neither_newcomers_nor_who_is_at_work() -> None:
    with serving(MOST_CONNECTIONS="64") as server:
        busy = server.connect()
        for _ in range(6):
            busy.sendall(LIVEZ)
            assert is_live(busy)
        for number in range(200):
            assert is_live(server.connect(LIVEZ, source=f"127.0.3.{number % 50 + 1}"))
            if number % 20 == 0:
                newcomer = server.connect()
        newcomer.sendall(LIVEZ)
        busy.sendall(LIVEZ)

        assert is_live(newcomer)
        assert is_live(busy)


def test_an_address_with_too_many_connections_makes_room_of_its_own() -> None:
    with serving(CONNECTIONS_PER_ADDRESS="10") as server:
        other = server.connect(source="127.0.3.1")
        mine = [server.connect() for _ in range(11)]

        assert all_of(mine[0]) == b""
        for one in (other, *mine[1:]):
            one.sendall(closes("/livez"))
            assert status_of(all_of(one)) == 200
