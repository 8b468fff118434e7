"""The page is built when it is missing or older than its sources, and an exchange opens without it if need be."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from loadtest.own_process import ROOT

LONGEST_LOOK_S = 1.0
WORKS = "#!/bin/sh\nexit 0\n"
NPM = """#!/bin/sh
echo "npm $*" >>../asked
[ "$1" = ci ] && mkdir -p node_modules
[ -e ../broken ] && { echo "no such package"; exit 1; }
[ "$1 $2" = "run build" ] && mkdir -p dist && cat src/main.tsx >dist/index.html
exit 0
"""


class Checkout:
    """A checkout whose packages are installed, on a machine with a Node.js that writes down what it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(ROOT / ".ci", folder / ".ci")
        shutil.copytree(ROOT / "requirements", folder / "requirements")
        self.write("bin/node", WORKS).chmod(0o755)
        self.write("bin/npm", NPM).chmod(0o755)
        for server in ("chromium", "nginx", "pgbouncer", "rabbitmq-server", "redis-server"):
            self.write(f"bin/{server}", WORKS).chmod(0o755)
        self.write("frontend/package-lock.json", "{}")
        self.write("frontend/src/main.tsx", "the page")
        self.write(".venv/bin/python", "#!/bin/sh\necho 3.12\n").chmod(0o755)
        self.write(".venv/lib/python3.12/site-packages/all_that_it_needs.py", "")
        self.write(".venv/.made-by", "python3\n")
        for name in ("run", "test"):
            lock = (folder / "requirements" / f"{name}.txt").read_bytes()
            stamp = subprocess.run(["cksum"], input=lock, capture_output=True, check=True).stdout
            self.write(f".venv/.stamp-{name}", stamp.decode())

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def set_up(self, *words: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [self.folder / ".ci" / "setup", *words],
            env={**os.environ, "PATH": path, "PYTHON": "python3"},
            text=True,
            capture_output=True,
            check=False,
            timeout=60,
        )

    def asked(self) -> list[str]:
        """What npm was asked for since the last look."""
        file = self.folder / "asked"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [" ".join(line.split()[:3]) for line in lines]

    def page(self) -> str:
        index = self.folder / "frontend" / "dist" / "index.html"
        return index.read_text() if index.exists() else ""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def test_a_page_that_is_missing_is_built(checkout: Checkout) -> None:
    built = checkout.set_up("run", "page")

    assert (built.returncode, checkout.page()) == (0, "the page"), built.stdout + built.stderr
    assert checkout.asked() == ["npm ci --no-audit", "npm run build"]


def test_a_page_that_is_up_to_date_costs_a_moment_and_no_build(checkout: Checkout) -> None:
    checkout.set_up("run", "page")
    checkout.asked()
    started_s = time.monotonic()

    again = checkout.set_up("run", "page")

    assert (again.returncode, again.stdout, checkout.asked()) == (0, "", [])
    assert time.monotonic() - started_s < LONGEST_LOOK_S


def test_a_page_older_than_its_sources_is_built_anew_with_the_packages_that_are_there(checkout: Checkout) -> None:
    checkout.set_up("run", "page")
    checkout.asked()
    checkout.write("frontend/src/main.tsx", "a better page")

    checkout.set_up("run", "page")

    assert (checkout.page(), checkout.asked()) == ("a better page", ["npm run build"])


def test_other_packages_are_installed_before_the_next_build(checkout: Checkout) -> None:
    checkout.set_up("run", "page")
    checkout.asked()
    checkout.write("frontend/package-lock.json", '{"name": "page"}')

    checkout.set_up("run", "page")

    assert checkout.asked() == ["npm ci --no-audit", "npm run build"]


def test_what_needs_no_page_builds_none(checkout: Checkout) -> None:
    assert checkout.set_up("run").returncode == 0
    assert (checkout.page(), checkout.asked()) == ("", [])


def test_a_page_that_cannot_be_built_keeps_nobody_from_opening_and_is_tried_again(checkout: Checkout) -> None:
    checkout.write("broken", "")

    failed = checkout.set_up("run", "page")

    assert failed.returncode == 0
    assert "no such package" in failed.stderr
    assert failed.stderr.splitlines()[-1].startswith("The page could not be built")
    (checkout.folder / "broken").unlink()
    checkout.set_up("run", "page")
    assert checkout.page() == "the page"


def test_tests_are_not_run_without_the_page(checkout: Checkout) -> None:
    checkout.write("broken", "")

    refused = checkout.set_up("test")

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("The page could not be built")
