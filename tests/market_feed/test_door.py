"""How market_feed is started: its settings, its passwords, and the sentence when something is in the way."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.settings import SettingsError, read_settings
from loadtest.own_process import ROOT
from market_feed.settings import Settings
from market_feed.store import CredentialFile


def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "services"), **settings}
    return subprocess.run(
        [sys.executable, "-m", "market_feed.main", *words],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_switched_off_it_says_so_and_ends_well(tmp_path):
    ended = run("trade", MARKET="off", MARKET_FOLDER=str(tmp_path / "market"))

    assert (ended.returncode, ended.stderr) == (0, "The resident market is switched off (MARKET=off).\n")
    assert not (tmp_path / "market").exists()


def test_a_setting_that_makes_no_sense_gets_one_sentence(tmp_path):
    ended = run("trade", MARKET_PACE="fast", MARKET_FOLDER=str(tmp_path))

    assert ended.returncode == 1
    assert ended.stderr == "market_feed trade did not start. MARKET_PACE='fast' is not a float\n"


def test_a_word_it_does_not_know_gets_its_usage():
    assert run("web").stderr == "usage: python -m market_feed.main trade\n"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("MARKET", "maybe"),
        ("MARKET_SEED", "lucky"),
        ("MARKET_PACE", "0.4"),
        ("MARKET_PACE", "201"),
        ("MARKET_PACE", "nan"),
        ("EXCHANGE_URL", "localhost:8080"),
        ("EXCHANGE_URL", "ftp://127.0.0.1"),
        ("EXCHANGE_URL", "http://127.0.0.1:99999"),
        ("EXCHANGE_URL", "http://"),
    ],
)
def test_a_wrong_setting_is_named(setting, value):
    with pytest.raises(SettingsError, match=f"{setting}="):
        read_settings(Settings, {setting: value})


def test_without_any_setting_it_has_good_ones():
    assert read_settings(Settings, {}) == Settings()


def test_passwords_are_kept_for_the_next_start_and_for_nobody_else(tmp_path):
    folder = tmp_path / "deep" / "market"
    first = CredentialFile(folder)
    ours = [first.of("maker-1"), first.of("noise-1")]

    later = CredentialFile(folder)

    assert [later.of("maker-1"), later.of("noise-1")] == ours
    assert len({each.password for each in ours}) == 2
    assert min(len(each.password) for each in ours) >= 32
    assert stat.S_IMODE((folder / "accounts.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_another_name_has_a_suffix_and_replaces_the_first(tmp_path):
    credentials = CredentialFile(tmp_path)
    first = credentials.of("maker-1")

    other = credentials.under_another_name("maker-1")

    assert first.name == "maker-1"
    assert other.name.startswith("maker-1-")
    assert other.password != first.password
    assert CredentialFile(tmp_path).of("maker-1") == other


@pytest.mark.parametrize(
    "content", ["not json", "[]", '{"maker-1": 5}', '{"maker-1": {"name": "x"}}', '{"maker-1": {"user": "x"}}']
)
def test_a_file_that_cannot_be_read_is_not_written_over(tmp_path, content):
    (tmp_path / "accounts.json").write_text(content)

    with pytest.raises(SettingsError, match="MARKET_FOLDER="):
        CredentialFile(tmp_path)

    assert (tmp_path / "accounts.json").read_text() == content


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    place: Path = tmp_path / "market"
    place.write_text(json.dumps({}))

    with pytest.raises(SettingsError, match="MARKET_FOLDER="):
        CredentialFile(place)
