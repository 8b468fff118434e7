"""Who can reach whom on the cluster: exactly who has to, on exactly the ports it takes."""

from __future__ import annotations

import pytest
import yaml  # type: ignore[import-untyped]

from standalone.databases import SERVICES
from tests.chart.helm import ROOT, Installation
from tests.chart.installations import (
    BARE,
    BROKER_OPERATOR,
    CLOUDNATIVEPG,
    DEV,
    INGRESS,
    INGRESS_NAMESPACE,
    INSTALLATIONS,
    KEDA,
    KEDA_NAMESPACE,
    MONITORING,
    MONITORING_NAMESPACE,
    PRODUCTION,
    ROUTE,
)
from tests.chart.manifests import Manifests, Pod
from tests.chart.merging import merged
from tests.chart.network import Network, Place, place_of, places_of_operators, selects

DATABASE, BROKER, CACHE, WEB, PAGE, ANY = 5432, 5672, 6379, 8000, 8080, 9
"""Ports; the last one is nobody's."""

SERVERS = {"postgres": DATABASE, "rabbitmq": BROKER, "redis": CACHE}
VALUES_OF = {"postgres": "postgresql", "rabbitmq": "rabbitmq", "redis": "redis"}
DNS = Place("dns", {"k8s-app": "kube-dns"}, namespace="kube-system")
OUTSIDE = Place("outside", namespace="", address="10.20.30.40")
NEIGHBOUR = Place("neighbour", {"app": "something"}, namespace="default")

GUARDED = [installation for installation in INSTALLATIONS if installation is not BARE]
everywhere_guarded = pytest.mark.parametrize("installation", GUARDED, ids=str, indirect=True)


def network_of(manifests: Manifests) -> Network:
    return Network(manifests.of("NetworkPolicy"))


def role_of(pod: Pod) -> tuple[str, str]:
    """What a pod is: (service, door), or a program or server and an empty word."""
    container = pod.containers[-1]
    if container.our_image == "operations":
        return next(word for word in container.words if word.startswith(("standalone.", "loadtest."))), ""
    if container.our_image == "gateway":
        return "gateway", ""
    if container.our_image:
        return container.our_image.replace("-", "_"), container.words[-1]
    return container.image.rsplit("/", 1)[-1].partition(":")[0], ""


def reaches(role: tuple[str, str]) -> set[tuple[str, int]]:
    """The servers' kinds and doors that a pod has to reach, with their ports."""
    who, door = role
    if who == "gateway":
        return {("web", WEB)}
    if who in ("market_feed", "loadtest.smoke"):
        return {("gateway", PAGE)}
    if who == "standalone.audit":
        return {("postgres", DATABASE), ("rabbitmq", BROKER)}
    needed = {("postgres", DATABASE)} if who in SERVICES else set()
    if door in ("web", "consumer", "relay"):
        needed.add(("rabbitmq", BROKER))
    if door in ("web", "consumer"):
        needed.add(("redis", CACHE))
    return needed


def ports_of(manifests: Manifests) -> set[int]:
    return {port for container in manifests.containers for port in container.ports.values()} | {ANY}


@everywhere_guarded
def test_every_way_that_is_needed_is_open_and_no_other(manifests: Manifests):
    network, ports = network_of(manifests), ports_of(manifests)
    known = [(place_of(pod), role_of(pod)) for pod in manifests.pods]
    ways = [
        (source, target, port, (door or who, port) in reaches(role))
        for source, role in known
        for target, (who, door) in known
        if source is not target
        for port in ports
    ]

    assert [
        f"{source.name} to {target.name}:{port} is {'closed' if is_meant else 'open'}"
        for source, target, port, is_meant in ways
        if network.is_open(source, target, port) != is_meant
    ] == []


@everywhere_guarded
def test_everybody_may_ask_for_names(manifests: Manifests):
    network = network_of(manifests)
    for pod in manifests.pods:
        assert [network.is_open(place_of(pod), DNS, 53, protocol) for protocol in ("UDP", "TCP")] == [True, True], pod


@everywhere_guarded
def test_no_pod_is_without_a_policy_for_either_direction(manifests: Manifests):
    network = network_of(manifests)
    for pod in manifests.pods:
        for direction in ("Ingress", "Egress"):
            assert network.selecting(place_of(pod), direction), f"{pod}: {direction}"


@everywhere_guarded
def test_one_policy_denies_everything_to_everybody(manifests: Manifests):
    """So that a pod nobody thought of is shut in, whatever the policies that open ways say."""
    denials = [
        policy["spec"]["podSelector"]
        for policy in manifests.of("NetworkPolicy")
        if set(policy["spec"].get("policyTypes", [])) == {"Ingress", "Egress"}
        and not policy["spec"].get("ingress")
        and not policy["spec"].get("egress")
    ]

    assert [all(selects(denial, pod.labels) for pod in manifests.pods) for denial in denials] == [True]


@everywhere_guarded
def test_every_policy_is_somebodys(manifests: Manifests):
    operators = list(places_of_operators(manifests))
    for policy in manifests.of("NetworkPolicy"):
        places = [*map(place_of, manifests.pods), *operators]
        selected = [place for place in places if selects(policy["spec"]["podSelector"], place.labels)]
        assert selected, policy["metadata"]["name"]


def outward(manifests: Manifests, source: Place) -> set[tuple[str, int]]:
    """Who of the chart somebody else can reach."""
    network = network_of(manifests)
    return {
        (pod.name, port)
        for pod in manifests.pods
        for port in ports_of(manifests)
        if network.is_open(source, place_of(pod), port)
    }


@everywhere_guarded
def test_strangers_reach_the_front_door_at_most(manifests: Manifests):
    for stranger in (OUTSIDE, NEIGHBOUR):
        assert outward(manifests, stranger) <= {("gateway", PAGE)}


@pytest.mark.parametrize("installation", [DEV], ids=str, indirect=True)
def test_where_a_port_of_the_node_leads_in_everybody_may_come(manifests: Manifests):
    assert outward(manifests, OUTSIDE) == {("gateway", PAGE)}


@pytest.mark.parametrize("installation", [INGRESS, ROUTE], ids=str, indirect=True)
def test_where_somebody_stands_in_front_only_it_comes_in(manifests: Manifests):
    controller = Place("controller", {"app": "nginx"}, namespace=INGRESS_NAMESPACE)

    assert outward(manifests, controller) == {("gateway", PAGE)}
    assert outward(manifests, OUTSIDE) | outward(manifests, NEIGHBOUR) == set()


@pytest.mark.parametrize("installation", [MONITORING], ids=str, indirect=True)
def test_who_reads_metrics_reaches_every_process_that_has_them(manifests: Manifests):
    prometheus = Place("prometheus", {"app": "prometheus"}, namespace=MONITORING_NAMESPACE)
    served = {(pod.name, WEB) for pod in manifests.pods if role_of(pod)[1] in ("web", "consumer", "relay")}

    assert outward(manifests, prometheus) - {("gateway", PAGE)} == served


@pytest.mark.parametrize("installation", [KEDA], ids=str, indirect=True)
def test_who_counts_waiting_messages_reaches_the_broker(manifests: Manifests):
    keda = Place("keda", {"app": "keda-operator"}, namespace=KEDA_NAMESPACE)
    brokers = {name for name, _ in outward(manifests, keda) - {("gateway", PAGE)}}

    assert brokers == {pod.name for pod in manifests.pods if role_of(pod)[0] == "rabbitmq"}


def ports_elsewhere(installation: Installation) -> dict[str, int]:
    """Kind → port of the servers that are somebody else's."""
    chosen = merged(
        *(yaml.safe_load((ROOT / file).read_text()) for file in installation.files), dict(installation.values)
    )
    servers = {kind: chosen.get(key, {}) for kind, key in VALUES_OF.items()}
    return {kind: server["external"]["port"] for kind, server in servers.items() if server.get("mode") == "external"}


@everywhere_guarded
def test_no_pod_calls_out_but_to_servers_that_are_elsewhere(installation: Installation, manifests: Manifests):
    network, elsewhere = network_of(manifests), ports_elsewhere(installation)
    for pod in manifests.pods:
        called = {kind for kind, _ in reaches(role_of(pod))}
        meant_to = {port for kind, port in elsewhere.items() if kind in called}
        asked = {*ports_of(manifests), *SERVERS.values(), *elsewhere.values(), 80, 443}
        is_open = {port for port in asked if network.is_open(place_of(pod), OUTSIDE, port)}

        assert is_open == meant_to, pod


@pytest.mark.parametrize("installation", [CLOUDNATIVEPG, BROKER_OPERATOR, PRODUCTION], ids=str, indirect=True)
def test_who_needs_a_server_of_an_operator_reaches_it(manifests: Manifests):
    network = network_of(manifests)
    for server in places_of_operators(manifests):
        for pod in manifests.pods:
            is_meant = (server.name, SERVERS[server.name]) in reaches(role_of(pod))
            is_open = network.is_open(place_of(pod), server, SERVERS[server.name])
            assert is_open == is_meant, f"{pod} to the {server.name} of an operator"
