"""CPU seconds of a process and all that descend from it, as Linux counts them."""

from __future__ import annotations

import os
from pathlib import Path


def cpu_seconds(pids: dict[str, int]) -> dict[str, float]:
    """CPU seconds so far of each named process with those of its descendants that have no name of their own.

    Children that have ended count with their parent.
    """
    ticks, children = _processes()
    named = set(pids.values())
    return {name: _sum(pid, ticks, children, named) / os.sysconf("SC_CLK_TCK") for name, pid in pids.items()}


def _processes() -> tuple[dict[int, int], dict[int, list[int]]]:
    ticks: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(folder.name)
        ticks[pid] = sum(int(field) for field in fields[11:15])
        children.setdefault(int(fields[1]), []).append(pid)
    return ticks, children


def _sum(pid: int, ticks: dict[int, int], children: dict[int, list[int]], named: set[int]) -> int:
    unnamed = (child for child in children.get(pid, ()) if child not in named)
    return ticks.get(pid, 0) + sum(_sum(child, ticks, children, named) for child in unnamed)
