"""A request is complete when its last byte has come, however the bytes come; what cannot become one is told at once."""

from __future__ import annotations

import time

import pytest
from gunicorn.config import Config
from gunicorn.http import get_parser
from gunicorn.http.errors import ParseException
from hypothesis import given
from hypothesis import strategies as st

from chassis.http_incoming import LARGEST_BODY_BYTES, Incoming
from contracts.refusals import Refusal

HEAD = b"POST /x HTTP/1.1\r\nHost: x\r\n"
WHOLE = {
    "without a body": b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n",
    "with an empty line before it": b"\r\nGET /x HTTP/1.1\r\nHost: x\r\n\r\n",
    "without headers": b"GET / HTTP/1.0\r\n\r\n",
    "with a length": HEAD + b"content-LENGTH : 5\r\n\r\n\n\r\n\r\n",
    "with a length of nothing": HEAD + b"Content-Length: 0\r\n\r\n",
    "in chunks": HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0\r\n\r\n78\r\n9\r\n0\r\n\r\n",
    "with trailers": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n",
}


def come(*parts: bytes) -> Incoming:
    incoming = Incoming()
    for part in parts:
        incoming.add(part)
    return incoming


@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE)
def test_a_request_is_complete_with_its_last_byte_and_not_before(whole: bytes) -> None:
    incoming = Incoming()
    for at, byte in enumerate(whole):
        assert not incoming.is_complete, whole[:at]
        incoming.add(bytes([byte]))

    assert incoming.is_complete
    assert incoming.refusal is None
    assert incoming.take() == whole


@given(st.sampled_from(sorted(WHOLE.values())), st.lists(st.integers(0, 200), max_size=5), st.binary(max_size=10))
def test_it_does_not_matter_how_the_bytes_come(whole: bytes, cuts: list[int], more: bytes) -> None:
    cuts = sorted(cut for cut in cuts if 0 < cut < len(whole))
    parts = [whole[start:end] for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    incoming = come(*filter(None, parts))

    assert incoming.is_complete
    if more:
        incoming.add(more)
    assert incoming.take() == whole + more
    assert not incoming.is_complete


@pytest.mark.parametrize(
    ("bytes_", "refusal"),
    [
        (b"\x16\x03\x01\x02\x00", Refusal.MALFORMED_REQUEST),
        (b"get / HTTP/1.1", Refusal.MALFORMED_REQUEST),
        (b"GET / HTTP/1.1\n", Refusal.MALFORMED_REQUEST),
        (b"GET / HTTP/1.1\r\nHost: x\n\n", Refusal.MALFORMED_REQUEST),
        (b"GET /" + b"x" * 9_000, Refusal.ADDRESS_TOO_LONG),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, Refusal.HEADERS_TOO_LARGE),
        (HEAD + b"Content-Length: 2097153\r\n\r\n", Refusal.BODY_TOO_LARGE),
        (HEAD + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n", Refusal.BODY_TOO_LARGE),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffff\r\nx", Refusal.BODY_TOO_LARGE),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 20_000, Refusal.BODY_TOO_LARGE),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 20_000, Refusal.HEADERS_TOO_LARGE),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_cannot_become_a_request_is_not_waited_for(bytes_: bytes, refusal: Refusal) -> None:
    assert come(bytes_).refusal is refusal


@pytest.mark.parametrize(
    "body",
    [b"0x1\r\nx\r\n", b"-1\r\n", b"\r\n", b"g\r\n", b"1" * 9_000, b"1 x\r\n", b"123456789\r\n", b"0 \xff\r\n"],
    ids=repr,
)
def test_chunks_that_are_none_are_handed_over_to_be_refused(body: bytes) -> None:
    incoming = come(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", body)

    assert incoming.is_complete
    with pytest.raises((ParseException, OSError)):
        parsed(incoming.take())


def parsed(whole: bytes) -> bytes:
    """The body as gunicorn reads it."""
    parser = get_parser(Config(), (), ("127.0.0.1", 1))
    parser.unreader.unread(whole)
    body: bytes = next(parser).body.read()
    return body


@given(st.binary(max_size=40), st.integers(0, 60))
def test_what_counts_as_complete_needs_no_more_bytes_to_be_read(body: bytes, length: int) -> None:
    incoming = come(HEAD + b"Content-Length: %d\r\n\r\n" % length, *([body] if body else []))

    assert incoming.is_complete is (len(body) >= length)
    if incoming.is_complete:
        assert parsed(incoming.take()) == body[:length]


def test_a_body_that_comes_byte_by_byte_costs_no_more_than_its_bytes() -> None:
    incoming = come(HEAD + b"Content-Length: 300000\r\n\r\n")

    started_s = time.process_time()
    for _ in range(300_000):
        incoming.add(b"x")

    assert incoming.is_complete
    assert time.process_time() - started_s < 10


def test_the_largest_body_may_come() -> None:
    assert come(HEAD + b"Content-Length: %d\r\n\r\n" % LARGEST_BODY_BYTES, b"x" * LARGEST_BODY_BYTES).is_complete


def test_who_expects_to_be_told_to_go_on_is_recognised() -> None:
    assert come(HEAD + b"Expect: 100-Continue\r\nContent-Length: 1\r\n\r\n").expects_continue
    assert not come(HEAD + b"Content-Length: 1\r\n\r\n").expects_continue
