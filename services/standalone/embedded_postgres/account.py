"""As whom PostgreSQL runs: it refuses to be root, so root runs it as the folder's owner or as `nobody`."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from standalone.embedded_postgres.refusal import PostgresRefused

_NOBODY = "nobody"
_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
"""Everything PostgreSQL gets to see: a PGPORT or a locale of the caller must not change how it behaves."""


@dataclass(frozen=True, slots=True)
class Account:
    """An operating-system user PostgreSQL's programs run as."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    """What goes in front of a command so that this user may pass folders that are closed to it."""

    def own(self, path: Path) -> None:
        """Make `path` this account's, not following links; PostgresRefused where root may not give away."""
        if path.lstat().st_uid == self.uid:
            return
        try:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)
        except OSError as error:
            raise PostgresRefused(
                f"PostgreSQL does not run as root, and root may not hand {path} to another user here:"
                " start the exchange as a normal user."
            ) from error

    def own_tree(self, folder: Path) -> None:
        """Make a folder and all in it this account's."""
        self.own(folder)
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                self.own(Path(parent, name))

    def popen(self, command: Iterable[str], output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        """Start a program as this account, away from the terminal so that Ctrl-C reaches the exchange alone."""
        switch = self.uid != os.geteuid() and not self.prefix
        return subprocess.Popen(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_ENVIRONMENT,
            start_new_session=True,
            user=self.uid if switch else None,
            group=self.gid if switch else None,
            extra_groups=[] if switch else None,
        )


def account_for(cluster: Path, others_passed: Iterable[Path]) -> Account:
    """Who is to run PostgreSQL on `cluster` and can pass to all of `others_passed`.

    A cluster that root finds keeps its owner, so that the exchange can go back to a normal user later.
    PostgresRefused if the cluster is somebody else's, or if no user but root can pass the folders.
    """
    owner = cluster.stat() if cluster.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise PostgresRefused(f"{cluster} belongs to another user: start the exchange as that user or as root.")
        return Account(os.geteuid(), os.getegid())
    uid, gid = (owner.st_uid, owner.st_gid) if owner is not None and owner.st_uid != 0 else _nobody()
    if all(_open_to_all(path) for path in (cluster.parent, *others_passed)):
        return Account(uid, gid)
    return Account(uid, gid, _passing_closed_folders(cluster, uid, gid))


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam(_NOBODY)
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def _open_to_all(path: Path) -> bool:
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def _passing_closed_folders(cluster: Path, uid: int, gid: int) -> tuple[str, ...]:
    """A closed home is passed with one capability rather than by opening it to everybody.

    The secure bit lets access(2) count the capability too: PostgreSQL's programs ask it about each other.
    """
    setpriv = shutil.which("setpriv")
    prefix = (
        setpriv or "setpriv",
        f"--reuid={uid}",
        f"--regid={gid}",
        "--clear-groups",
        "--securebits=+no_setuid_fixup",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--bounding-set=-all,+dac_override",
        "--no-new-privs",
    )
    if setpriv and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
        return prefix
    raise PostgresRefused(
        f"PostgreSQL does not run as root, and no other user can pass to {cluster}:"
        " start the exchange as a normal user, or from a folder that every user may pass."
    )
