"""Each lock of requirements/ is whole for every supported Python and platform, whichever of them made it.

Judged offline: the packages that are installed here say what they require, markers and extras included, and made-up
environments say which of it is wanted elsewhere. What is wanted elsewhere alone is not installed here, so what it
requires in turn is seen only where it is: the matrix of the workflow has the Python of Debian 12 for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11.0", "3.11.2", "3.11.3", "3.11.7", "3.12.0", "3.12.12", "3.13.0", "3.13.9", "3.14.0", "3.14.10")
PLATFORMS = (
    ("linux", "Linux", "x86_64"),
    ("linux", "Linux", "aarch64"),
    ("darwin", "Darwin", "x86_64"),
    ("darwin", "Darwin", "arm64"),
)
LOCKS = ("service", "run", "test", "node")
_LOCKED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$")

Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of a lock."""

    name: str
    version: str
    marker: Marker | None
    hashes: int

    def is_for(self, environment: Environment) -> bool:
        return self.marker is None or self.marker.evaluate(dict(environment))


@cache
def read_lock(name: str) -> list[Locked]:
    """The entries of requirements/NAME.txt."""
    found = []
    for block in re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{name}.txt").read_text()):
        if (head := _LOCKED.match(block.splitlines()[0])) is not None:
            marker = Marker(head["marker"]) if head["marker"] else None
            found.append(
                Locked(canonicalize_name(head["name"]), head["version"], marker, block.count("--hash=sha256:"))
            )
    return found


def asked_for(name: str) -> Iterator[Requirement]:
    """What requirements/NAME.in asks for, and the files it names."""
    for line in (ROOT / "requirements" / f"{name}.in").read_text().splitlines():
        words = line.partition("#")[0].split()
        if words[:1] == ["-r"]:
            yield from asked_for(words[1].removesuffix(".in"))
        elif words and words[0] != "-c":
            yield Requirement(" ".join(words))


def made_up(python: str, platform: tuple[str, str, str]) -> Environment:
    """The markers of one Python on one platform."""
    sys_platform, system, machine = platform
    return {
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "implementation_version": python,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
    }


def gaps(asked: Iterator[Requirement], lock: list[Locked], environment: Environment) -> set[str]:
    """What is wanted there, directly or by what is wanted there, and not in the lock for it."""
    todo, seen, missing = list(asked), set[tuple[str, str]](), set[str]()
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        entries = [entry for entry in lock if entry.name == name and entry.is_for(environment)]
        if len(entries) != 1 or not wanted.specifier.contains(entries[0].version, prereleases=True):
            missing.add(str(wanted))
            continue
        for extra in {"", *wanted.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                todo += required_by(entries[0], extra, environment)
    return missing


def required_by(entry: Locked, extra: str, environment: Environment) -> Iterator[Requirement]:
    """What a package says that it requires there."""
    for wanted in _all_required_by(entry.name, entry.version):
        if wanted.marker is None or wanted.marker.evaluate({**environment, "extra": extra}):
            yield wanted


@cache
def _all_required_by(name: str, version: str) -> tuple[Requirement, ...]:
    """Nothing where the package is not installed here."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return ()
    assert package.version == version, f"{name} is installed as {package.version}: .ci/setup test"
    return tuple(map(Requirement, package.requires or ()))


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["service", "run", "test"])
def test_a_lock_has_all_that_any_python_on_any_platform_wants(name: str, python: str) -> None:
    lock = read_lock(name)

    assert {
        (system, machine): missing
        for _, system, machine in PLATFORMS
        if (missing := gaps(asked_for(name), lock, made_up(python, (_, system, machine))))
    } == {}


def test_a_package_that_only_an_older_patch_version_wants_is_missed_there_and_only_there() -> None:
    lock = [entry for entry in read_lock("service") if entry.name != "async-timeout"]

    missing = {python: gaps(asked_for("service"), lock, made_up(python, PLATFORMS[0])) for python in PYTHONS}

    assert [python for python in PYTHONS if missing[python]] == ["3.11.0", "3.11.2"]
    assert {Requirement(wanted).name for wanted in missing["3.11.2"]} == {"async-timeout"}


@pytest.mark.parametrize("name", LOCKS)
def test_every_entry_of_a_lock_has_its_hashes_and_none_says_where_it_was_made(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()

    assert [entry.name for entry in read_lock(name) if not entry.hashes] == []
    assert len(read_lock(name)) == len(re.findall(r"^\S+==", text, re.MULTILINE))
    assert re.findall(r"://|--index|--extra|--find|--trusted|^.*(?:file|git)\+|[ =]/", text, re.MULTILINE) == []


def test_the_tests_try_the_versions_that_the_services_run_on() -> None:
    versions = {name: {entry.name: entry.version for entry in read_lock(name)} for name in ("service", "run", "test")}

    assert versions["service"].items() <= versions["run"].items() <= versions["test"].items()


def test_whatever_speaks_of_supported_pythons_names_the_same_ones() -> None:
    said = re.search(r'^requires-python = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert said is not None
    supported = [f"3.{minor}" for minor in range(20) if f"3.{minor}.0" in SpecifierSet(said[1])]

    assert supported == sorted({".".join(python.split(".")[:2]) for python in PYTHONS})
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    assert f"python: {supported}".replace("'", '"') in workflow
    for document in ("README.md", "CONTRIBUTING.md"):
        assert f"Python {supported[0]} to {supported[-1]}" in (ROOT / document).read_text(), document
