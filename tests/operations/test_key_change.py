"""The commands that change the key of tokens, as the document has them: nobody's token is refused on the way."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from chassis.keys import read_token_keys
from tests.operations.words import commands_of
from user_accounts.store.signing_key import SigningKey, load_signing_key

DOCUMENT = "docs/operations.md"


def run(folder: Path, command: str) -> str:
    done = subprocess.run(["bash", "-ec", command], cwd=folder, text=True, capture_output=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stderr}"
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the old pair lies, and the new one that the document makes."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not on this machine")
    for command in told("openssl "):
        run(tmp_path, command.replace("new.", "old."))
        run(tmp_path, command)
    return tmp_path


def told(start: str) -> list[str]:
    """The document's commands that begin like this, up to where they go on to the cluster."""
    found = [command.partition("|")[0] for command in commands_of(DOCUMENT) if command.startswith(start)]
    assert found
    return found


def believed(keys: Path, signing: SigningKey) -> bool:
    """Whether who holds these certificates takes what that key has signed."""
    return signing.public_keys()[0] in read_token_keys(str(keys))


def test_while_the_key_changes_both_are_believed_and_in_the_end_only_the_new_one(folder: Path) -> None:
    old, new = load_signing_key(folder / "old.key"), load_signing_key(folder / "new.key")

    bundles = told("cat ")
    assert len(bundles) == 2
    for command in bundles:
        run(folder, command)
        assert believed(folder / "both.crt", old)
        assert believed(folder / "both.crt", new)

    assert believed(folder / "new.crt", new)
    assert not believed(folder / "new.crt", old)


def test_each_step_makes_a_secret_whose_certificate_is_its_keys(folder: Path) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl, which compares the two, is not on this machine")
    steps = told("kubectl create secret tls")
    bundles = [*told("cat "), "true"]

    assert len(steps) == len(bundles) == 3
    for bundle, step in zip(bundles, steps, strict=True):
        run(folder, bundle)
        assert "type: kubernetes.io/tls" in run(folder, step)
