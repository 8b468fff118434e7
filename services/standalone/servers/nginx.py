"""The gateway of a stack: an nginx that sends each path to its service, on a socket that outlives it."""

from __future__ import annotations

import grp
import os
import pwd
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from standalone.servers.gateway import configuration, upstream
from standalone.servers.process import ServerProcess
from standalone.servers.programs import NGINX

_PAGE = "        location / { proxy_pass http://page; }"


class Nginx(ServerProcess):
    """Serves `listener`, a listening socket that whoever starts it keeps: so no restart turns a client away."""

    output_is_ours = True

    def __init__(self, folder: Path, listener: socket.socket, *, is_tied: bool = False) -> None:
        super().__init__(folder, is_tied=is_tied)
        self._listener = listener
        listener.setblocking(False)  # for nginx, which takes an inherited socket as it is

    def command(self) -> list[str]:
        return [
            NGINX.path(),
            "-e",
            str(self.folder / "output"),
            "-p",
            str(self.folder),
            "-c",
            str(self.folder / "nginx.conf"),
        ]

    def environment(self) -> dict[str, str]:
        # how nginx hands its sockets to its successor: it finds by address the one it is to listen on
        return {**super().environment(), "NGINX": f"{self._listener.fileno()};"}

    def passed(self) -> tuple[int, ...]:
        return (self._listener.fileno(),)

    def answers(self) -> bool:
        host, port = self._listener.getsockname()[:2]
        connection = HTTPConnection(_reachable(host), port, timeout=1.0)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def configure(folder: Path, listener: socket.socket, upstreams: Mapping[str, socket.socket]) -> None:
    """Write nginx's configuration: `upstreams` are the listening sockets of the services, and of the page."""
    servers = {service: f"127.0.0.1:{listening.getsockname()[1]}" for service, listening in upstreams.items()}
    text = configuration(
        folder=str(folder),
        address=address_of(listener),
        upstreams="\n".join(upstream(service, server) for service, server in servers.items()),
        page=_PAGE,
        life=_user(),
    )
    (folder / "nginx.conf").write_text(text)


def address_of(listener: socket.socket) -> str:
    """The listening socket's address as nginx writes it."""
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _user() -> str:
    """As whom root's nginx works; it reads and writes no file after its start."""
    if os.geteuid() != 0:
        return ""
    nobody = pwd.getpwnam("nobody")
    return f"user nobody {grp.getgrgid(nobody.pw_gid).gr_name};"


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # recognised, not bound
