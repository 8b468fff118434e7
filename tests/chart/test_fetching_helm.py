"""`.ci/helm` says in one sentence why it cannot fetch, and leaves nothing half-made behind."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.chart.helm import ROOT

BROKEN = "#!/bin/sh\nexit 1\n"
A_MAC = '#!/bin/sh\n[ "$1" = -s ] && echo Darwin || echo arm64\n'
LINUX = '#!/bin/sh\n[ "$1" = -s ] && echo Linux || echo x86_64\n'


class Checkout:
    """A checkout on a machine of another kind, where packages cannot be had."""

    def __init__(self, folder: Path, uname: str) -> None:
        self.folder = folder
        shutil.copytree(ROOT / ".ci", folder / ".ci")
        shutil.copytree(ROOT / "requirements", folder / "requirements")
        self.write("bin/uname", uname)
        self.write(".venv/bin/python", BROKEN)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def fetch(self) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        command, environment = [self.folder / ".ci" / "helm"], {**os.environ, "PATH": path}
        return subprocess.run(command, env=environment, text=True, capture_output=True, check=False, timeout=60)


def test_on_another_kind_of_machine_it_says_where_to_put_helm(tmp_path: Path):
    checkout = Checkout(tmp_path / "checkout", A_MAC)

    refused = checkout.fetch()

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "put yours at .helm/3/helm" in refused.stderr


def test_helm_that_was_put_there_is_taken(tmp_path: Path):
    checkout = Checkout(tmp_path / "checkout", A_MAC)
    for number in (3, 4):
        checkout.write(f".helm/{number}/helm", BROKEN)

    assert checkout.fetch().returncode == 0


def test_what_cannot_be_fetched_leaves_nothing(tmp_path: Path):
    checkout = Checkout(tmp_path / "checkout", LINUX)

    refused = checkout.fetch()

    assert refused.returncode == 1
    assert "requirements/helm3.txt could not be fetched" in refused.stderr
    assert list((checkout.folder / ".helm").iterdir()) == []
