"""Every installation renders, the same with Helm 3 and Helm 4, and Kubernetes would take all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import kubernetes_validate  # type: ignore[import-untyped]
import pytest

from tests.chart.helm import HELM_3, HELM_4, Helm, Installation, rendered
from tests.chart.installations import DEFAULT, INSTALLATIONS
from tests.chart.manifests import Manifests, Object

NEWEST_THREE = kubernetes_validate.utils.all_versions()[-3:]

CUSTOM_KINDS = {
    ("postgresql.cnpg.io/v1", "Cluster"),
    ("postgresql.cnpg.io/v1", "Database"),
    ("rabbitmq.com/v1beta1", "RabbitmqCluster"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
    ("monitoring.coreos.com/v1", "PodMonitor"),
    ("monitoring.coreos.com/v1", "PrometheusRule"),
    ("keda.sh/v1alpha1", "ScaledObject"),
    ("keda.sh/v1alpha1", "TriggerAuthentication"),
    ("gateway.networking.k8s.io/v1", "HTTPRoute"),
}
"""What operators add to Kubernetes: its own schemas do not know them."""

CHECKSUM = re.compile(r"checksum/")
CHECKSUMS = re.compile(r'(?<="checksum/secrets": ")[0-9a-f]+"')


def without_chance(body: Any) -> Any:
    """An object without what is made up anew at each rendering: secrets, and the checksums over them."""
    if isinstance(body, Mapping):
        secret = body.get("kind") == "Secret"
        return {
            key: sorted(value) if secret and key in ("data", "stringData") else without_chance(value)
            for key, value in body.items()
            if not CHECKSUM.match(key)
        }
    return [without_chance(one) for one in body] if isinstance(body, list) else body


@pytest.fixture(scope="module", autouse=True)
def schemas_read_once() -> Iterator[None]:
    """The validator would read megabytes of them anew for every object."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(kubernetes_validate.utils, "schema_contents", cache(kubernetes_validate.utils.schema_contents))
        yield


def identity(one: Object) -> tuple[str, str, str]:
    return one["apiVersion"], one["kind"], one["metadata"]["name"]


@pytest.mark.parametrize("helm", [HELM_3, HELM_4], ids=["helm3", "helm4"])
@pytest.mark.parametrize("installation", INSTALLATIONS, ids=str)
def test_helm_finds_nothing_to_complain_of(helms: None, helm: Helm, installation: Installation):
    assert "0 chart(s) failed" in helm.lint(installation)


@pytest.mark.parametrize("installation", INSTALLATIONS, ids=str)
def test_helm_3_and_helm_4_render_the_same(helms: None, installation: Installation):
    three, four = (rendered(installation, helm) for helm in (HELM_3, HELM_4))

    assert without_chance(three.objects) == without_chance(four.objects)


@pytest.mark.parametrize("version", NEWEST_THREE)
def test_kubernetes_would_take_every_object(manifests: Manifests, version: str):
    for one in manifests.objects:
        if (one["apiVersion"], one["kind"]) not in CUSTOM_KINDS:
            validate(CHECKSUMS.sub('"', json.dumps(one)), version)


@cache
def validate(text: str, version: str) -> None:
    """Once for what most installations have alike: it takes its time."""
    kubernetes_validate.validate(json.loads(text), version, strict=True)


def test_a_wrong_field_would_be_found(default: Manifests):
    gateway = default.pod("gateway").owner
    wrong = {**gateway, "spec": {**gateway["spec"], "replica": 1}}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, NEWEST_THREE[-1], strict=True)


def test_nothing_is_rendered_twice_or_into_another_namespace(manifests: Manifests):
    names = [identity(one) for one in manifests.objects]

    assert len(names) == len(set(names))
    assert {one["metadata"].get("namespace", "stock-exchange") for one in manifests.objects} == {"stock-exchange"}


def test_every_object_says_what_it_belongs_to(manifests: Manifests):
    for one in manifests.objects:
        labels = one["metadata"].get("labels", {})
        assert labels.get("app.kubernetes.io/instance") == "venue", identity(one)
        assert labels.get("app.kubernetes.io/managed-by") == "Helm", identity(one)
        assert labels.get("helm.sh/chart", "").startswith("stock-exchange-"), identity(one)


BLANKS = ("<no value>", "<nil>", "%!", "map[")
"""What a template leaves where it has misunderstood a value."""


def test_nothing_is_left_blank(manifests: Manifests):
    text = json.dumps(manifests.objects)

    assert [blank for blank in BLANKS if blank in text] == []


@pytest.mark.parametrize("installation", INSTALLATIONS, ids=str)
def test_who_installs_is_told_where_to_trade(helms: None, installation: Installation):
    told = HELM_4.notes(installation)

    assert "Trade at " in told
    assert [blank for blank in BLANKS if blank in told] == []


def migrations(manifests: Manifests) -> dict[str, bool]:
    """Name of each migration → whether it is a hook of the upgrade."""
    return {
        pod.name: "pre-upgrade" in pod.owner["metadata"].get("annotations", {}).get("helm.sh/hook", "")
        for pod in manifests.pods
        if any(container.words == ["migrate"] for container in pod.containers)
    }


def test_a_first_installation_migrates_beside_the_pods_that_wait_for_it(helms: None):
    jobs = migrations(rendered(DEFAULT))

    assert (len(jobs), set(jobs.values())) == (5, {False})


def test_an_upgrade_migrates_before_any_pod_is_replaced(helms: None):
    jobs = migrations(rendered(replace(DEFAULT, upgrade=True)))

    assert (len(jobs), set(jobs.values())) == (5, {True})


def test_apart_from_the_migrations_an_upgrade_is_a_first_installation(helms: None):
    first, later = rendered(DEFAULT), rendered(replace(DEFAULT, upgrade=True))

    assert {identity(one) for one in first.objects if one["kind"] != "Job"} == {
        identity(one) for one in later.objects if one["kind"] != "Job"
    }
