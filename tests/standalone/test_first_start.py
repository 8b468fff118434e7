"""Where a first start cannot succeed it says so in one sentence; where it does, it greets with its real address."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections import namedtuple
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from chassis.http_server import open_port
from loadtest.exchange_process import ExchangeProcess
from loadtest.own_process import ROOT
from standalone.embedded_postgres import EmbeddedPostgres, PostgresRefused
from standalone.embedded_postgres.refusal import require_room
from standalone.settings import reachable_url
from tests.standalone.disks import fill, small_disk

pytestmark = pytest.mark.timeout(180)

Disk = namedtuple("Disk", "f_bavail f_frsize f_files f_favail")


def start_in_vain(module: str, **settings: str) -> str:
    """What it says on standard error, which is all that it says."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "services"), "MARKET": "off", "PORT": "0", **settings}
    run = subprocess.run(
        [sys.executable, "-m", module], env=environment, text=True, capture_output=True, check=False, timeout=90
    )
    assert (run.returncode, run.stdout) == (1, ""), run.stdout + run.stderr
    assert run.stderr.count("\n") == 1, run.stderr
    return run.stderr


@pytest.mark.parametrize("module", ["standalone", "standalone.stack"])
@pytest.mark.parametrize(
    ("megabytes", "options", "says"),
    [
        (90, "mode=0755", "MB left, and a first start takes"),
        (400, "mode=0755,nr_inodes=1500", "left, and a first start takes 4000"),
        (400, "ro", ""),
    ],
)
def test_a_disk_that_will_not_do_is_told_before_anything_is_made(
    tmp_path: Path, module: str, megabytes: int, options: str, says: str
) -> None:
    with small_disk(tmp_path / "disk", megabytes, options) as disk:
        said = start_in_vain(module, DATA=str(disk / "data"), STACK=str(disk / "data"))

        assert str(disk / "data") in said
        assert says in said
        assert not (disk / "data" / "cluster").exists()


def test_a_later_start_on_a_full_disk_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 192) as disk:
        with EmbeddedPostgres(disk / "data"):
            pass
        make_room = fill(disk)

        assert "is full: make room" in start_in_vain("standalone", DATA=str(disk / "data"))

        make_room()
        with EmbeddedPostgres(disk / "data") as postgres:
            assert postgres.is_running


@pytest.mark.parametrize(
    ("disk", "says"),
    [
        (Disk(40_000, 4_096, 0, 0), "has only 156 MB left, and a first start takes 160 MB"),
        (Disk(50_000, 4_096, 5_000, 100), "has only room for 100 files left, and a first start takes 4000"),
    ],
)
def test_a_disk_without_room_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, disk: Disk, says: str) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: disk)

    with pytest.raises(PostgresRefused, match=says):
        require_room(tmp_path)


@pytest.mark.parametrize("disk", [Disk(50_000, 4_096, 0, 0), Disk(50_000, 4_096, 5_000, 4_000)])
def test_a_disk_with_room_will_do_and_so_does_one_that_counts_no_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, disk: Disk
) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: disk)

    require_room(tmp_path)


def test_what_postgresql_refuses_while_it_is_prepared_is_one_sentence(tmp_path: Path) -> None:
    """As when a quota, which no file system tells of, ends in the middle of the migrations."""
    with EmbeddedPostgres(tmp_path / "data") as postgres:
        for error, says in (
            (
                psycopg.errors.DiskFull('could not extend file "base/1": No space left on device\nHINT:  Check.'),
                "is full",
            ),
            (psycopg.OperationalError("server closed the connection\nThis probably means"), "closed the connection"),
        ):
            with pytest.raises(PostgresRefused, match=says) as refused, postgres.explained():
                raise error
            assert str(refused.value).count("\n") == 0


def answers(url: str) -> int:
    address = urlsplit(url)
    with closing(HTTPConnection(address.hostname or "", address.port, timeout=30)) as connection:
        connection.request("GET", "/readyz")
        return connection.getresponse().status


@pytest.mark.parametrize(("host", "greets"), [("127.0.0.1", r"http://localhost:\d+"), ("::1", r"http://\[::1\]:\d+")])
def test_on_a_port_of_the_systems_choice_it_greets_with_the_address_that_answers(
    tmp_path: Path, host: str, greets: str
) -> None:
    require_address(host)
    exchange = ExchangeProcess(tmp_path / "data")
    environment = {**exchange.environment(), "HOST": host, "PORT": "0"}
    run = subprocess.Popen([sys.executable, "-m", "standalone"], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert run.stdout is not None
        greeting = run.stdout.readline()

        url = re.search(r"http\S+", greeting)
        assert url is not None, greeting
        assert re.fullmatch(greets, url[0])
        assert not url[0].endswith(":0")
        assert answers(url[0]) == 200
    finally:
        run.terminate()
        run.communicate(timeout=60)


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),  # noqa: S104  # for a moment
        ("::1", "[::1]"),
        ("::", "[::1]"),
    ],
)
def test_the_address_of_a_listening_socket_can_be_reached(host: str, reached: str) -> None:
    require_address(host)
    with open_port(host, 0) as listener:
        url = reachable_url(listener)

        assert url == f"http://{reached}:{listener.getsockname()[1]}"
        address = urlsplit(url)
        socket.create_connection((address.hostname or "", address.port or 0), timeout=5).close()


def require_address(host: str) -> None:
    if ":" in host:
        try:
            open_port(host, 0).close()
        except Exception as refused:  # noqa: BLE001  # whatever it is, there is no IPv6
            pytest.skip(f"no IPv6 here: {refused}")
