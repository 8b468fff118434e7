"""Looks at the processes of an exchange from outside (Linux)."""

from __future__ import annotations

from pathlib import Path


def worker_of(pid: int) -> int:
    """The process that serves, below the one that was started; 0 if there is none."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if stat.rpartition(")")[2].split()[1] == str(pid) and b"standalone" in words:
            return int(folder.name)
    return 0


def market_of(folder: Path) -> int:
    """The process of the market that lives in the exchange of this data folder; 0 if there is none."""
    told = f"MARKET_FOLDER={folder}/market".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words, environment = ((process / name).read_bytes().split(b"\0") for name in ("cmdline", "environ"))
        except OSError:
            continue
        if b"market_feed.main" in words and told in environment:
            return int(process.name)
    return 0
