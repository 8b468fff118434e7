"""Why PostgreSQL cannot be had, as one sentence for the person who started the exchange."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOT_OURS_TO_WRITE = {errno.EACCES, errno.EPERM, errno.EROFS}
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FULL_IN_WORDS = "No space left on device"
_LAST_WORDS = re.compile(r"(?:PANIC|FATAL|error):\s+(.+)")


CHOOSE = "choose another one with DATA=folder, for a stack with STACK=folder"

_FIRST_BYTES = 160 * 2**20
_FIRST_FILES = 4_000
"""What a new cluster with our databases takes, and some orders after it."""


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
        return f"The data folder {folder} is not writable: {CHOOSE}."
    if error.errno in {errno.ENOTDIR, errno.EEXIST}:
        return f"The data folder {folder} is not a folder: {CHOOSE}."
    return f"The data folder {folder} cannot be used: {error.strerror or error}."


def disk_full(folder: Path) -> str:
    """The sentence for a disk without room."""
    return f"The disk that holds the data folder {folder} is full: make room or {CHOOSE}."


def require_room(folder: Path, least_bytes: int = _FIRST_BYTES, least_files: int = _FIRST_FILES) -> None:
    """PostgresRefused where a first start would end half-way; `folder` has to be there."""
    found = os.statvfs(folder)
    free_bytes = found.f_bavail * found.f_frsize
    if free_bytes < least_bytes:
        left, wanted = f"{free_bytes // 2**20} MB", f"{least_bytes // 2**20} MB"
    elif found.f_files and found.f_favail < least_files:  # some file systems count none
        left, wanted = f"room for {found.f_favail} files", f"{least_files}"
    else:
        return
    raise PostgresRefused(
        f"The disk that holds the data folder {folder} has only {left} left, and a first start takes {wanted}:"
        f" make room or {CHOOSE}."
    )


def from_error(error: Exception, spoken: str, folder: Path, log: Path) -> str:
    """The sentence for a statement that failed; `spoken` is what the server has said since it started."""
    if _FULL_IN_WORDS in str(error) or _FULL_IN_WORDS in spoken:
        return disk_full(folder)
    return f"PostgreSQL does not do what it should: {str(error).splitlines()[0].rstrip('.')} (more in {log})."


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
