"""Writes what the gateway's image holds: `python -m standalone.servers.gateway_image PAGE INTO`.

nginx sends the page's files there itself, as `standalone.page` does in a stack: the same addresses, types and headers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from werkzeug.utils import get_content_type

from contracts.paths import PAGES, PATHS
from standalone.page import INDEX, SECURITY, PageFile, page_files
from standalone.servers.gateway import configuration, upstream

SERVED_FROM = "/usr/share/nginx/html"
LISTENS_ON = "8080"
KEEPS_ITS_FILES_IN = "/tmp"  # noqa: S108  # of a container, which has no other place to write to
SERVICE_PORT = 8000
_LEAVE_LIMIT_S = 10
"""How long requests under way, and live connections, may take once it is told to go."""

_RULES = """\
            add_header Vary Accept-Encoding;
{security}\
            root {served_from};
            try_files $uri {index} =404;
            types {{ {types} }}
            default_type application/octet-stream;
            gzip_static on;
            gzip_proxied any;
"""


def main(words: list[str]) -> int:
    """0 when written, 1 where no page is built, 2 for a wrong command line."""
    if len(words) != 2:
        print("usage: python -m standalone.servers.gateway_image PAGE INTO", file=sys.stderr)
        return 2
    built, into = map(Path, words)
    files = dict(page_files(built))
    if not files:
        print(f"There is no page in {built}: `npm run build` in frontend/ makes it.", file=sys.stderr)
        return 1
    write_page(files, into / "page")
    (into / "nginx.conf").write_text(image_configuration(files))
    (into / "upstreams.conf").write_text(
        upstreams({service: f"{service.replace('_', '-')}:{SERVICE_PORT}" for service in PATHS})
    )
    return 0


def write_page(files: Mapping[str, PageFile], folder: Path) -> None:
    """Each file, and beside it the packed one where that is smaller: nginx sends whichever the browser takes."""
    for address, file in files.items():
        path = folder / address[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.body)
        if file.packed:
            path.with_name(f"{path.name}.gz").write_bytes(file.packed)


def image_configuration(
    files: Mapping[str, PageFile],
    served_from: str = SERVED_FROM,
    address: str = LISTENS_ON,
    folder: str = KEEPS_ITS_FILES_IN,
) -> str:
    """The text of nginx.conf; beside it `upstreams.conf` says where the services are."""
    return configuration(
        folder=folder,
        address=address,
        upstreams="    include upstreams.conf;",
        page=_page(files, served_from),
        life=f"worker_shutdown_timeout {_LEAVE_LIMIT_S}s;",
    )


def upstreams(servers: Mapping[str, str]) -> str:
    """The text of upstreams.conf; `servers` are host:port by service."""
    return "".join(f"{upstream(service, server)}\n" for service, server in servers.items())


def _page(files: Mapping[str, PageFile], served_from: str) -> str:
    """A location for all addresses that a browser keeps for as long; any other is refused."""
    kept = {files[INDEX].keeping: [_pattern(page) for page in PAGES]}
    for address, file in files.items():
        if address != INDEX:
            kept.setdefault(file.keeping, []).append(re.escape(address))
    security = "".join(f'            add_header {name} "{value}";\n' for name, value in SECURITY.items())
    rules = _RULES.format(served_from=served_from, index=INDEX, types=_types(files), security=security)
    places = (
        f'        location ~ "^(?:{"|".join(addresses)})$" {{\n'
        f'            add_header Cache-Control "{keeping}";\n{rules}        }}'
        for keeping, addresses in kept.items()
    )
    return "\n".join(("        location / { return 404; }", *places))


def _pattern(page: str) -> str:
    """One of the page's own addresses, `/trade/<symbol>`, as a pattern; a slash at its end does no harm."""
    return page if page == "/" else re.sub("<[^>]+>", "[^/]+", re.escape(page)) + "/?"


def _types(files: Mapping[str, PageFile]) -> str:
    """What nginx says a file is, by the end of its name."""
    types = {Path(address).suffix[1:]: get_content_type(file.mimetype, "utf-8") for address, file in files.items()}
    return " ".join(f"'{what}' {suffix};" for suffix, what in types.items() if suffix)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
