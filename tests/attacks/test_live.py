"""Whoever opens live connections keeps nobody off the live interface, nor off anything else."""

from __future__ import annotations

import itertools
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any

import websocket

from loadtest.exchange_process import ExchangeProcess
from loadtest.public_address import PublicAddress
from loadtest.stack_process import StackProcess
from tests.attacks.trial import Attack, Trial, trial

_numbers = itertools.count(1)
_PATIENCE_S = 30.0
_AT_ONCE = 50
_FILL_LIMIT_S = 5.0
_PACE_S = 0.5


def upgrade(public: PublicAddress) -> websocket.WebSocket:
    address = f"ws://{public.host}:{public.port}/socket.io/?EIO=4&transport=websocket"
    return websocket.create_connection(address, timeout=_PATIENCE_S)


def seconds_to_be_told(public: PublicAddress, token: str) -> float:
    """From the first byte until an order placed once connected is told; infinite if that does not come about."""
    started_s = time.monotonic()
    try:
        with closing(upgrade(public)) as socket, closing(public.connect(token)) as rest:
            _until(socket, "0", lambda _: True)
            socket.send("40" + json.dumps({"token": token}))
            _until(socket, "40", lambda _: True)
            order = {"symbol": "AAPL", "side": "buy", "qty": "1", "type": "limit", "time_in_force": "day"}
            placed = rest.request("POST", "/v2/orders", {**order, "limit_price": "1.00"}).json()
            _until(socket, "42", lambda packet: placed["id"] in packet)
    except (OSError, websocket.WebSocketException, KeyError):
        return float("inf")
    return time.monotonic() - started_s


def _until(socket: websocket.WebSocket, kind: str, is_it: Any) -> None:
    deadline_s = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline_s:
        packet = str(socket.recv())
        if packet == "2":
            socket.send("3")
        elif packet.startswith("42"):
            socket.send(f"43{packet[2:].partition('[')[0]}[]")
        elif packet.startswith("44"):
            raise ConnectionError(packet)
        if packet.startswith(kind) and is_it(packet):
            return
    raise ConnectionError("it was never told")


@contextmanager
def another_person(public: PublicAddress) -> Iterator[list[float]]:
    """Somebody who connects again and again; how long each time took until it was told of its order."""
    token, took_s, stopping = public.sign_up(f"onlooker{next(_numbers)}{time.time_ns()}"), [], threading.Event()

    def look() -> None:
        while not stopping.is_set():
            took_s.append(seconds_to_be_told(public, token))
            stopping.wait(_PACE_S)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield took_s
    finally:
        stopping.set()
        thread.join()


def silent_upgrades(public: PublicAddress, seconds: float, count: int) -> list[float]:
    """`count` WebSockets on which nothing is said, each opened again as soon as it is closed."""
    with ExitStack() as crowd:
        keep = _Crowd(public, count, lambda socket: None)
        crowd.callback(keep.close)
        keep.fill()
        with another_person(public) as took_s:
            keep.stay(seconds)
        return took_s


def crowded_accounts(public: PublicAddress, count: int) -> Attack:
    """`count` accounts sign up now; the attack is 20 connections of each, opened again when one is closed."""
    count = int(os.environ.get("ATTACK_COUNT", count))
    turn = itertools.cycle([public.sign_up(f"crowd{next(_numbers)}{time.time_ns()}") for _ in range(count)])

    def say_who(socket: websocket.WebSocket) -> None:
        socket.send("40" + json.dumps({"token": next(turn)}))

    def attack(_: PublicAddress, seconds: float, accounts: int) -> list[float]:
        with ExitStack() as crowd:
            keep = _Crowd(public, accounts * 20, say_who)
            crowd.callback(keep.close)
            keep.fill()
            with another_person(public) as took_s:
                keep.stay(seconds)
            return took_s

    return attack


class _Crowd:
    """Connections that come back when they are closed, a few at a time."""

    def __init__(self, public: PublicAddress, count: int, opened: Any) -> None:
        self._public, self._count, self._opened = public, count, opened
        self._sockets: list[websocket.WebSocket] = []

    def fill(self) -> None:
        """Open them all, or as many as can be in some seconds."""
        until_s = time.monotonic() + _FILL_LIMIT_S
        while len(self._sockets) < self._count and time.monotonic() < until_s:
            self._open()

    def stay(self, seconds: float) -> None:
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s:
            self._sockets = [socket for socket in self._sockets if _is_open(socket)]
            for _ in range(min(self._count - len(self._sockets), _AT_ONCE)):
                self._open()
            time.sleep(0.1)

    def _open(self) -> None:
        with suppress(OSError, websocket.WebSocketException):
            socket = upgrade(self._public)
            self._sockets.append(socket)
            self._opened(socket)

    def close(self) -> None:
        for socket in self._sockets:
            socket.shutdown()


def _is_open(socket: websocket.WebSocket) -> bool:
    """Read what there is, and throw it away; closed ones are given up."""
    socket.settimeout(0.0005)
    try:
        while True:
            opcode, _ = socket.recv_data(control_frame=True)
            if opcode == 8:
                socket.shutdown()
                return False
    except websocket.WebSocketTimeoutException:
        return True
    except (OSError, websocket.WebSocketException):
        socket.shutdown()
        return False


def judge(seen: Trial) -> None:
    took_s = sorted(seen.attack)
    print(f"another person was told within: {[round(each, 3) for each in took_s]} s")  # to be looked at
    assert len(took_s) > 2
    assert took_s[len(took_s) // 2] < 10.0  # far from the half minutes of those who were kept out
    assert sum(each == float("inf") for each in took_s) == 0
    seen.assert_nobody_was_harmed(slowest_p99_s=3.0)  # a login takes a second of a processor that others use, too


def test_silent_upgrades_keep_nobody_off_one_process(exchange: ExchangeProcess) -> None:
    judge(trial(exchange, silent_upgrades, seconds=4, count=90))


def test_accounts_with_many_connections_keep_nobody_off_one_process(exchange: ExchangeProcess) -> None:
    judge(trial(exchange, crowded_accounts(exchange, 20), seconds=4, count=20, name="crowded_accounts"))


def test_silent_upgrades_keep_nobody_off_the_stack(stack: StackProcess) -> None:
    judge(trial(stack, silent_upgrades, seconds=4, count=300))


def test_accounts_with_many_connections_keep_nobody_off_the_stack(stack: StackProcess) -> None:
    judge(trial(stack, crowded_accounts(stack, 20), seconds=4, count=20, name="crowded_accounts"))
