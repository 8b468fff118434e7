"""An upgrade keeps every secret, and pods are replaced when one of theirs has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.chart.cluster import cluster_with
from tests.chart.helm import HELM_3, HELM_4, Helm, rendered
from tests.chart.installations import DEFAULT, OWN_SECRETS, UPGRADE
from tests.chart.manifests import Manifests, Pod


def secrets_of(manifests: Manifests) -> dict[str, dict[str, str] | None]:
    return {name: manifests.secret(name) for name in (str(one["metadata"]["name"]) for one in manifests.of("Secret"))}


def checksums_of(pod: Pod) -> dict[str, str]:
    annotations = pod.template["metadata"].get("annotations", {})
    return {name: text for name, text in annotations.items() if name.startswith("checksum/")}


def secrets_read(pod: Pod) -> bool:
    """Whether anything in the pod comes out of a Secret."""
    environment = [entry for container in pod.containers for entry in container.spec.get("env", [])]
    return any("secretKeyRef" in entry.get("valueFrom", {}) for entry in environment) or any(
        "secret" in volume for volume in pod.volumes.values()
    )


@pytest.mark.parametrize("helm", [HELM_3, HELM_4], ids=["helm3", "helm4"])
def test_an_upgrade_changes_no_secret_and_no_pod(helms: None, helm: Helm, tmp_path: Path):
    first = rendered(DEFAULT)
    with cluster_with(first, tmp_path) as way:
        second = Manifests.read(helm.template(UPGRADE, way))

    assert secrets_of(second) == secrets_of(first)
    assert {pod.name: pod.template for pod in second.pods if pod.owner["kind"] == "Deployment"} == {
        pod.name: pod.template for pod in first.pods if pod.owner["kind"] == "Deployment"
    }


def test_another_installation_beside_it_has_secrets_of_its_own(default: Manifests, tmp_path: Path):
    with cluster_with(default, tmp_path) as way:
        beside = Manifests.read(HELM_4.template(replace(DEFAULT, values={"fullnameOverride": "beside"}), way))

    theirs, mine = secrets_of(beside), secrets_of(default)
    assert [secret for secret in theirs.values() if secret in mine.values()] == []


def test_a_new_secret_replaces_every_pod_that_reads_it(helms: None):
    once, again = rendered(DEFAULT, HELM_3), rendered(DEFAULT, HELM_4)
    for pod in once.pods:
        if pod.owner["kind"] == "Deployment" and secrets_read(pod):
            assert checksums_of(pod) != {}, pod
            assert checksums_of(pod) != checksums_of(again.pod(pod.name)), pod


def test_with_secrets_of_ones_own_every_rendering_is_the_same(helms: None):
    assert rendered(OWN_SECRETS, HELM_3).objects == rendered(OWN_SECRETS, HELM_4).objects


def test_generated_secrets_outlive_the_release(default: Manifests):
    for one in default.of("Secret"):
        policy = one["metadata"].get("annotations", {}).get("helm.sh/resource-policy")
        assert policy == "keep", one["metadata"]["name"]
