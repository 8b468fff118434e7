"""A cable to a server that can be pulled and put back, any number of times a second."""

from __future__ import annotations

import selectors
import socket
import threading
from contextlib import closing, suppress

_LOOK_UP_S = 0.05
_LARGEST_READ = 1 << 16
_SEND_LIMIT_S = 20.0


class Cable:
    """Passes on what arrives at `port` of the loopback interface to another one, in a thread of its own."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._entrance = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._entrance.getsockname()[1]
        self._is_pulled = threading.Event()
        self._stopping = threading.Event()
        self._other_end: dict[socket.socket, socket.socket] = {}
        self._watched = selectors.DefaultSelector()
        self._watched.register(self._entrance, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._pass_on, name="cable")
        self._thread.start()

    def pull(self) -> None:
        """Every connection breaks, and no new one comes about."""
        self._is_pulled.set()

    def put_back(self) -> None:
        self._is_pulled.clear()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._entrance.close()
        self._watched.close()

    def _pass_on(self) -> None:
        while not self._stopping.is_set():
            for key, _ in self._watched.select(_LOOK_UP_S):
                if key.fileobj is self._entrance:
                    self._connect()
                elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._other_end:
                    self._move(key.fileobj)
            if self._is_pulled.is_set():
                self._break_all()
        self._break_all()

    def _connect(self) -> None:
        near, _ = self._entrance.accept()
        try:
            far = socket.create_connection(("127.0.0.1", self._server_port))
        except OSError:
            near.close()
            return
        for end, other in ((near, far), (far, near)):
            end.settimeout(_SEND_LIMIT_S)
            self._other_end[end] = other
            self._watched.register(end, selectors.EVENT_READ)

    def _move(self, end: socket.socket) -> None:
        try:
            arrived = end.recv(_LARGEST_READ)
            self._other_end[end].sendall(arrived)
        except OSError:
            arrived = b""
        if not arrived:
            self._break(end)

    def _break_all(self) -> None:
        while self._other_end:
            self._break(next(iter(self._other_end)))

    def _break(self, end: socket.socket) -> None:
        for each in (end, self._other_end[end]):
            self._watched.unregister(each)
            del self._other_end[each]
            with closing(each), suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
