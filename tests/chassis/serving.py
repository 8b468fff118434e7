"""A server of `a_server.py` in a process of its own, and how to talk to it in bytes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from loadtest.http_client import Connection

ROOT = Path(__file__).parents[2]
SOON_S = 5.0
"""Generous, for a busy machine; what was deaf was so for 40 s and more."""


class AServer:
    def __init__(self, **changes: str) -> None:
        settings = {
            "HEAD_LIMIT_S": "60",
            "BODY_LIMIT_S": "60",
            "SEND_LIMIT_S": "60",
            "MOST_CONNECTIONS": "1000",
            "CONNECTIONS_PER_ADDRESS": "0",
            "CONCURRENCY": "32",
            "PROXIES": "0",
            "SLOW_S": "1",
            **changes,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chassis.a_server"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'services'}{os.pathsep}{ROOT}", **settings},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = 0
        self._told: list[str] = []
        self._sockets = ExitStack()

    def wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())

    def connect(self, sent: bytes = b"", source: str = "127.0.0.1", buffer: int = 0) -> socket.socket:
        one = self._sockets.enter_context(closing(socket.socket()))
        if buffer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        one.settimeout(30)
        one.bind((source, 0))
        one.connect(("127.0.0.1", self.port))
        with suppress(ConnectionError):  # refused before all of it was sent
            one.sendall(sent)
        return one

    def assert_answers(self) -> None:
        started_s = time.monotonic()
        with closing(Connection("127.0.0.1", self.port, timeout_s=60.0)) as connection:
            assert connection.request("GET", "/livez").body == b"live"
        assert time.monotonic() - started_s < SOON_S

    def stop(self) -> list[str]:
        """End it; what reached the app."""
        self._sockets.close()
        self._process.terminate()
        if self._process.stdout is not None and not self._process.stdout.closed:
            self._told = self._process.communicate(timeout=30)[0].splitlines()
        return self._told


@contextmanager
def serving(**changes: str) -> Iterator[AServer]:
    server = AServer(**changes)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


def all_of(one: socket.socket) -> bytes:
    """What comes until the server closes."""
    told = b""
    with suppress(ConnectionResetError):
        while more := one.recv(65_536):
            told += more
    return told


def closes(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
