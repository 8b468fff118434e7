"""What k8s/ has around the chart fits it: the cluster's open port, the namespace's rules, the files that texts name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml  # type: ignore[import-untyped]

from tests.chart.helm import CHART, ROOT, rendered
from tests.chart.installations import DEV, OFFERED
from tests.chart.network import HOME

K8S = ROOT / "k8s"
TEXTS = (K8S / "README.md", CHART / "README.md")
OURS = re.compile(r"(?<![\w/.-])(?:k8s|charts|docs|services|tests|loadtest)/[\w/.-]*\w")


def read(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((K8S / name).read_text()))


def test_the_cluster_opens_the_port_that_the_gateway_is_at(helms: None):
    (mapping,) = (mapping for node in read("kind.yaml")["nodes"] for mapping in node.get("extraPortMappings", []))
    gateway = rendered(DEV).named("Service", f"{rendered(DEV).fullname}-gateway")

    assert gateway is not None
    assert [port["nodePort"] for port in gateway["spec"]["ports"]] == [mapping["containerPort"]]
    assert (mapping["hostPort"], mapping["listenAddress"]) == (8080, "127.0.0.1")


def test_the_cluster_has_three_nodes_of_which_two_work():
    assert [node["role"] for node in read("kind.yaml")["nodes"]] == ["control-plane", "worker", "worker"]


def test_the_namespace_lets_only_restricted_pods_in():
    namespace = read("namespace.yaml")
    labels = namespace["metadata"]["labels"]

    kubernetes_validate.validate(namespace, kubernetes_validate.latest_version(), strict=True)
    assert namespace["metadata"]["name"] == HOME
    assert {labels[f"pod-security.kubernetes.io/{mode}"] for mode in ("enforce", "warn", "audit")} == {"restricted"}


def test_every_installation_we_offer_is_looked_at():
    assert {path.stem for path in (K8S / "values").glob("*.yaml")} == set(OFFERED)


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_text_names_is_there(text: Path):
    named = set(OURS.findall(text.read_text()))

    assert named != set()
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
