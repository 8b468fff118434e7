"""A database comes to its schema once, whoever starts and whoever is killed on the way."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest

from chassis.migrations import MigrationChanged, migrate
from chassis.service import CHASSIS_MIGRATIONS, migrate_service
from chassis.settings import SettingsError
from tests.chassis.builders import eventually

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "lending" / "migrations"
    folder.mkdir(parents=True)
    (folder / "0001_create_loans.sql").write_text("create table loans (n int); create table pawns (n int);")
    (folder / "0002_fill_loans.sql").write_text("insert into loans values (1)")
    return folder


def query(url, sql):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(sql).fetchall()


def test_migrations_are_applied_in_order_and_once(fresh_database_url, folder):
    first = migrate(fresh_database_url, folder)
    second = migrate(fresh_database_url, folder)

    assert first == ["lending/0001_create_loans.sql", "lending/0002_fill_loans.sql"]
    assert second == []
    assert query(fresh_database_url, "select n from loans") == [(1,)]


def test_a_database_that_cannot_hold_every_text_is_refused_before_anything_is_made(fresh_database_url, folder):
    with psycopg.connect(fresh_database_url, autocommit=True) as server:
        server.execute("create database narrow encoding 'SQL_ASCII' locale 'C' template template0")
        narrow = psycopg.conninfo.make_conninfo(fresh_database_url, dbname="narrow")
        try:
            with pytest.raises(SettingsError, match="encoding SQL_ASCII: make it with encoding 'UTF8'"):
                migrate(narrow, folder)

            assert query(narrow, "select to_regclass('schema_migrations')") == [(None,)]
        finally:
            server.execute("drop database narrow")


def test_a_new_migration_is_applied_to_a_database_that_has_the_old_ones(fresh_database_url, folder):
    migrate(fresh_database_url, folder)
    (folder / "0003_more.sql").write_text("insert into loans values (2)")

    assert migrate(fresh_database_url, folder) == ["lending/0003_more.sql"]


def test_a_service_gets_the_tables_of_the_chassis_too(fresh_database_url, folder):
    applied = migrate_service(fresh_database_url, folder.parent)

    assert applied[0].startswith("chassis/0001")
    assert applied[-1] == "lending/0002_fill_loans.sql"
    assert query(fresh_database_url, "select count(*) from outbox") == [(0,)]


def test_a_migration_changed_after_it_was_applied_is_refused(fresh_database_url, folder):
    migrate(fresh_database_url, folder)
    (folder / "0001_create_loans.sql").write_text("create table loans (n bigint)")

    with pytest.raises(MigrationChanged, match=r"0001_create_loans.sql"):
        migrate(fresh_database_url, folder)


def test_a_migration_that_fails_leaves_nothing_of_itself(fresh_database_url, folder):
    (folder / "0003_wrong.sql").write_text("create table half (n int); select 1 / 0;")

    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(fresh_database_url, folder)

    assert query(fresh_database_url, "select to_regclass('half'), to_regclass('loans') is not null") == [(None, True)]
    (folder / "0003_wrong.sql").write_text("create table half (n int)")
    assert migrate(fresh_database_url, folder) == ["lending/0003_wrong.sql"]


def test_a_file_of_another_name_is_refused(fresh_database_url, folder):
    (folder / "later.sql").write_text("select 1")

    with pytest.raises(ValueError, match=r"later.sql"):
        migrate(fresh_database_url, folder)


def test_of_many_starts_at_once_one_applies_each_migration(fresh_database_url, folder):
    start, applied, failures = threading.Barrier(6), [], []

    def begin():
        start.wait()
        try:
            applied.extend(migrate(fresh_database_url, CHASSIS_MIGRATIONS, folder))
        except psycopg.Error as error:
            failures.append(error)

    threads = [threading.Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(applied) == len(set(applied)) == 3
    assert query(fresh_database_url, "select n from loans") == [(1,)]


def test_a_start_killed_in_the_middle_leaves_no_lock_and_no_half(fresh_database_url, folder):
    slow = folder / "0003_slow.sql"
    slow.write_text("create table half (n int); select pg_sleep(60);")
    program = "import sys; from pathlib import Path; from chassis.migrations import migrate; "
    killed = subprocess.Popen(
        [sys.executable, "-c", program + "migrate(sys.argv[1], Path(sys.argv[2]))", fresh_database_url, str(folder)],
        env={"PYTHONPATH": str(ROOT / "services")},
    )
    asleep = "select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'"
    eventually(lambda: bool(query(fresh_database_url, asleep)))

    killed.kill()
    killed.wait()
    slow.write_text("create table half (n int)")
    began_s = time.monotonic()

    assert migrate(fresh_database_url, folder) == ["lending/0003_slow.sql"]
    assert time.monotonic() - began_s < 20


def test_a_migration_may_take_longer_than_any_other_statement(fresh_database_url, folder):
    (folder / "0003_limit.sql").write_text("create table lim as select current_setting('statement_timeout') as value")

    migrate(fresh_database_url, folder)

    assert query(fresh_database_url, "select value from lim") == [("0",)]
