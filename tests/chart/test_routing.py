"""What points at something in the chart points at something that is there, and at nothing else."""

from __future__ import annotations

from typing import Any

from chassis.bus import SHARDS
from chassis.rabbit_bus.topology import queue_of
from contracts.groups import GROUPS
from contracts.paths import PATHS, SOCKETS
from standalone.servers.gateway_image import SERVICE_PORT, upstreams
from tests.chart.manifests import LONG_RUNNING, Manifests, Object, Pod
from tests.chart.network import places_of_operators, selects

UPSTREAMS_AT = "/etc/nginx/upstreams.conf"


def staying(manifests: Manifests) -> list[Pod]:
    return [pod for pod in manifests.pods if pod.owner["kind"] in LONG_RUNNING]


def name_of(one: Object) -> str:
    return str(one["metadata"]["name"])


def chosen(manifests: Manifests, labels: dict[str, str]) -> list[Pod]:
    return [pod for pod in manifests.pods if selects({"matchLabels": labels}, pod.labels)]


def test_the_gateway_is_told_of_every_service_as_its_image_is(manifests: Manifests):
    """By the release's names, with the connections kept that the code asks for."""
    (container,) = manifests.pod("gateway").containers
    mount = container.mounts[UPSTREAMS_AT]
    source = container.pod.volumes[mount["name"]]["configMap"]["name"]
    written = manifests.named("ConfigMap", source)
    assert written is not None

    servers = {service: f"{manifests.fullname}-{service.replace('_', '-')}:{SERVICE_PORT}" for service in PATHS}
    assert blocks_in(written["data"][mount["subPath"]]) == blocks_in(upstreams(servers))


def blocks_in(text: str) -> list[list[str]]:
    """Each `upstream` block, word by word; the order of the blocks means nothing."""
    return sorted(block.split() for block in text.split("upstream "))


def test_the_services_that_the_gateway_is_told_of_are_there(manifests: Manifests):
    for service in PATHS:
        found = manifests.named("Service", f"{manifests.fullname}-{service.replace('_', '-')}")
        assert found is not None, service
        assert [port["port"] for port in found["spec"]["ports"]] == [SERVICE_PORT], service


def test_every_service_leads_to_pods_that_listen_there(manifests: Manifests):
    for service in manifests.of("Service"):
        pods = chosen(manifests, service["spec"]["selector"])
        assert pods != [], name_of(service)
        for port in service["spec"]["ports"]:
            target = port.get("targetPort", port["port"])
            for pod in pods:
                assert listens(pod, target), f"{name_of(service)}: {pod} has no port {target}"


def listens(pod: Pod, target: int | str) -> bool:
    ports = {name: number for container in pod.containers for name, number in container.ports.items()}
    return target in ports if isinstance(target, str) else target in ports.values()


def test_a_service_leads_to_one_workload_unless_it_is_for_metrics_only(manifests: Manifests):
    for service in manifests.of("Service"):
        if service["spec"].get("clusterIP") != "None" or "metrics" not in name_of(service):
            pods = chosen(manifests, service["spec"]["selector"])
            assert len(pods) == 1, f"{name_of(service)}: {[str(pod) for pod in pods]}"


def test_every_workload_owns_its_pods_and_nobody_elses(manifests: Manifests):
    for owner in manifests.of(*LONG_RUNNING):
        mine = [pod for pod in manifests.pods if selects(owner["spec"]["selector"], pod.labels)]

        assert [pod.owner["metadata"]["name"] for pod in mine] == [name_of(owner)]


def test_a_stateful_set_is_known_by_its_service(manifests: Manifests):
    for owner in manifests.of("StatefulSet"):
        assert manifests.named("Service", owner["spec"]["serviceName"]) is not None, name_of(owner)


def test_what_comes_from_outside_ends_at_the_gateway(manifests: Manifests):
    gateway = f"{manifests.fullname}-gateway"
    ports = {port["port"] for port in (manifests.named("Service", gateway) or {})["spec"]["ports"]}
    backends = [*ingress_backends(manifests), *route_backends(manifests)]

    assert {(name, port) for name, port in backends} <= {(gateway, port) for port in ports}
    outward = [name_of(one) for one in manifests.of("Service") if one["spec"].get("type", "ClusterIP") != "ClusterIP"]
    assert set(outward) <= {gateway}


def ingress_backends(manifests: Manifests) -> list[tuple[str, int]]:
    backends = [
        path["backend"]["service"]
        for ingress in manifests.of("Ingress")
        for rule in ingress["spec"]["rules"]
        for path in rule["http"]["paths"]
    ]
    return [(backend["name"], number_of(manifests, backend)) for backend in backends]


def number_of(manifests: Manifests, backend: dict[str, Any]) -> int:
    """The port an Ingress means, by number or by its name in the Service."""
    if "number" in backend["port"]:
        return int(backend["port"]["number"])
    service = manifests.named("Service", backend["name"])
    assert service is not None, backend["name"]
    return next(int(port["port"]) for port in service["spec"]["ports"] if port["name"] == backend["port"]["name"])


def route_backends(manifests: Manifests) -> list[tuple[str, int]]:
    references = [
        reference
        for route in manifests.of("HTTPRoute")
        for rule in route["spec"]["rules"]
        for reference in rule["backendRefs"]
    ]
    return [(reference["name"], reference["port"]) for reference in references]


def test_an_ingress_leads_live_connections_to_the_gateway_too(manifests: Manifests):
    for ingress in manifests.of("Ingress"):
        paths = [path["path"] for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]

        assert any(socket.startswith(path) for socket in SOCKETS for path in paths), name_of(ingress)


def target_of(manifests: Manifests, reference: dict[str, Any]) -> Object | None:
    return manifests.named(reference.get("kind", "Deployment"), reference["name"])


def test_what_scales_is_there_and_is_scaled_by_one_only(manifests: Manifests):
    scaled = [one["spec"]["scaleTargetRef"] for one in manifests.of("HorizontalPodAutoscaler", "ScaledObject")]
    names = [reference["name"] for reference in scaled]

    assert len(names) == len(set(names))
    for reference in scaled:
        target = target_of(manifests, reference)
        assert target is not None, reference
        assert "replicas" not in target["spec"], f"{reference['name']}: an upgrade would undo the scaling"


def test_queues_that_are_counted_are_those_the_consumer_hears(manifests: Manifests):
    for one in manifests.of("ScaledObject"):
        service = one["spec"]["scaleTargetRef"]["name"].removeprefix(f"{manifests.fullname}-").removesuffix("-consumer")
        group = service.replace("-", "_")

        assert [trigger["metadata"]["queueName"] for trigger in one["spec"]["triggers"]] == [
            queue_of(group, shard) for shard in range(SHARDS)
        ]
        assert group in GROUPS


def test_no_order_book_is_scaled_by_its_cpu(manifests: Manifests):
    """One consumer has the shard's queue; a second one only stands by, however busy the first is."""
    for one in manifests.of("HorizontalPodAutoscaler"):
        assert "order-matching" not in one["spec"]["scaleTargetRef"]["name"]


def test_what_is_scaled_by_cpu_says_how_much_it_asks_for(manifests: Manifests):
    for one in manifests.of("HorizontalPodAutoscaler"):
        assert one["spec"]["minReplicas"] <= one["spec"]["maxReplicas"], name_of(one)
        target = target_of(manifests, one["spec"]["scaleTargetRef"])
        assert target is not None
        for container in target["spec"]["template"]["spec"]["containers"]:
            assert "cpu" in container["resources"]["requests"], name_of(one)


def test_a_disruption_budget_protects_one_workload_and_lets_its_node_drain(manifests: Manifests):
    operated = list(places_of_operators(manifests))
    for budget in manifests.of("PodDisruptionBudget"):
        if any(selects(budget["spec"]["selector"], place.labels) for place in operated):
            assert budget["spec"]["maxUnavailable"] == 1, name_of(budget)
            continue
        owners = [pod.owner for pod in staying(manifests) if selects(budget["spec"]["selector"], pod.labels)]
        assert len(owners) == 1, name_of(budget)
        least = budget["spec"].get("minAvailable", 0)
        assert isinstance(least, str) or least < smallest(manifests, owners[0]), name_of(budget)
        assert budget["spec"].get("maxUnavailable", 1) != 0, name_of(budget)


def smallest(manifests: Manifests, owner: Object) -> int:
    """How many pods a workload has when least is to be done."""
    for one in manifests.of("HorizontalPodAutoscaler", "ScaledObject"):
        if one["spec"]["scaleTargetRef"]["name"] == name_of(owner):
            spec = one["spec"]
            return int(spec.get("minReplicas", spec.get("minReplicaCount", 0)))
    return int(owner["spec"]["replicas"])


def test_monitoring_finds_every_process_that_has_metrics(manifests: Manifests):
    for monitor in manifests.of("ServiceMonitor"):
        services = [
            one for one in manifests.of("Service") if selects(monitor["spec"]["selector"], one["metadata"]["labels"])
        ]
        found = {pod.name for one in services for pod in chosen(manifests, one["spec"]["selector"])}
        named = {port["name"] for one in services for port in one["spec"]["ports"]}

        with_metrics = {
            pod.name for pod in staying(manifests) if pod.containers[-1].our_image not in ("", "gateway", "market-feed")
        }
        assert found == with_metrics
        for endpoint in monitor["spec"]["endpoints"]:
            assert endpoint["port"] in named
            assert endpoint.get("path", "/metrics") == "/metrics"
