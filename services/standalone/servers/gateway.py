"""What an nginx is told that is the gateway, of a stack or in an image: which path goes where, and how it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterable

from contracts.paths import LARGE_BODIES, LARGEST_SMALL_BODY_BYTES, PATHS, SOCKETS
from contracts.refusals import Refusal

DOCUMENTS = "/openapi"
"""The page that leads to every service's API page."""

RETRY_AFTER_S = 1
READ_LIMIT_S = 35
"""Longer than the longest `Prefer: wait`."""

_REFUSALS = {
    Refusal.MALFORMED_REQUEST: "400 501 505",  # a coding or a version of HTTP that it does not know
    Refusal.NOT_FOUND: "404",
    Refusal.METHOD_NOT_ALLOWED: "405",
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
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
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
worker_rlimit_nofile 16384;
{life}
events {{ worker_connections 16384; }}
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
    client_header_timeout 10s;
    client_body_timeout 15s;
    send_timeout 30s;
    reset_timedout_connection on;
    client_max_body_size {small_body};
    client_body_buffer_size 2560k;  # in memory, as large as the body is: nothing is written to a disk
    large_client_header_buffers 4 16k;

    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
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
        location = /readyz {{ return 404; }}
        location = /metrics {{ return 404; }}
        location /v2 {{ return 404; }}
{page}
{locations}
    }}
}}
"""


def configuration(*, folder: str, address: str, upstreams: str, page: str, life: str = "") -> str:
    """The whole text. `folder` is for the process' own files, `address` is what it listens on.

    `upstreams` are `upstream` blocks, one for each service of `PATHS`, or the `include` of a file that has them;
    `page` the locations of all that is no service's; `life` what there is to say about the process.
    """
    return _CONFIGURATION.format(
        folder=folder,
        life=life,
        small_body=LARGEST_SMALL_BODY_BYTES,
        read_limit_s=READ_LIMIT_S,
        address=address,
        upstreams=upstreams,
        refusals="\n".join(_refusal(refusal, statuses) for refusal, statuses in _REFUSALS.items()),
        documents=_documents(PATHS),
        documents_at=DOCUMENTS,
        page=page,
        locations="\n".join(_location(prefix, service) for service, prefixes in PATHS.items() for prefix in prefixes),
    )


def upstream(service: str, server: str) -> str:
    """The block that says where a service is; `server` is host:port, which all its processes share."""
    return (
        f"    upstream {service} {{\n"
        f"        server {server} max_fails=0;\n"
        "        keepalive 64;\n"
        "        keepalive_requests 100000;\n"
        "        keepalive_timeout 60s;\n"  # the services keep them for longer, so it is not they who close
        "        keepalive_time 30s;\n"  # so that a process that has joined soon has its share
        "    }"
    )


def _location(prefix: str, service: str) -> str:
    sockets = f"\n{_SOCKETS}       " if prefix in SOCKETS else ""
    large = " client_max_body_size 2560k;" if prefix in LARGE_BODIES else ""
    return f"        location {prefix} {{ proxy_pass http://{service};{large}{sockets} }}"


def _refusal(refusal: Refusal, statuses: str) -> str:
    answer, name = refusal.value, refusal.name.lower()
    body = json.dumps({"code": answer.number, "name": name, "message": answer.sentence})
    retry = f"add_header Retry-After {RETRY_AFTER_S} always; " if answer.status == 503 else ""
    return (
        f"        error_page {statuses} ={answer.status} /.{name};\n"
        f"        location = /.{name} {{ internal; client_max_body_size 0; {retry}return {answer.status} '{body}'; }}"
    )


def _documents(services: Iterable[str]) -> str:
    documented = (service for service in services if f"{DOCUMENTS}/{service}" in PATHS[service])
    links = "".join(f'<li><a href="{DOCUMENTS}/{service}/swagger">{service}</a></li>' for service in documented)
    return f"<!doctype html><title>Stock exchange</title><h1>The API, service by service</h1><ul>{links}</ul>"
