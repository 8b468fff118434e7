"""What a body must be before a view looks at it: not too large for who sends it where, and one JSON object."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

import msgspec
from flask import Request, request

from chassis.identity import Caller
from contracts.paths import LARGE_BODIES, LARGEST_SMALL_BODY_BYTES
from contracts.refusals import Refusal, Refused


class JsonRequest(Request):
    """Says in words what is wrong with the JSON; Flask's own keeps it to itself."""

    def on_json_loading_failed(self, e: ValueError | None) -> NoReturn:
        raise _malformed(e) from e


def _malformed(broken: Exception | None) -> Refused:
    return Refused(Refusal.MALFORMED_BODY, f"The body is not valid JSON: {broken}." if broken else None)


def require_json_object(current_caller: Callable[[], Caller]) -> Callable[[], None]:
    """For before a request: raises Refused for a body that is something else, and parses no large one of a stranger."""

    def check() -> None:
        if request.method not in ("POST", "PUT", "PATCH"):
            return
        body = request.get_data()
        if not body:
            if request.content_length:
                raise Refused(Refusal.MALFORMED_BODY)
            return
        if not request.is_json:
            raise Refused(Refusal.UNSUPPORTED_MEDIA_TYPE)
        if len(body) > LARGEST_SMALL_BODY_BYTES:
            _require_leave_for_large_body(current_caller)
        try:
            parsed = request.get_json()
        except (msgspec.MsgspecError, RecursionError) as broken:
            raise _malformed(broken) from broken
        if not isinstance(parsed, dict):
            raise Refused(Refusal.MALFORMED_BODY, "The body must be one JSON object.")

    return check


def _require_leave_for_large_body(current_caller: Callable[[], Caller]) -> None:
    """Before it is parsed, which costs more than sending it: by whoever has signed in, where there is use for it."""
    if request.path not in LARGE_BODIES:
        raise Refused(Refusal.BODY_TOO_LARGE, f"A body has at most {LARGEST_SMALL_BODY_BYTES} bytes at this address.")
    current_caller()
