"""The page people trade on: its built files, its own addresses, and what a browser may do with them."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, request

from contracts.paths import PAGES

BUILT_PAGE = Path(__file__).resolve().parents[2] / "frontend" / "dist"
"""Where `.ci/setup` has it built."""

INDEX = "/index.html"
"""No address of its own: it is the answer at each of the page's."""

SECURITY = {
    "Content-Security-Policy": "default-src 'self'; connect-src 'self' ws: wss:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
"""Headers of every file: a browser loads nothing from elsewhere, and nobody may frame the page."""

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"
_WORTH_PACKING = 0.9
_TYPES = mimetypes.MimeTypes(strict=True)
_TYPES.add_type("text/javascript", ".js")  # as of Python 3.12
_TYPES.add_type("font/woff2", ".woff2")
_TYPES.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as it is sent; `packed` is empty where gzip makes it no smaller."""

    body: bytes
    packed: bytes
    mimetype: str
    tag: str
    keeping: str


def blueprint(folder: Path, api_page: str) -> Blueprint:
    """Serve the page built in `folder`; without one its addresses say so and lead to `api_page`."""
    files = dict(page_files(folder))
    index = files.pop(INDEX, None) or _page_file(INDEX, _apology(api_page))
    page = Blueprint("page", __name__)

    def show(symbol: str = "") -> Response:
        return _answer(files.get(request.path, index))

    for address in (*PAGES, *files):
        page.add_url_rule(address, "show", show)
    return page


def is_built(folder: Path) -> bool:
    return (folder / INDEX[1:]).is_file()


def page_files(folder: Path) -> Iterator[tuple[str, PageFile]]:
    """Every file by its address; none where no page is built. What begins with a dot is the build's own."""
    for path in sorted(folder.rglob("*")) if is_built(folder) else ():
        place = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in place.parts):
            address = f"/{place.as_posix()}"
            yield address, _page_file(address, path.read_bytes())


def _page_file(address: str, body: bytes) -> PageFile:
    packed = gzip.compress(body, mtime=0)
    return PageFile(
        body,
        packed if len(packed) < len(body) * _WORTH_PACKING else b"",
        _TYPES.guess_type(address)[0] or "application/octet-stream",
        hashlib.sha256(body).hexdigest()[:32],
        _FOR_EVER if address.startswith("/assets/") else _ASK_EACH_TIME,  # only there the name changes with the content
    )


def _answer(file: PageFile) -> Response:
    is_packed = bool(file.packed) and request.accept_encodings["gzip"] > 0
    response = Response(file.packed if is_packed else file.body, mimetype=file.mimetype)
    response.headers.update(SECURITY)
    response.headers["Cache-Control"] = file.keeping
    response.headers["Vary"] = "Accept-Encoding"
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(file.tag, weak=True)  # packed or not, it is the same file
    response.make_conditional(request)
    return response


def _apology(api_page: str) -> bytes:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Stock Exchange</title>'
        "<h1>The exchange is open, but its page is not built</h1>"
        "<p>Start it again with <code>make run</code> or <code>make stack</code>: they build the page, or say what is"
        f' missing. Everything else works: here is <a href="{api_page}">the API</a>.</p></html>'
    ).encode()
