"""Who may open a connection to whom: NetworkPolicies, evaluated as Kubernetes documents them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chart.manifests import Manifests, Object, Pod

HOME = "stock-exchange"
"""The namespace the chart is rendered for."""

NAMED_BY_ITSELF = "kubernetes.io/metadata.name"


@dataclass(frozen=True)
class Place:
    """Somebody on the network: a pod of the chart, a pod of another namespace, or with no namespace who is outside.

    An address range that holds for the outside holds for pods, too, if theirs is in it: so do most networks.
    """

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace: str = HOME
    ports: Mapping[str, int] = field(default_factory=dict)
    address: str = "10.244.0.1"


def place_of(pod: Pod) -> Place:
    """A pod of the chart."""
    ports = {name: number for container in pod.containers for name, number in container.ports.items()}
    return Place(pod.name, pod.labels, ports=ports)


def places_of_operators(manifests: Manifests) -> Iterator[Place]:
    """The pods that operators will make, with the labels their documents promise."""
    for cluster in manifests.of("Cluster"):
        yield Place("postgres", {"cnpg.io/cluster": cluster["metadata"]["name"]}, ports={"postgresql": 5432})
    for cluster in manifests.of("RabbitmqCluster"):
        labels = {"app.kubernetes.io/name": cluster["metadata"]["name"], "app.kubernetes.io/component": "rabbitmq"}
        yield Place("rabbitmq", labels, ports={"amqp": 5672})


@dataclass(frozen=True)
class Network:
    """The namespace with these policies. What no policy selects is open, as in Kubernetes."""

    policies: Sequence[Object]

    def is_open(self, source: Place, target: Place, port: int, protocol: str = "TCP") -> bool:
        """Whether `source` may leave for that port of `target`, and `target` lets it in."""
        leaves = self._permits(source, "Egress", target, target, port, protocol)
        return leaves and self._permits(target, "Ingress", source, target, port, protocol)

    def selecting(self, place: Place, direction: str) -> list[Object]:
        """The policies that hold for traffic in one direction of a pod: Ingress or Egress."""
        return [
            policy
            for policy in self.policies
            if direction in _directions(policy["spec"])
            and place.namespace == HOME
            and selects(policy["spec"]["podSelector"], place.labels)
        ]

    def _permits(self, place: Place, direction: str, peer: Place, target: Place, port: int, protocol: str) -> bool:
        policies = self.selecting(place, direction)
        if not policies:
            return True
        word, side = {"Ingress": ("ingress", "from"), "Egress": ("egress", "to")}[direction]
        rules = [rule for policy in policies for rule in policy["spec"].get(word) or []]
        return any(
            _is_peer(rule.get(side), peer) and _is_port(rule.get("ports"), target, port, protocol) for rule in rules
        )


def selects(selector: Object, labels: Mapping[str, str]) -> bool:
    """A Kubernetes label selector; an empty one selects everything."""
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(expression, labels) for expression in selector.get("matchExpressions") or []
    )


def _holds(expression: Object, labels: Mapping[str, str]) -> bool:
    key, values = expression["key"], expression.get("values") or []
    return {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[expression["operator"]]


def _directions(spec: Object) -> Sequence[str]:
    return spec.get("policyTypes") or ["Ingress", *(["Egress"] if "egress" in spec else [])]


def _is_peer(peers: Sequence[Object] | None, place: Place) -> bool:
    return not peers or any(_is_meant(peer, place) for peer in peers)


def _is_meant(peer: Object, place: Place) -> bool:
    if "ipBlock" in peer:
        return _is_within(peer["ipBlock"], place.address)
    if "namespaceSelector" not in peer:
        return place.namespace == HOME and selects(peer["podSelector"], place.labels)
    is_namespace = selects(peer["namespaceSelector"], {NAMED_BY_ITSELF: place.namespace})
    return bool(place.namespace) and is_namespace and selects(peer.get("podSelector") or {}, place.labels)


def _is_within(block: Object, address: str) -> bool:
    one = ipaddress.ip_address(address)
    excepted = [ipaddress.ip_network(part) for part in block.get("except") or []]
    return one in ipaddress.ip_network(block["cidr"]) and not any(one in part for part in excepted)


def _is_port(ports: Sequence[Object] | None, target: Place, port: int, protocol: str) -> bool:
    return not ports or any(
        entry.get("protocol", "TCP") == protocol and _is_number(entry, target, port) for entry in ports
    )


def _is_number(entry: Object, target: Place, port: int) -> bool:
    if "port" not in entry:
        return True
    first: int | str = entry["port"]
    if isinstance(first, str):
        return target.ports.get(first) == port
    last: int = entry.get("endPort", first)
    return first <= port <= last
