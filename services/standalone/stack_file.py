"""What a running stack tells others, in `stack.json`, and the lock on its folder that says whether it runs."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import IO, Any

from standalone.servers.process import locked

_STOP_LIMIT_S = 120.0
_LOOKERS_ON_LEAVE_S = 0.5
_POLL_S = 0.02


def stack_file(folder: Path) -> Path:
    """Its keys: pid, url, rabbitmq_url, redis_url, databases by service, phase, rolled, children by name."""
    return folder / "stack.json"


def read_stack(folder: Path) -> dict[str, Any] | None:
    """What the stack of this folder says of itself; None where none runs."""
    if is_free(folder) or not stack_file(folder).exists():
        return None
    told: dict[str, Any] = json.loads(stack_file(folder).read_text())
    return told


def take(folder: Path) -> IO[bytes] | None:
    """Be the one stack of this folder until the file is closed, or this process ends; None if there is another."""
    deadline_s = time.monotonic() + _LOOKERS_ON_LEAVE_S  # who only looks has the lock for a moment, too
    while (file := _take_now(folder)) is None and time.monotonic() < deadline_s:
        time.sleep(_POLL_S)
    return file


def is_free(folder: Path) -> bool:
    """Whether no stack runs on this folder."""
    if not _lock_file(folder).exists():
        return True
    file = _take_now(folder)
    if file is not None:
        file.close()
    return file is not None


def stop_stack(folder: Path) -> bool:
    """Stop the stack of this folder and wait until it is gone; False if none runs, TimeoutError if it stays."""
    told = read_stack(folder)
    if told is None:
        return False
    os.kill(told["pid"], signal.SIGTERM)
    deadline_s = time.monotonic() + _STOP_LIMIT_S
    while not is_free(folder):
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"The stack of {folder} (process {told['pid']}) has not stopped.")
        time.sleep(_POLL_S)
    return True


def write_privately(file: Path, text: str) -> None:
    """Replace a file as a whole; nobody but its owner may read it, and nobody ever reads half of it."""
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(file)


def _take_now(folder: Path) -> IO[bytes] | None:
    file = _lock_file(folder).open("ab")
    if locked(file.fileno()):
        return file
    file.close()
    return None


def _lock_file(folder: Path) -> Path:
    return folder / "stack.lock"
