"""Many sockets that begin something and do not end it: what attacks on connections are made of."""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from loadtest.public_address import PublicAddress

_ROUND_S = 0.1
_CONNECT_LIMIT_S = 2.0
_opening_files = threading.Lock()


@dataclass(frozen=True)
class Crowd:
    """Sockets that each say `opening`, then `drip` again and again, and never close; one that is closed comes again.

    `reads` is whether they take what they are answered; `sources` are the addresses they come from in turn.
    """

    opening: bytes = b""
    drip: bytes = b""
    drip_every_s: float = 1.0
    reads: bool = True
    comes_again: bool = True
    sources: tuple[str, ...] = ("127.0.0.1",)
    receive_buffer: int = 0

    def __call__(self, exchange: PublicAddress, seconds: float, count: int) -> int:
        """Attack; how often one of them had to come again."""
        allow_files(count + 512)
        sources = self._sources()
        sockets = [self._open(exchange, next(sources)) for _ in range(count)]
        came_again, ends_s, drips_s = 0, time.monotonic() + seconds, time.monotonic()
        while time.monotonic() < ends_s:
            drips = bool(self.drip) and time.monotonic() >= drips_s
            drips_s += self.drip_every_s if drips else 0.0
            for number, one in enumerate(sockets):
                if time.monotonic() > ends_s:
                    break
                if self.comes_again and (one is None or not self._lives(one, drips=drips)):
                    came_again += 1
                    if one is not None:
                        one.close()
                    sockets[number] = self._open(exchange, next(sources))
            time.sleep(_ROUND_S)
        for one in sockets:
            if one is not None:
                one.close()
        return came_again

    def _sources(self) -> Iterator[str]:
        while True:
            yield from self.sources

    def _open(self, exchange: PublicAddress, source: str) -> socket.socket | None:
        one = socket.socket()
        try:
            if self.receive_buffer:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
            one.settimeout(_CONNECT_LIMIT_S)
            one.bind((source, 0))
            one.connect((exchange.host, exchange.port))
            one.sendall(self.opening)
        except OSError:  # no room for it at the moment
            one.close()
            return None
        return one

    def _lives(self, one: socket.socket, *, drips: bool) -> bool:
        try:
            if drips:
                one.send(self.drip, socket.MSG_DONTWAIT)
            flags = socket.MSG_DONTWAIT | (0 if self.reads else socket.MSG_PEEK)
            return bool(one.recv(65_536, flags))
        except BlockingIOError:
            return True
        except OSError:
            return False


def connects(exchange: PublicAddress, seconds: float, count: int) -> int:
    """Connections that are made and closed at once, `count` a second."""
    ends_s, made = time.monotonic() + seconds, 0
    while time.monotonic() < ends_s:
        until_s = time.monotonic() + 1.0
        for _ in range(count):
            with suppress(OSError):
                socket.create_connection((exchange.host, exchange.port), _CONNECT_LIMIT_S).close()
                made += 1
            if time.monotonic() > until_s:
                break
        time.sleep(max(until_s - time.monotonic(), 0.0))
    return made


def together(**attacks: tuple[Callable[[PublicAddress, float, int], object], int]) -> Callable[..., dict[str, object]]:
    """One attack of several at the same time, each with its own count unless told another."""

    def attack(exchange: PublicAddress, seconds: float, count: int) -> dict[str, object]:
        with ThreadPoolExecutor(len(attacks)) as pool:
            running = {
                name: pool.submit(partial(one, exchange, seconds, count or usual))
                for name, (one, usual) in attacks.items()
            }
        return {name: it.result() for name, it in running.items()}

    attack.__name__ = " + ".join(attacks)
    return attack


def allow_files(count: int) -> None:
    """So many more sockets than a process may usually have."""
    with _opening_files:
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = min(soft + count, hard) if hard != resource.RLIM_INFINITY else soft + count
        if soft < 16_384:
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(wanted, soft), 16_384), hard))
