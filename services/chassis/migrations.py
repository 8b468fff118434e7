"""Brings a database to the schema its service needs: numbered SQL files, each applied once, in order."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import psycopg

from chassis.database import connection_options
from chassis.pooler import connect_past_no_pooler
from chassis.settings import SettingsError

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_LOCK = 7_205_759_403_792_001


class MigrationChanged(Exception):
    """A migration that was already applied is not the file it was; refuse to guess."""


def migrate(url: str, *folders: Path) -> list[str]:
    """Apply what is missing from each folder, folder by folder, and name what was applied.

    Safe when several processes start at once (a session lock that dies with its holder), and each file is one
    transaction together with the note that it was applied. SettingsError for a database that cannot hold every text,
    and for one behind a pooler that shares its sessions.
    """
    with connect_past_no_pooler(url) as connection:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise SettingsError(f"DATABASE_URL is a database with encoding {encoding}: make it with encoding 'UTF8'")
        connection.execute("set statement_timeout = 0")  # building an index may take as long as it takes
        connection.execute("set client_connection_check_interval = '1s'")  # killed here, over there
        connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
        connection.execute(
            "create table if not exists schema_migrations (name text primary key, checksum text not null, "
            "applied_at timestamptz not null default now())"
        )
        rows = connection.execute("select name, checksum from schema_migrations").fetchall()
        applied: dict[str, str] = dict(rows)
        return [
            name
            for folder in folders
            for path in sorted(folder.glob("*.sql"))
            if (name := _apply(connection, path, applied)) is not None
        ]


def missing_migrations(url: str, *folders: Path) -> list[str]:
    """The names of those that were not applied yet; psycopg.OperationalError where no database answers.

    What a newer version has applied besides does not count: migrations only add.
    """
    with psycopg.connect(**connection_options(url)) as connection:
        is_new = connection.execute("select to_regclass('schema_migrations') is null").fetchone() == (True,)
        rows = [] if is_new else connection.execute("select name from schema_migrations").fetchall()
    applied = {name for (name,) in rows}
    return [name for folder in folders for path in sorted(folder.glob("*.sql")) if (name := _name(path)) not in applied]


def _name(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.name}"


def _apply(connection: psycopg.Connection, path: Path, applied: dict[str, str]) -> str | None:
    if not _NAME.fullmatch(path.name):
        raise ValueError(f"{path.name} is not named like 0001_create_orders.sql")
    name = _name(path)
    text = path.read_bytes()
    checksum = hashlib.sha256(text).hexdigest()
    if name in applied:
        if applied[name] != checksum:
            raise MigrationChanged(f"{name} was changed after it was applied; add a new migration instead")
        return None
    with connection.transaction():
        connection.execute(text)
        connection.execute("insert into schema_migrations (name, checksum) values (%s, %s)", (name, checksum))
    return name
