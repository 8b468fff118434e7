"""gunicorn's threaded worker, refusing what is no HTTP in the same words as everything else is refused."""

from __future__ import annotations

import json
import socket
from http.client import responses
from typing import Any

from gunicorn import util
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException
from gunicorn.workers.gthread import ThreadWorker

from contracts.refusals import Refusal


class HttpWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """Answers requests that gunicorn cannot read with our JSON, never with a page of its own or a 5xx."""

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        if not isinstance(exc, ParseException):
            super().handle_error(req, client, addr, exc)
            return
        try:
            util.write_nonblock(client, _refusal_of(exc))
        except OSError:
            self.log.debug("the client was gone before it could be refused")


def _refusal_of(error: ParseException) -> bytes:
    refusal = Refusal.MALFORMED_REQUEST
    if isinstance(error, LimitRequestLine):
        refusal = Refusal.ADDRESS_TOO_LONG
    elif isinstance(error, LimitRequestHeaders):
        refusal = Refusal.HEADERS_TOO_LARGE
    answer = refusal.value
    body = json.dumps({"code": answer.number, "name": refusal.name.lower(), "message": answer.sentence}).encode()
    head = (
        f"HTTP/1.1 {answer.status} {responses[answer.status]}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode("ascii") + body
