"""Where the embedded PostgreSQL cannot be had it says why in one sentence, and leaves everything as it was."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from standalone.embedded_postgres import EmbeddedPostgres, PostgresRefused
from standalone.embedded_postgres.folders import socket_folder
from standalone.embedded_postgres.refusal import from_last_words, in_plain_words


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    shutil.rmtree(socket_folder(folder / "cluster"), ignore_errors=True)


def refusal_of(folder: Path) -> str:
    """What the person reads when the exchange does not start on `folder`: always one line."""
    with pytest.raises(PostgresRefused) as refused:
        EmbeddedPostgres(folder, lock_wait_s=0.1).start()
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_two_exchanges_never_share_a_folder(folder):
    with EmbeddedPostgres(folder) as first:
        assert "in use by another running exchange" in refusal_of(folder)
        assert first.is_running

    with EmbeddedPostgres(folder, lock_wait_s=0) as next_one:
        assert next_one.is_running


def test_a_folder_that_may_not_be_written_is_refused():
    assert "is not writable" in refusal_of(Path("/sys/exchange"))


def test_a_folder_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").touch()

    assert "is not a folder" in refusal_of(tmp_path / "file")
    assert "is not a folder" in refusal_of(tmp_path / "file" / "data")


def test_a_folder_of_something_else_is_refused_and_left_alone(folder):
    (folder / "cluster").mkdir(parents=True)
    (folder / "cluster/letter.txt").write_text("dear")

    assert "is not a PostgreSQL data folder" in refusal_of(folder)
    assert [path.name for path in (folder / "cluster").iterdir()] == ["letter.txt"]


def test_a_folder_of_another_major_version_is_refused(folder):
    (folder / "cluster").mkdir(parents=True)
    (folder / "cluster/PG_VERSION").write_text("15\n")

    assert "was written by PostgreSQL 15, this exchange has 18" in refusal_of(folder)


def test_a_broken_folder_is_refused_in_postgresqls_words(folder):
    with EmbeddedPostgres(folder) as server:
        assert server.is_running
    (folder / "cluster/global/pg_control").write_bytes(b"torn")

    sentence = refusal_of(folder)

    assert "pg_control" in sentence
    assert str(folder / "postgresql.log") in sentence


def test_a_socket_folder_that_others_may_enter_is_refused(folder):
    socket_folder(folder / "cluster").mkdir(mode=0o755)

    assert "is not a private folder of ours" in refusal_of(folder)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_called_a_full_disk(folder, code):
    with pytest.raises(PostgresRefused, match="is full"), in_plain_words(folder):
        raise OSError(code, os.strerror(code))

    spoken = 'FATAL:  could not write to file "pg_wal/xlogtemp.1": No space left on device\n'
    assert "is full" in from_last_words(spoken, folder, folder / "log")


def test_after_a_refusal_the_folder_is_free_again(folder):
    with EmbeddedPostgres(folder):
        pass
    control = folder / "cluster/global/pg_control"
    whole = control.read_bytes()
    control.write_bytes(b"torn")
    server = EmbeddedPostgres(folder)
    with pytest.raises(PostgresRefused):
        server.start()

    control.write_bytes(whole)

    with EmbeddedPostgres(folder, lock_wait_s=0) as next_one:
        assert next_one.is_running
