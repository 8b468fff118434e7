"""Helm 3 and Helm 4, told to render the chart."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.chart.manifests import Manifests
from tests.chart.network import HOME

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts" / "stock-exchange"
RELEASE = "venue"
_KUBERNETES = "1.36.0"
"""Told to both, for each takes another one for granted."""

_LIMIT_S = 60


class Refused(Exception):
    """What Helm says when it does not render."""


@dataclass(frozen=True)
class Installation:
    """One way to install the chart: values files as a person names them, and values of its own over them."""

    name: str
    files: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    upgrade: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> list[str]:
        files = [word for file in self.files for word in ("--values", str(ROOT / file))]
        return [*files, "--values", "-"]


@dataclass(frozen=True)
class Helm:
    """One Helm, where `.ci/helm` leaves it."""

    number: int

    @property
    def path(self) -> Path:
        return ROOT / ".helm" / str(self.number) / "helm"

    def template(self, installation: Installation, cluster: Path | None = None) -> str:
        """Everything an installation consists of, hooks and tests included; Refused with Helm's words.

        `cluster` is a file that says how to reach one: Helm looks there for what exists already.
        """
        words = ["template", RELEASE, str(CHART), "--namespace", HOME, "--kube-version", _KUBERNETES]
        if installation.upgrade:
            words.append("--is-upgrade")
        if cluster is not None:
            words += ["--dry-run=server", "--disable-openapi-validation", "--kubeconfig", str(cluster)]
        return self._run([*words, *installation.words], installation.values)

    def lint(self, installation: Installation) -> str:
        """What `helm lint --strict` says; Refused if it is not content."""
        return self._run(["lint", "--strict", str(CHART), *installation.words], installation.values)

    def notes(self, installation: Installation) -> str:
        """What a person reads after an installation. Helm 3 would ask a cluster first; Helm 4 need not."""
        words = ["install", RELEASE, str(CHART), "--namespace", HOME, "--dry-run=client"]
        return self._run([*words, *installation.words], installation.values).partition("\nNOTES:\n")[2]

    def _run(self, words: Sequence[str], values: Mapping[str, Any]) -> str:
        alone = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "KUBECONFIG": os.devnull}
        command = [str(self.path), *words]
        told = json.dumps(values)
        done = subprocess.run(command, input=told, capture_output=True, text=True, env=alone, timeout=_LIMIT_S)
        if done.returncode != 0:
            raise Refused(done.stdout + done.stderr)
        return done.stdout


HELM_3, HELM_4 = Helm(3), Helm(4)


def rendered(installation: Installation, helm: Helm = HELM_4) -> Manifests:
    """The objects of an installation. Each is rendered once in a test session, so nobody may change them."""
    return _rendered(helm, installation.name, installation.files, json.dumps(installation.values), installation.upgrade)


@cache
def _rendered(helm: Helm, name: str, files: tuple[str, ...], values: str, upgrade: bool) -> Manifests:
    return Manifests.read(helm.template(Installation(name, files, json.loads(values), upgrade)))
