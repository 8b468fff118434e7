"""The page as it is served: built anew where it is missing or older than what it is made of."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from loadtest.own_process import ROOT

FRONTEND = ROOT / "frontend"
_SOURCES = ("src", "public", "index.html", "openapi.json", "package-lock.json", "vite.config.ts")
_MADE_ON_THE_WAY = "schema.d.ts"
_LONGEST_BUILD_S = 300


@cache
def built_page() -> Path:
    """The folder with index.html in it. CalledProcessError when it cannot be built; the build has said why."""
    index = FRONTEND / "dist" / "index.html"
    if not index.exists() or index.stat().st_mtime < _changed_last():
        if not (FRONTEND / "node_modules" / "vite").exists():
            _npm("ci")
        _npm("run", "build")
    return index.parent


def _changed_last() -> float:
    files = (file for name in _SOURCES for file in [FRONTEND / name, *(FRONTEND / name).rglob("*")])
    return max(file.stat().st_mtime for file in files if file.is_file() and file.name != _MADE_ON_THE_WAY)


def _npm(*arguments: str) -> None:
    subprocess.run([ROOT / ".ci" / "npm", *arguments], check=True, timeout=_LONGEST_BUILD_S)
