"""Folders beside the data: the lock that keeps a second exchange out, and the room of the Unix socket."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
import time
from pathlib import Path
from typing import IO

from standalone.embedded_postgres.account import Account
from standalone.embedded_postgres.refusal import PostgresRefused

PORT = 5432
"""Nothing listens on it: it is only a part of the socket's file name."""

_LONGEST_FOLDER = 80
"""A socket's path ends at 107 bytes; its file name takes 15 and a lock file's 20."""

_POLL_S = 0.05


class FolderLock:
    """One exchange per folder. The kernel lets go when the holder dies, however it dies."""

    def __init__(self, folder: Path, wait_s: float) -> None:
        self._folder = folder
        self._wait_s = wait_s
        self._file: IO[str] | None = None

    @property
    def is_held(self) -> bool:
        """Whether the folder is ours."""
        return self._file is not None

    def acquire(self) -> None:
        """Take the lock, waiting for a dying holder; PostgresRefused if it does not die."""
        if self.is_held:
            return
        file = (self._folder / "lock").open("a+", encoding="ascii")
        deadline = time.monotonic() + self._wait_s
        while not _locked(file):
            if time.monotonic() > deadline:
                file.close()
                raise PostgresRefused(
                    f"The data folder {self._folder} is in use by another running exchange:"
                    " stop that one, or choose another folder with DATA=folder."
                )
            time.sleep(_POLL_S)
        self._file = file

    def release(self) -> None:
        """Let the next one in."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def socket_folder(cluster: Path) -> Path:
    """Where the socket of this cluster lives: the same each time, and short however deep the data lies.

    Not under XDG_RUNTIME_DIR: that folder goes when its user logs out, and a server may be meant to stay.
    """
    name = "exchange-" + hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir(), name)
    return folder if len(os.fsencode(folder)) <= _LONGEST_FOLDER else Path("/tmp", name)  # noqa: S108 see open_socket_folder


def open_socket_folder(folder: Path, account: Account) -> None:
    """Make the socket's folder, closed to all but `account` (and root), and clear a crash's leftovers.

    /tmp is everybody's: a folder that somebody else put there first would let them answer in our place,
    so anything but a private folder of our own is PostgresRefused.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o077 or found.st_uid not in {os.geteuid(), account.uid}:
        raise PostgresRefused(f"{folder} is not a private folder of ours: remove it, or set TMPDIR to another folder.")
    account.own(folder)
    for left_over in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (folder / left_over).unlink(missing_ok=True)


def close_socket_folder(folder: Path) -> None:
    """Remove the socket's folder if PostgreSQL left it empty."""
    try:
        folder.rmdir()
    except OSError:
        return
