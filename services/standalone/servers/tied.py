"""Starts any program as a child that goes when its parent does: `tied.py PARENT PROGRAM ARGUMENTS...` (Linux)."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def tied(*command: str) -> list[str]:
    """The same command, tied to this process: SIGTERM when the thread that starts it ends, however it ends.

    The tie is made before the program is entered and outlives that, so it holds from the first moment on.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def _become(parent: int, command: list[str]) -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(f"{command[0]} is not started: its parent is gone.")
    os.execvp(command[0], command)  # noqa: S606  # the caller's own, fixed command


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])
