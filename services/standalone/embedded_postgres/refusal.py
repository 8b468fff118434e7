"""Why PostgreSQL cannot be had, as one sentence for the person who started the exchange."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOT_OURS_TO_WRITE = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_IN_WORDS = "No space left on device"
_LAST_WORDS = re.compile(r"(?:PANIC|FATAL|error):\s+(.+)")


class PostgresRefused(Exception):
    """PostgreSQL cannot be had in this folder; the text is the whole message, no traceback needed."""


class PostgresGone(Exception):
    """PostgreSQL died and does not come back; the text says why, in one sentence."""


@contextmanager
def in_plain_words(folder: Path) -> Iterator[None]:
    """Turn what the operating system refuses inside the block into PostgresRefused."""
    try:
        yield
    except OSError as error:
        raise PostgresRefused(_sentence(error, folder)) from error


def _sentence(error: OSError, folder: Path) -> str:
    if error.errno in _FULL:
        return disk_full(folder)
    if error.errno in _NOT_OURS_TO_WRITE:
        return f"The data folder {folder} is not writable: choose another one with DATA=folder."
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return f"The data folder {folder} is not a folder: choose another one with DATA=folder."
    return f"The data folder {folder} cannot be used: {error.strerror or error}."


def disk_full(folder: Path) -> str:
    """The sentence for a disk without room."""
    return f"The disk that holds the data folder {folder} is full: make room or choose another with DATA=folder."


def from_last_words(spoken: str, folder: Path, log: Path) -> str:
    """The sentence for what PostgreSQL's own programs said before they gave up."""
    if _FULL_IN_WORDS in spoken:
        return disk_full(folder)
    lines = _LAST_WORDS.findall(spoken) or spoken.strip().splitlines() or ["it said nothing"]
    return f"PostgreSQL cannot use the data folder {folder}: {lines[-1].rstrip('.')} (more in {log})."


def from_death(spoken: str, folder: Path, log: Path) -> str:
    """The sentence for a server that ran until now: what it complained of last, if that was the end of it."""
    if _LAST_WORDS.search(spoken) or _FULL_IN_WORDS in spoken:
        return from_last_words(spoken, folder, log)
    return f"PostgreSQL was killed (more in {log})."
