"""A backup of `make run` while its market trades on, and every way in which one is not made or not restored."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from loadtest.exchange_process import ExchangeProcess, exchange_on
from standalone.backup import CONTENTS
from standalone.databases import SERVICES
from tests.operations.lost_and_found import backup, done, get, trade

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    with exchange_on(tmp_path_factory.mktemp("running") / "data", {"MARKET": "on"}) as running:
        yield running


@pytest.fixture(scope="module")
def whole(exchange: ExchangeProcess) -> Path:
    """A backup of it."""
    folder = exchange.folder.parent / "backup"
    done(backup("make", folder, exchange))
    return folder


def refusal(word: str, folder: Path, exchange: ExchangeProcess) -> str:
    finished = backup(word, folder, exchange)
    assert (finished.returncode, finished.stdout) == (2, ""), finished.stderr
    assert finished.stderr.startswith("backup: ")
    return finished.stderr


def nowhere(folder: Path, **settings: str) -> ExchangeProcess:
    """An exchange that was never started."""
    return ExchangeProcess(folder / "new", settings)


def test_an_exchange_in_one_process_comes_back_with_its_market(exchange: ExchangeProcess, tmp_path: Path) -> None:
    tokens = [exchange.sign_up("ada"), exchange.sign_up("bert")]
    assert trade(exchange, tokens) == "filled"
    done(backup("make", tmp_path / "backup", exchange))
    cash = get(exchange, tokens[0], "/v2/account")["cash"]

    restored = ExchangeProcess(tmp_path / "restored", {"MARKET": "on"})
    done(backup("restore", tmp_path / "backup", restored))
    shutil.copytree(exchange.folder / "keys", restored.folder / "keys")
    shutil.copytree(exchange.folder / "market", restored.folder / "market")

    with exchange_on(restored.folder, {"MARKET": "on"}) as running:
        assert get(running, tokens[0], "/v2/account")["cash"] == cash
        assert trade(running, tokens) == "filled"
        audit = running.audit()
    assert audit.returncode == 0, audit.stdout + audit.stderr


def test_a_backup_never_goes_over_another(exchange: ExchangeProcess, whole: Path) -> None:
    assert f"{whole} is there already: name a new folder." in refusal("make", whole, exchange)


def test_where_nothing_runs_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    assert "A database cannot be reached" in refusal("make", tmp_path / "backup", nowhere(tmp_path))
    assert not (tmp_path / "backup").exists()


def test_nothing_is_restored_over_an_exchange(exchange: ExchangeProcess, whole: Path) -> None:
    finished = backup("restore", whole, exchange)

    assert finished.returncode == 2
    assert f"{exchange.folder} holds an exchange: name a new folder with DATA=" in finished.stderr


def test_databases_that_somebody_uses_are_left_alone(
    whole: Path, database_url: Callable[[str], str], tmp_path: Path
) -> None:
    urls = {f"DATABASE_URL_{service.upper()}": database_url(service) for service in SERVICES}
    done(backup("restore", whole, nowhere(tmp_path, **urls)))

    again = backup("restore", whole, nowhere(tmp_path, **urls))

    assert (again.returncode, "has tables: restore into empty databases only." in again.stderr) == (2, True)
    one_alone = backup("restore", whole, nowhere(tmp_path, DATABASE_URL_STOCK_DATA=urls["DATABASE_URL_STOCK_DATA"]))
    assert "DATABASE_URL_<SERVICE> is set for stock_data only" in one_alone.stderr


@pytest.mark.parametrize("damage", ["missing", "changed", "unlisted", "never one"])
def test_half_a_backup_is_none(damage: str, whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    shutil.copytree(whole, folder)
    if damage == "missing":
        (folder / "stock_data.dump").unlink()
    elif damage == "changed":
        with (folder / "stock_data.dump").open("ab") as dump:
            dump.write(b"!")
    elif damage == "unlisted":
        (folder / CONTENTS).write_text('{"taken_at": "now", "files": {}}')
    else:
        shutil.rmtree(folder)

    said = refusal("restore", folder, nowhere(tmp_path))

    assert "is not a whole backup" in said or "is not the file that this backup was made with" in said
    assert not (tmp_path / "new").exists()
