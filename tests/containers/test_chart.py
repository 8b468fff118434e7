"""What the chart renders, run as containers: it comes up by itself, trades, balances, and survives its servers."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.chart.helm import HELM_4, Installation, rendered
from tests.containers.docker import docker
from tests.containers.house import Images
from tests.containers.pods import Pods

pytestmark = pytest.mark.timeout(900)


@dataclass(slots=True)
class Cluster:
    """Where pods are run, of one rendering after the other; volumes stay."""

    images: Images
    files: Path
    label: str

    def pods(self, rendering: int) -> Pods:
        """The pods of a rendering of its own, with passwords of its own."""
        manifests = rendered(Installation(f"on containers {rendering}", values=self._values()))
        folder = self.files / str(rendering)
        return Pods(manifests, self.label, folder, self.images.of("user-accounts"))

    def _values(self) -> dict[str, Any]:
        return {
            "image": {"tag": self.images.tag},
            "gateway": {"service": {"port": 8080}},
            "postgresql": {"incluster": {**self._server("postgres"), "user": self._user_of("postgres")}},
            "rabbitmq": {"incluster": self._server("rabbitmq")},
            "redis": {"incluster": self._server("redis")},
        }

    def _server(self, name: str) -> dict[str, Any]:
        repository, _, tag = self.images.servers[name].rpartition(":")
        return {"image": {"registry": "", "repository": repository, "tag": tag}}

    def _user_of(self, server: str) -> int:
        """A server that makes its files needs a user whom its image knows."""
        return int(docker("run", "--rm", "--entrypoint", "id", self.images.servers[server], "-u", server))


@pytest.fixture(scope="module")
def cluster(images: Images, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if not HELM_4.path.exists():
        pytest.skip("Helm 4 is not in .helm: `.ci/helm` fetches it, or says why it cannot")
    cluster = Cluster(images, tmp_path_factory.mktemp("pods"), f"stock-exchange-{secrets.token_hex(4)}")
    try:
        yield cluster
    finally:
        cluster.pods(1).remove()


def test_what_the_chart_renders_trades_and_balances(cluster: Cluster):
    pods = cluster.pods(1)

    pods.start("StatefulSet", "Job", "Deployment")

    assert "all is well" in pods.run("test-smoke")
    assert "audit: clean" in pods.run("test-audit")


def test_servers_come_back_with_what_they_kept_and_take_over_new_passwords(cluster: Cluster):
    cluster.pods(1).end("StatefulSet", "Deployment")
    pods = cluster.pods(2)

    pods.start("StatefulSet", "Job", "Deployment")

    assert "all is well" in pods.run("test-smoke")
    assert "audit: clean" in pods.run("test-audit")
