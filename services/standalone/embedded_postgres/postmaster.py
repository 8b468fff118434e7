"""PostgreSQL's first process: whether it runs, whether it is ready, and how it is told to go."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

_GO = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
"""First politely: roll back, checkpoint, leave. Then as a crash would, which the next start repairs."""

_POLL_S = 0.01
_STATUS_LINE = 7


def is_ready(cluster: Path, pid: int) -> bool:
    """Whether the postmaster `pid` takes connections: it says so in its pid file."""
    lines = _pid_file_lines(cluster)
    return lines[:1] == [str(pid)] and lines[_STATUS_LINE : _STATUS_LINE + 1] == ["ready"]


def stop_left_over(cluster: Path) -> None:
    """Stop a postmaster whose exchange died, and forget one that is gone.

    PostgreSQL itself trusts the pid file: after a reboot, or in a container, the number may be anybody's.
    """
    lines = _pid_file_lines(cluster)
    if not lines:
        return
    if lines[0].isdecimal() and _is_postmaster_of(cluster, int(lines[0])):
        pid = int(lines[0])
        tell_to_go(pid, lambda: not _is_postmaster_of(cluster, pid))
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def tell_to_go(pid: int, is_gone: Callable[[], bool]) -> None:
    """Stop a postmaster, more firmly each time it does not listen."""
    for telling, patience_s in _GO:
        if is_gone():
            return
        try:
            os.kill(pid, telling)
        except ProcessLookupError:
            continue  # gone, or about to be seen as gone
        deadline = time.monotonic() + patience_s
        while not is_gone() and time.monotonic() < deadline:
            time.sleep(_POLL_S)


def _pid_file_lines(cluster: Path) -> list[str]:
    try:
        text = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return [line.strip() for line in text.splitlines()]


def _is_postmaster_of(cluster: Path, pid: int) -> bool:
    """Told by its command line, which root may read even of another user, and which the dead do not have."""
    return str(cluster) in _command_line(pid)


def _command_line(pid: int) -> list[str]:
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
        except OSError:
            return []
    ps = subprocess.run(["/bin/ps", "-o", "args=", "-p", str(pid)], capture_output=True, check=False)
    return os.fsdecode(ps.stdout).split()
