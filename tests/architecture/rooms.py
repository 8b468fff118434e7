"""Every service has the same rooms, so that who knows one knows all: README, migrations and folders are checked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CODE_ROOMS = {"main", "settings", "api", "consumers", "handlers", "ports", "domain", "store", "cache", "clients"}
OTHER_ROOMS = {"README.md", "Dockerfile", "__init__.py", "migrations"}
ALWAYS_THERE = ("README.md", "__init__.py", "main.py")
HEADINGS = ["Purpose", "Endpoints", "Hears", "Says", "Settings", "Tables"]

MIGRATION = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


def wrong_rooms(service: Path) -> Iterator[str]:
    """What is wrong with the rooms of one service, a line for each."""
    for name in ALWAYS_THERE:
        if not (service / name).exists():
            yield f"{service / name}: is missing"
    for path in _inhabited(service):
        room = path.stem if path.suffix == ".py" else path.name
        if path.name not in OTHER_ROOMS and room not in CODE_ROOMS:
            yield f"{path}: is none of the rooms of a service"
        if path.is_dir() and path.with_suffix(".py").exists():
            yield f"{path}: is a file and a folder"
    yield from wrong_folders(service)
    yield from wrong_headings(service / "README.md")
    yield from wrong_migrations(service / "migrations")


def wrong_folders(folder: Path) -> Iterator[str]:
    """Folders below `folder` with nothing or only one file in them, and files without a statement."""
    for path in _inhabited(folder):
        if path.is_dir():
            files = [file for file in _inhabited(path) if file.name != "__init__.py"]
            if not files or (len(files) == 1 and path.name != "migrations"):
                yield f"{path}: is a folder with {len(files)} files"
            yield from wrong_folders(path)
        elif path.suffix == ".py" and path.name != "__init__.py" and _says_nothing(path):
            yield f"{path}: is an empty room"


def wrong_headings(readme: Path) -> Iterator[str]:
    """A service's README that has other headings than all the others."""
    if not readme.exists():
        return
    found = re.findall(r"^## (.+)$", readme.read_text(encoding="utf-8"), re.MULTILINE)
    if found != HEADINGS:
        yield f"{readme}: has the headings {', '.join(found) or 'none'} in place of {', '.join(HEADINGS)}"


def wrong_migrations(folder: Path) -> Iterator[str]:
    """Migrations that are not named like 0001_what.sql, or whose number another one has.

    A number may be missing: what is missing is applied in order, whoever came first. Two with one number have no order.
    """
    if not folder.exists():
        return
    taken: set[str] = set()
    for path in _inhabited(folder):
        named = MIGRATION.fullmatch(path.name)
        if not named or named[1] in taken:
            yield f"{path}: should be named NNNN_what_it_does.sql, with a number of its own"
        else:
            taken.add(named[1])


def _inhabited(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "__pycache__")))


def _says_nothing(path: Path) -> bool:
    return all(
        isinstance(statement, ast.ImportFrom) or (isinstance(statement, ast.Expr) and statement is tree.body[0])
        for tree in [ast.parse(path.read_text(encoding="utf-8"))]
        for statement in tree.body
    )
