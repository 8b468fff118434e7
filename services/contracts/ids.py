"""UUIDv7: identifiers that sort by the time they were made (RFC 9562, section 5.7)."""

from __future__ import annotations

import os


def earliest_uuid7(now_ms: int) -> str:
    """What every UUIDv7 of that millisecond or a later one comes after, and no earlier one does."""
    head = f"{now_ms & 0xFFFF_FFFF_FFFF:012x}"
    return f"{head[:8]}-{head[8:]}-0000-0000-000000000000"


def uuid7(now_ms: int) -> str:
    """Make a UUIDv7 for a time in milliseconds since 1970, as its 36-character text."""
    value = (now_ms & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF000 << 64) | 0x7000 << 64
    value = value & ~(0b11 << 62) | 0b10 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
