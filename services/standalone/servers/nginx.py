"""The gateway: an nginx that sends each path to the service that answers it, on a socket that outlives it."""

from __future__ import annotations

import grp
import json
import os
import pwd
import socket
from collections.abc import Iterable, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from contracts.paths import PATHS, SOCKETS
from contracts.refusals import Refusal
from standalone.servers.process import ServerProcess
from standalone.servers.programs import NGINX

DOCUMENTS = "/openapi"
"""The page that leads to every service's API page."""

RETRY_AFTER_S = 1
READ_LIMIT_S = 35
"""Longer than the longest `Prefer: wait`."""

_REFUSALS = {
    Refusal.MALFORMED_REQUEST: "400",
    Refusal.BODY_TOO_LARGE: "413",
    Refusal.ADDRESS_TOO_LONG: "414",
    Refusal.HEADERS_TOO_LARGE: "431 494",  # 494 is nginx's own number for it
    Refusal.UNAVAILABLE: "500 502 503 504",
}
"""What nginx refuses by itself, and how we put it."""

_LIVE_READ_LIMIT_S = 75
"""Much longer than the pulse of a live connection."""

_SOCKETS = f"""\
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_read_timeout {_LIVE_READ_LIMIT_S}s;
            proxy_buffering off;
"""
"""Whoever sets one header inherits none."""

_CONFIGURATION = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
worker_processes 1;
{user}
events {{ worker_connections 8192; }}
http {{
    access_log off;
    server_tokens off;
    absolute_redirect off;
    default_type application/json;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/unused;
    uwsgi_temp_path {folder}/unused;
    scgi_temp_path {folder}/unused;

    keepalive_timeout 75s;
    keepalive_requests 100000;
    client_header_timeout 15s;
    client_body_timeout 15s;
    send_timeout 30s;
    reset_timedout_connection on;
    client_max_body_size 2560k;
    client_body_buffer_size 2560k;  # in memory, as large as the body is: nothing is written to a disk
    large_client_header_buffers 4 16k;

    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_connect_timeout 2s;
    proxy_send_timeout 15s;
    proxy_read_timeout {read_limit_s}s;
    proxy_buffer_size 8k;
    proxy_buffers 16 8k;
    proxy_max_temp_file_size 0;
    proxy_next_upstream error;  # once more on a fresh connection; a POST or PATCH only if nothing was sent

{upstreams}
    server {{
        listen {address};
{refusals}
        location = {documents_at} {{ default_type text/html; return 200 '{documents}'; }}
        location = /livez {{ return 200 '{{"live":true}}'; }}
        location = /readyz {{ return 404 '{not_found}'; }}
        location = /metrics {{ return 404 '{not_found}'; }}
        location /v2 {{ return 404 '{not_found}'; }}
        location / {{ proxy_pass http://page; }}
{locations}
    }}
}}
"""


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
    host, port = listener.getsockname()[:2]
    text = _CONFIGURATION.format(
        folder=folder,
        user=_user(),
        read_limit_s=READ_LIMIT_S,
        address=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        upstreams="\n".join(_upstream(service, upstream) for service, upstream in upstreams.items()),
        refusals="\n".join(_refusal(refusal, statuses) for refusal, statuses in _REFUSALS.items()),
        documents=_documents(upstreams),
        documents_at=DOCUMENTS,
        not_found=body_of(Refusal.NOT_FOUND),
        locations="\n".join(_location(prefix, service) for service in upstreams for prefix in PATHS.get(service, ())),
    )
    (folder / "nginx.conf").write_text(text)


def body_of(refusal: Refusal) -> str:
    """A refusal's JSON body, as the services write it."""
    answer = refusal.value
    return json.dumps({"code": answer.number, "name": refusal.name.lower(), "message": answer.sentence})


def _user() -> str:
    """As whom root's nginx works; it reads and writes no file after its start."""
    if os.geteuid() != 0:
        return ""
    nobody = pwd.getpwnam("nobody")
    return f"user nobody {grp.getgrgid(nobody.pw_gid).gr_name};"


def _upstream(service: str, upstream: socket.socket) -> str:
    port = upstream.getsockname()[1]
    return (
        f"    upstream {service} {{\n"
        f"        server 127.0.0.1:{port} max_fails=0;\n"
        "        keepalive 64;\n"
        "        keepalive_requests 100000;\n"
        "        keepalive_timeout 60s;\n"  # the services keep them for longer, so it is not they who close
        "    }"
    )


def _location(prefix: str, service: str) -> str:
    sockets = f"\n{_SOCKETS}       " if prefix in SOCKETS else ""
    return f"        location {prefix} {{ proxy_pass http://{service};{sockets} }}"


def _refusal(refusal: Refusal, statuses: str) -> str:
    status, name = refusal.value.status, refusal.name.lower()
    retry = f"add_header Retry-After {RETRY_AFTER_S} always; " if status == 503 else ""
    return (
        f"        error_page {statuses} ={status} /.{name};\n"
        f"        location = /.{name} {{ internal; {retry}return {status} '{body_of(refusal)}'; }}"
    )


def _documents(services: Iterable[str]) -> str:
    documented = (service for service in services if f"{DOCUMENTS}/{service}" in PATHS.get(service, ()))
    links = "".join(f'<li><a href="{DOCUMENTS}/{service}/swagger">{service}</a></li>' for service in documented)
    return f"<!doctype html><title>Stock exchange</title><h1>The API, service by service</h1><ul>{links}</ul>"


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # recognised, not bound
