"""Keeps the passwords of the resident traders in a file that only its owner can read."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from chassis.settings import SettingsError
from market_feed.ports import Credential

_FILE = "accounts.json"
_PASSWORD_BYTES = 24
_SUFFIX_BYTES = 3


class CredentialFile:
    """One credential for each role. SettingsError if the folder cannot be used or what is in it cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._known = _read(self._path)
            self._save()  # here, where it can still be told that this is impossible
        except (OSError, ValueError, TypeError) as broken:
            raise SettingsError(f"MARKET_FOLDER={folder} cannot be used: {broken}") from broken

    def of(self, role: str) -> Credential:
        """The credential of a role, made and kept at the first time: its name is the role's."""
        return self._known.get(role) or self._keep(role, role)

    def under_another_name(self, role: str) -> Credential:
        """A new credential for a role whose name belongs to somebody else."""
        return self._keep(role, f"{role}-{secrets.token_hex(_SUFFIX_BYTES)}")

    def _keep(self, role: str, name: str) -> Credential:
        """Kept before it is used: an account whose password nobody knows would be lost with all it owns."""
        credential = Credential(name, secrets.token_urlsafe(_PASSWORD_BYTES))
        self._known[role] = credential
        self._save()
        return credential

    def _save(self) -> None:
        entries = {role: {"name": each.name, "password": each.password} for role, each in self._known.items()}
        unfinished = self._path.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(entries, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._path)


def _read(path: Path) -> dict[str, Credential]:
    if not path.exists():
        return {}
    entries: Any = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(entries, dict):
        raise ValueError(f"{path.name} does not hold accounts by their roles")
    return {str(role): Credential(**entry) for role, entry in entries.items()}
