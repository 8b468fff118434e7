"""What a client has sent and nobody has handled yet: tells when a request is complete, before a thread has it."""

from __future__ import annotations

import re

from contracts.refusals import Refusal

LARGEST_BODY_BYTES = 2 * 1024 * 1024
_LARGEST_HEAD_BYTES = 64 * 1024
_LONGEST_LINE_BYTES = 8_190
_MOST_CHUNKS = 10_000

_METHOD_STARTS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\r")
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*([0-9]{1,30})[ \t]*\r\n", re.IGNORECASE)
_TRANSFER_ENCODING = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.IGNORECASE)
_EXPECT_CONTINUE = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue", re.IGNORECASE)
_FORWARDED_FOR = re.compile(rb"\r\nx-forwarded-for[ \t]*:([^\r\n]*)", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"([0-9a-f]{1,8})[ \t]*(;|$)", re.IGNORECASE)


class Incoming:
    """The bytes of one connection, in the order they came.

    It only decides when to hand a request over: what the request means is for gunicorn's parser to say. What no parser
    could accept counts as complete, so that the parser refuses it. Each byte is looked at a bounded number of times.
    `refusal` is set where waiting for more is pointless, and nothing is to be handed over then.
    """

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._start_over()

    def _start_over(self) -> None:
        self._searched = 0
        self._chunk_at = 0
        self._body_at = 0
        self._ends_at: int | None = None
        self._chunks = 0
        self.expects_continue = False
        self.is_complete = False
        self.refusal: Refusal | None = None

    def __len__(self) -> int:
        return len(self._bytes)

    @property
    def has_head(self) -> bool:
        """Whether the head is there, and only the body is waited for."""
        return self._body_at > 0

    @property
    def path(self) -> str:
        """Of the request whose head is there, as it is written; empty if there is none."""
        words = bytes(self._bytes[:_LONGEST_LINE_BYTES]).split(b" ", 2)
        return words[1].partition(b"?")[0].decode("latin-1") if len(words) > 2 else ""

    def forwarded_for(self, proxies: int) -> str:
        """The client before so many trusted proxies, as X-Forwarded-For of the head says; empty if it does not."""
        said = b",".join(_FORWARDED_FOR.findall(bytes(self._bytes[: self._body_at]))).split(b",")
        return said[-proxies].strip().decode("latin-1") if len(said) >= proxies else ""

    def add(self, arrived: bytes) -> None:
        self._bytes += arrived
        if not self.is_complete and not self.has_head:
            self._find_head()
        if self.has_head and not self.is_complete and self.refusal is None:
            self._find_end()

    def take(self) -> bytes:
        """All there is, a complete request and perhaps the beginning of the next; nothing is left."""
        taken = bytes(self._bytes)
        self._bytes.clear()
        self._start_over()
        return taken

    def _find_head(self) -> None:
        buffer = self._bytes
        end = buffer.find(b"\r\n\r\n", max(self._searched - 3, 0))
        seen = end if end >= 0 else len(buffer)
        if buffer[0] not in _METHOD_STARTS or _BARE_LINE_FEED.search(buffer, self._searched, seen):
            self.refusal = Refusal.MALFORMED_REQUEST
        elif seen > _LONGEST_LINE_BYTES and buffer.find(b"\r\n", 2, _LONGEST_LINE_BYTES + 4) < 0:
            self.refusal = Refusal.ADDRESS_TOO_LONG
        elif seen > _LARGEST_HEAD_BYTES:
            self.refusal = Refusal.HEADERS_TOO_LARGE
        elif end >= 0:
            self._body_at = self._chunk_at = end + 4
            self._expect_body(bytes(buffer[: end + 4]))
        self._searched = len(buffer)

    def _expect_body(self, head: bytes) -> None:
        self.expects_continue = bool(_EXPECT_CONTINUE.search(head))
        if _TRANSFER_ENCODING.search(head):
            return
        stated = _CONTENT_LENGTH.search(head)
        length = int(stated[1]) if stated else 0
        self._ends_at = self._body_at + length
        if length > LARGEST_BODY_BYTES:
            self.refusal = Refusal.BODY_TOO_LARGE

    def _find_end(self) -> None:
        if self._ends_at is not None:
            self.is_complete = len(self._bytes) >= self._ends_at
            return
        while self._chunk_at < len(self._bytes) and not self.is_complete and self.refusal is None:
            line_end = self._bytes.find(b"\r\n", self._chunk_at)
            if line_end < 0:
                self.is_complete = len(self._bytes) - self._chunk_at > _LONGEST_LINE_BYTES
                break
            if not self._next_chunk(line_end):
                break
        if len(self._bytes) - self._body_at > LARGEST_BODY_BYTES and not self.is_complete:
            self.refusal = Refusal.BODY_TOO_LARGE

    def _next_chunk(self, line_end: int) -> bool:
        """Step over the chunk whose size is told up to `line_end`; False where more has to come first."""
        size = _CHUNK_SIZE.match(bytes(self._bytes[self._chunk_at : line_end]))
        if size is None:
            self.is_complete = True
        elif int(size[1], 16) == 0:
            self.is_complete = self._bytes.find(b"\r\n\r\n", line_end) >= 0
            if not self.is_complete and len(self._bytes) - line_end > _LARGEST_HEAD_BYTES:
                self.refusal = Refusal.HEADERS_TOO_LARGE
            return False
        else:
            self._chunks += 1
            self._chunk_at = line_end + 2 + int(size[1], 16) + 2
            if self._chunks > _MOST_CHUNKS or self._chunk_at - self._body_at > LARGEST_BODY_BYTES:
                self.refusal = Refusal.BODY_TOO_LARGE
        return True
