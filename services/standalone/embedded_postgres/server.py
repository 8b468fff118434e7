"""The embedded PostgreSQL's life: one way to start, whatever happened before, and one way to stop."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from standalone.embedded_postgres.account import Account, account_for
from standalone.embedded_postgres.cluster import check_cluster, make_cluster, program
from standalone.embedded_postgres.folders import (
    PORT,
    FolderLock,
    close_socket_folder,
    open_socket_folder,
    socket_folder,
)
from standalone.embedded_postgres.postmaster import is_ready, stop_left_over, tell_to_go
from standalone.embedded_postgres.refusal import (
    PostgresGone,
    PostgresRefused,
    from_death,
    from_error,
    from_last_words,
    in_plain_words,
    require_room,
)

DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "shared_buffers": "256MB",
        "max_connections": "100",
        "fsync": "on",
        "synchronous_commit": "on",
        "wal_level": "minimal",  # nobody replicates from it
        "max_wal_senders": "0",
        "max_wal_size": "512MB",  # bounds what a start after a crash has to redo
        "jit": "off",  # compiling costs more than our short statements
        "max_parallel_workers_per_gather": "0",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "log",  # a refused row is the caller's to tell; so the log stays small
        "log_checkpoints": "off",
    }
)
"""Every accepted order is on the disk before it is answered; the rest is for a small machine."""

_RECOVERY_S = 120.0
_ORPHANS_LEAVE_S = 30.0
_ORPHANS_REMAIN = "pre-existing shared memory block"
_POLL_S = 0.01
_LARGEST_LOG_BYTES = 1_000_000


class EmbeddedPostgres:
    """PostgreSQL 18 on a folder of its own, reached over a Unix socket by nobody else.

    In `folder` it keeps `cluster` (the data), `postgresql.log` and `lock`. `settings` go over the defaults.
    All methods raise PostgresRefused, whose text is one sentence, where the folder or the machine will not do.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None, lock_wait_s: float = 10.0) -> None:
        self._folder = folder.resolve()
        self._cluster = self._folder / "cluster"
        self._log = self._folder / "postgresql.log"
        self._sockets = socket_folder(self._cluster)
        self._settings = {**DEFAULTS, **(settings or {})}
        self._lock = FolderLock(self._folder, lock_wait_s)
        self._log_starts_at = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started_by = os.getpid()
        self._is_wanted = False
        self._starting = threading.Lock()
        self._launching = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the server this object started is still alive."""
        return self._process is not None and self._process.poll() is None

    def url(self, database: str) -> str:
        """The address of a database, for psycopg and libpq; valid while the server runs."""
        return (
            f"postgresql://postgres@/{quote(database, safe='')}?host={quote(str(self._sockets), safe='')}&port={PORT}"
        )

    def start(self) -> None:
        """Come up with all that was ever committed: first start, restart and recovery from a crash alike."""
        if self.is_running:
            return
        with in_plain_words(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            self._is_wanted = True
            try:
                self._start_alone()
            except BaseException:
                self.stop()
                raise

    def start_again(self) -> None:
        """Come up after a death, in any thread of the process that started it; `stop` may be called meanwhile.

        It stays ours, up or not: no other exchange gets the folder. Where its data is gone it is not made anew, as an
        exchange in operation must not become an empty one: that is PostgresGone.
        """
        with self._starting, in_plain_words(self._folder):
            if not self._cluster.exists():
                raise PostgresGone(f"Its data is gone: {self._cluster} was removed or its disk is not there any more.")
            if self._is_wanted:
                self._start_alone()

    def why_it_ended(self) -> str:
        """One sentence for a server that is not running any more."""
        return from_death(self._spoken(), self._folder, self._log)

    def stop(self) -> None:
        """Shut down after a last checkpoint and let the folder go; nothing happens the second time.

        A forked child that comes this way leaves the server to its parent.
        """
        if not self._lock.is_held:
            return
        if self._started_by == os.getpid():
            with self._launching:
                self._is_wanted = False
                process, self._process = self._process, None
            if process is not None:
                tell_to_go(process.pid, lambda: process.poll() is not None)
        with self._starting if self._started_by == os.getpid() else nullcontext():
            close_socket_folder(self._sockets)
            self._lock.release()

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what the server or the disk refuses inside the block into PostgresRefused."""
        try:
            with in_plain_words(self._folder):
                yield
        except psycopg.OperationalError as error:
            raise PostgresRefused(from_error(error, self._spoken(), self._folder, self._log)) from error

    def create_database_if_missing(self, name: str) -> None:
        """Create an empty database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).rowcount
            if not found:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def _start_alone(self) -> None:
        postgres = program("postgres")
        account = account_for(self._cluster, others_passed=(postgres.parent, self._sockets.parent))
        if self._cluster.exists():
            check_cluster(self._cluster)
            stop_left_over(self._cluster)
            account.own_tree(self._cluster)
        else:
            require_room(self._folder)
            make_cluster(self._cluster, account, self._log)
        self._open_log(account)
        open_socket_folder(self._sockets, account)
        self._launch_when_orphans_are_gone(postgres, account)

    def _launch_when_orphans_are_gone(self, postgres: Path, account: Account) -> None:
        """After a kill -9 the dead postmaster's children may still hold its memory for a moment."""
        deadline = time.monotonic() + _ORPHANS_LEAVE_S
        while not self._launch(postgres, account):
            spoken = self._spoken()
            if _ORPHANS_REMAIN not in spoken or time.monotonic() > deadline or not self._is_wanted:
                raise PostgresRefused(from_last_words(spoken, self._folder, self._log))
            time.sleep(10 * _POLL_S)

    def _launch(self, postgres: Path, account: Account) -> bool:
        """Start the server and wait until it takes connections; False if it gave up."""
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        where = ["-D", str(self._cluster), "-k", str(self._sockets), "-p", str(PORT), "-c", "listen_addresses="]
        with self._launching, self._log.open("ab") as log:
            if not self._is_wanted:
                return False
            self._log_starts_at = log.tell()
            self._started_by = os.getpid()
            self._process = process = account.popen([str(postgres), *where, *settings], log)
        deadline = time.monotonic() + _RECOVERY_S
        while process.poll() is None:
            if is_ready(self._cluster, process.pid):
                return True
            if time.monotonic() > deadline:
                raise PostgresRefused(f"PostgreSQL was not ready within {_RECOVERY_S:.0f} s: see {self._log}.")
            time.sleep(_POLL_S)
        return False

    def _open_log(self, account: Account) -> None:
        """Begin a new log where the old one has grown large; of old ones the last is kept."""
        self._log.touch(mode=0o600)
        if self._log.stat().st_size > _LARGEST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
            self._log.touch(mode=0o600)
        account.own(self._log)

    def _spoken(self) -> str:
        return self._log.read_bytes()[self._log_starts_at :].decode(errors="replace")
