"""A PostgreSQL of a test's own, with every way to fail; the session's is never killed."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

from standalone.embedded_postgres import EmbeddedPostgres


class FailingPostgres(EmbeddedPostgres):
    """Dies and comes back at the same address, or is there and does nothing."""

    def kill(self) -> None:
        """It dies without a word, and its connections with it."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Connections stay, and nothing is answered on them."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on, first with what it was asked while frozen."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        postmaster = self._process.pid
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="ascii")
        for pid in (postmaster, *map(int, children.split())):
            with suppress(ProcessLookupError):  # a connection that has just been closed
                os.kill(pid, number)
