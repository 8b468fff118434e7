"""A pooler in front of a database is refused in one sentence, before anything is made: on a real PgBouncer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chassis.migrations import migrate
from chassis.settings import SettingsError
from standalone.servers.process import free_port

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
LIMIT_S = 20.0

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer is not installed (Debian: apt install pgbouncer)")

Pooled = Callable[..., str]


@pytest.fixture
def pooled(fresh_database_url: str) -> Iterator[Pooled]:
    """Puts a PgBouncer in front of the database; the address to use then."""
    running: list[subprocess.Popen[bytes]] = []
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    folder.chmod(0o755)

    def start(pool_mode: str, database: str = "", **settings: str) -> str:
        wanted = conninfo_to_dict(fresh_database_url)
        server = " ".join(f"{name}={wanted[name]}" for name in ("host", "port", "user", "password") if name in wanted)
        port = free_port()
        told = {"listen_addr": "127.0.0.1", "listen_port": port, "unix_socket_dir": "", "auth_type": "any"}
        told |= {"pool_mode": pool_mode, **settings}
        file = folder / "pgbouncer.ini"
        lines = [f"{name} = {value}" for name, value in told.items()]
        file.write_text("\n".join(["[databases]", f"* = {server} {database}", "[pgbouncer]", *lines, ""]))
        as_whom = ["-u", "nobody"] if os.geteuid() == 0 else []
        with (folder / "log").open("wb") as log:
            running.append(subprocess.Popen([PGBOUNCER or "", *as_whom, str(file)], stdout=log, stderr=log))
        wait_for(port)
        return make_conninfo("", host="127.0.0.1", port=port, user="postgres", dbname=str(wanted["dbname"]))

    yield start
    for process in running:
        process.terminate()
        process.wait(LIMIT_S)
    shutil.rmtree(folder)


def wait_for(port: int) -> None:
    deadline_s = time.monotonic() + LIMIT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
        except OSError:
            assert time.monotonic() < deadline_s, "PgBouncer does not start"
            time.sleep(0.05)
        else:
            return


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "lending" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_create_loans.sql").write_text("create table loans (n int);")
    return folder


def is_untouched(url: str) -> bool:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        return connection.execute("select to_regclass('schema_migrations')").fetchall() == [(None,)]


def test_as_it_comes_it_refuses_our_settings(pooled: Pooled, fresh_database_url: str, folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"leads to a pooler .*refuses our settings.*name PostgreSQL itself"):
        migrate(pooled("transaction"), folder)

    assert is_untouched(fresh_database_url)


@pytest.mark.parametrize("pool_mode", ["session", "transaction", "statement"])
def test_told_to_ignore_our_settings_it_is_seen_by_that(
    pooled: Pooled, fresh_database_url: str, folder: Path, pool_mode: str
) -> None:
    with pytest.raises(SettingsError, match="leads to a pooler"):
        migrate(pooled(pool_mode, ignore_startup_parameters="options"), folder)

    assert is_untouched(fresh_database_url)


def test_one_that_has_our_settings_and_shares_sessions_is_seen_by_that(
    pooled: Pooled, fresh_database_url: str, folder: Path
) -> None:
    keeps = "connect_query='set statement_timeout = 30000'"

    with pytest.raises(SettingsError, match="two connections were given one session"):
        migrate(pooled("transaction", keeps, ignore_startup_parameters="options"), folder)

    assert is_untouched(fresh_database_url)


def test_one_that_gives_each_connection_its_own_session_with_our_settings_will_do(pooled: Pooled, folder: Path) -> None:
    keeps = "connect_query='set statement_timeout = 30000'"

    assert migrate(pooled("session", keeps, ignore_startup_parameters="options"), folder)
