"""`make backup` and `make restore`: every database of a running exchange, all of one quiet moment, and back again.

Why not simply five dumps one after the other: `docs/decisions/0021-backups-of-one-quiet-moment.md`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from standalone.audit.snapshot import NotQuiet, quiet_snapshot
from standalone.databases import SERVICES, broker_url, data_folder, url_of
from standalone.embedded_postgres import EmbeddedPostgres, PostgresRefused
from standalone.embedded_postgres.cluster import program

CONTENTS = "backup.json"
"""What a backup consists of, written last: `taken_at`, and the SHA-256 of each file by its name."""

UrlOf = Callable[[str], str]


class BackupRefused(Exception):
    """A backup cannot be made or restored; the text is one sentence."""


def main() -> int:
    """0 when done, 2 with a sentence when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m standalone.backup", description=__doc__)
    parser.add_argument("word", choices=("make", "restore"))
    parser.add_argument("folder", type=Path, help="the backup")
    parser.add_argument("--patience", type=float, default=30.0, help="seconds to wait for a quiet moment")
    arguments = parser.parse_args()
    started_s = time.monotonic()
    try:
        if arguments.word == "make":
            make(arguments.folder, arguments.patience)
        else:
            restore(arguments.folder)
    except (BackupRefused, NotQuiet, PostgresRefused) as refused:
        print(f"backup: {refused}", file=sys.stderr)
        return 2
    except psycopg.OperationalError as error:
        print(f"backup: A database cannot be reached: {str(error).splitlines()[0]}", file=sys.stderr)
        return 2
    print(
        f"backup: {arguments.folder} is {'made' if arguments.word == 'make' else 'restored'}"
        f" ({time.monotonic() - started_s:.1f} s)"
    )
    return 0


def make(folder: Path, patience_s: float) -> None:
    """Write all databases of the running exchange into a new folder, which is there whole or not at all.

    People may go on trading: the snapshots are taken in a quiet moment, and what is written is of that moment.
    Raises NotQuiet when none came by in time.
    """
    if folder.exists():
        raise BackupRefused(f"{folder} is there already: name a new folder.")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True, mode=0o700)
    with quiet_snapshot(url_of, SERVICES, patience_s, broker_url()) as snapshot:
        taken_at = datetime.now(UTC).isoformat(timespec="seconds")
        print(f"a quiet moment: {taken_at}", flush=True)
        for service in SERVICES:
            exported = snapshot.rows(service, "select pg_export_snapshot()")[0][0]
            file = unfinished / _file(service)
            _run("pg_dump", url_of(service), "--format=custom", f"--snapshot={exported}", f"--file={file}")
            print(f"{service}: {file.stat().st_size:,} bytes", flush=True)
    (unfinished / CONTENTS).write_text(json.dumps(contents_of(unfinished, taken_at), indent=2))
    unfinished.rename(folder)


def contents_of(folder: Path, taken_at: str) -> dict[str, object]:
    """What CONTENTS says of the files in a folder."""
    return {"taken_at": taken_at, "files": {_file(service): _checksum(folder / _file(service)) for service in SERVICES}}


def restore(folder: Path) -> None:
    """Bring a backup into the empty databases of an exchange that does not run. Each comes back whole or not at all."""
    taken_at = check(folder)
    print(f"a backup of {taken_at}", flush=True)
    with _empty_databases() as database_of:
        for service in SERVICES:
            restore_database(folder / _file(service), database_of(service))
            print(f"{service}: restored", flush=True)


def check(folder: Path) -> str:
    """When the backup was taken; BackupRefused if it is not the whole of one."""
    try:
        contents = json.loads((folder / CONTENTS).read_text())
        for name in map(_file, SERVICES):
            if _checksum(folder / name) != contents["files"][name]:
                raise BackupRefused(f"{folder / name} is not the file that this backup was made with.")
        return str(contents["taken_at"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupRefused(f"{folder} is not a whole backup: {error!r}.") from error


def restore_database(file: Path, url: str) -> None:
    """Bring one service's database back. Alone it does not fit the others any more: the audit would say so."""
    _run("pg_restore", url, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(file))


@contextmanager
def _empty_databases() -> Iterator[UrlOf]:
    """The databases that DATABASE_URL_<SERVICE> names, or new ones in the data folder."""
    named = [service for service in SERVICES if os.environ.get(f"DATABASE_URL_{service.upper()}")]
    if len(named) not in (0, len(SERVICES)):
        raise BackupRefused(f"DATABASE_URL_<SERVICE> is set for {', '.join(named)} only: set it for all, or for none.")
    if named:
        _refuse_tables(url_of)
        yield url_of
        return
    if (data_folder() / "cluster").exists():
        raise BackupRefused(f"{data_folder()} holds an exchange: name a new folder with DATA=, or move that one away.")
    with EmbeddedPostgres(data_folder()) as postgres:
        for service in SERVICES:
            postgres.create_database_if_missing(service)
        yield postgres.url


def _refuse_tables(url_of_database: UrlOf) -> None:
    for service in SERVICES:
        with psycopg.connect(url_of_database(service), connect_timeout=5) as connection:
            found = connection.execute("select from pg_tables where schemaname = 'public'").rowcount
        if found:
            raise BackupRefused(f"The database of {service} has tables: restore into empty databases only.")


def _run(name: str, url: str, *words: str) -> None:
    """One of PostgreSQL's programs on a database. The password goes by the environment, where `ps` does not show it."""
    parts = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    environment = {**os.environ, "PGPASSWORD": parts.pop("password", "")}
    command = [_program(name), f"--dbname={make_conninfo(**parts)}", *words]
    finished = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    if finished.returncode:
        raise BackupRefused(f"{name} could not be done: {finished.stderr.strip().splitlines()[0]}")


def _program(name: str) -> str:
    """Ours first: it is as new as any, and no program of PostgreSQL's copes with a newer server."""
    try:
        return str(program(name))
    except PostgresRefused:
        found = shutil.which(name)
    if found is None:
        raise BackupRefused(f"{name} is missing: install the client programs of PostgreSQL.")
    return found


def _file(service: str) -> str:
    return f"{service}.dump"


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
