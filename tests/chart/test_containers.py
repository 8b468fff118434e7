"""Every container of every installation: confined, bounded, watched, and given what it stands on."""

from __future__ import annotations

from typing import Any

from chassis.limits import HEALTH_PATHS
from tests.chart.manifests import Container, Manifests, Pod

NO_HTTP = {"market-feed"}
"""Ours that serve nothing: that the process lives is all there is to see."""

GATEWAY_PATHS = {"/livez"}
"""What the gateway answers by itself; the other health paths it keeps from the public."""

ALLOWED_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected",
                   "secret"}  # fmt: skip
"""https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
GRACEFUL_STOP_S = 10


def test_every_container_is_confined_as_pod_security_restricted_demands(manifests: Manifests):
    wrong = [f"{container}: {fault}" for container in manifests.containers for fault in liberties(container)]

    assert wrong == []


def liberties(container: Container) -> list[str]:
    """What a namespace labelled "restricted" would refuse the pod for, and what else we never want."""
    security = container.spec.get("securityContext", {})
    both = {**container.pod.spec.get("securityContext", {}), **security}
    is_right = {
        "runAsNonRoot": both.get("runAsNonRoot") is True,
        "runAsUser": both.get("runAsUser", None if container.our_image else 0) != 0,  # theirs start as root
        "seccompProfile": both.get("seccompProfile", {}).get("type") in ("RuntimeDefault", "Localhost"),
        "allowPrivilegeEscalation": security.get("allowPrivilegeEscalation") is False,
        "capabilities": security.get("capabilities") == {"drop": ["ALL"]},
        "privileged": not security.get("privileged"),
        "readOnlyRootFilesystem": security.get("readOnlyRootFilesystem") is True,
        "hostPort": not any("hostPort" in port for port in container.spec.get("ports", [])),
    }
    return [name for name, right in is_right.items() if not right]


def test_no_pod_shares_anything_with_its_node_or_may_call_the_cluster(manifests: Manifests):
    for pod in manifests.pods:
        kinds = {kind for volume in pod.volumes.values() for kind in volume if kind != "name"}
        account = manifests.named("ServiceAccount", pod.spec.get("serviceAccountName", "default"))

        assert not any(pod.spec.get(word) for word in ("hostNetwork", "hostPID", "hostIPC")), pod
        assert kinds <= ALLOWED_VOLUMES, pod
        assert pod.spec.get("automountServiceAccountToken") is False, pod
        assert account is not None, f"{pod} runs as nobody the chart makes"
        assert account["automountServiceAccountToken"] is False, pod


def test_every_container_says_what_it_needs_and_how_much_it_gets(manifests: Manifests):
    for container in manifests.containers:
        resources = container.spec.get("resources", {})

        assert {"cpu", "memory"} <= set(resources.get("requests", {})), container
        assert "memory" in resources.get("limits", {}), container


def test_every_container_that_stays_is_watched(manifests: Manifests):
    for container in manifests.containers:
        if container.stays and container.our_image not in NO_HTTP:
            assert [probe for probe in PROBES if probe not in container.spec] == [], container


def test_probes_ask_where_the_code_answers(manifests: Manifests):
    asked = 0
    for container in manifests.containers:
        served = GATEWAY_PATHS if container.our_image == "gateway" else HEALTH_PATHS - {"/metrics"}
        for request in requests_of(container) if container.our_image else []:
            asked += 1
            assert request["path"] in served, container
            assert port_of(container, request["port"]) in container.ports.values(), container

    assert asked > 0


def test_a_pod_that_only_waits_for_others_is_not_ended_for_it(manifests: Manifests):
    """/readyz fails while a database is away: a liveness probe on it would kill everything that could recover."""
    for container in manifests.containers:
        if "httpGet" in container.spec.get("livenessProbe", {}):
            assert container.spec["livenessProbe"]["httpGet"]["path"] == "/livez", container
        if container.our_image and container.our_image != "gateway" and "httpGet" in container.spec.get(
            "readinessProbe", {}
        ):  # fmt: skip
            assert container.spec["readinessProbe"]["httpGet"]["path"] == "/readyz", container


def requests_of(container: Container) -> list[dict[str, Any]]:
    found = [container.spec[probe].get("httpGet") for probe in PROBES if probe in container.spec]
    return [request for request in found if request]


def port_of(container: Container, port: int | str) -> int:
    return port if isinstance(port, int) else container.ports[port]


def test_every_container_may_write_below_tmp_and_nowhere_that_is_not_there(manifests: Manifests):
    for container in manifests.containers:
        volumes = container.pod.volumes

        assert {mount["name"] for mount in container.mounts.values()} <= set(volumes), container
        if container.our_image:
            assert "/tmp" in container.mounts, container  # noqa: S108  # a mount of its own
            assert "emptyDir" in volumes[container.mounts["/tmp"]["name"]], container  # noqa: S108


def test_every_volume_is_of_something_that_is_there(manifests: Manifests):
    for pod in manifests.pods:
        for name, volume in pod.volumes.items():
            for missing in missing_sources(manifests, pod, volume):
                raise AssertionError(f"{pod}: volume {name} is of {missing}")


def missing_sources(manifests: Manifests, pod: Pod, volume: dict[str, Any]) -> list[str]:
    """What a volume is made of and the chart does not make. Secrets may be a person's own."""
    found = []
    for source in [volume, *volume.get("projected", {}).get("sources", [])]:
        if "configMap" in source:
            map_ = manifests.named("ConfigMap", source["configMap"]["name"])
            keys = (map_ or {}).get("data") or {}
            items = source["configMap"].get("items", [])
            found += [] if map_ else [f"ConfigMap {source['configMap']['name']}"]
            found += [f"key {item['key']}" for item in items if item["key"] not in keys]
        if "secret" in source:
            secret = manifests.secret(source["secret"].get("secretName") or source["secret"].get("name"))
            items = source["secret"].get("items", [])
            found += [f"key {item['key']}" for item in items if secret is not None and item["key"] not in secret]
        if "persistentVolumeClaim" in source:
            claim = source["persistentVolumeClaim"]["claimName"]
            found += [] if manifests.named("PersistentVolumeClaim", claim) else [f"claim {claim}"]
    return found


def test_who_answers_http_is_given_time_to_stop_answering(manifests: Manifests):
    """A Service forgets a pod a moment after the pod is told to stop: it must go on answering for so long."""
    for pod in manifests.pods:
        for container in pod.containers:
            if not (container.stays and container.our_image) or container.our_image in NO_HTTP:
                continue
            pause_s = pause_before_stop(container)
            if pod.name.endswith("-web") or pod.name == "gateway":
                assert pause_s > 0, container
            assert pod.spec.get("terminationGracePeriodSeconds", 30) > pause_s + GRACEFUL_STOP_S, container


def pause_before_stop(container: Container) -> int:
    """Seconds between a pod's being told to stop and its process' being told."""
    hook = container.spec.get("lifecycle", {}).get("preStop", {})
    if "sleep" in hook:
        return int(hook["sleep"]["seconds"])
    words = " ".join(hook.get("exec", {}).get("command", ["0"])).split()
    return int(float(words[-1]))
