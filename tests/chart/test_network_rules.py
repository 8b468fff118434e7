"""The evaluator of NetworkPolicies that the chart's are judged by."""

from __future__ import annotations

from typing import Any

from tests.chart.network import Network, Place

WEB = Place("web", {"part": "web"}, ports={"http": 8000})
GATEWAY = Place("gateway", {"part": "gateway"}, ports={"http": 8080})
STRANGER = Place("stranger", {"part": "web"}, namespace="elsewhere")
OUTSIDE = Place("outside", namespace="", address="203.0.113.7")


def policy(part: str | None, **spec: Any) -> dict[str, Any]:
    return {"spec": {"podSelector": {"matchLabels": {"part": part}} if part else {}, **spec}}


def peer(part: str) -> dict[str, Any]:
    return {"podSelector": {"matchLabels": {"part": part}}}


DENY = policy(None, policyTypes=["Ingress", "Egress"])
IN = policy("web", ingress=[{"from": [peer("gateway")], "ports": [{"port": "http"}]}])
OUT = policy("gateway", policyTypes=["Egress"], egress=[{"to": [peer("web")], "ports": [{"port": 8000}]}])


def test_without_policies_all_is_open():
    assert Network([]).is_open(STRANGER, WEB, 8000)


def test_an_empty_policy_shuts_all_it_selects():
    assert not Network([DENY]).is_open(GATEWAY, WEB, 8000)
    assert not Network([DENY]).is_open(OUTSIDE, WEB, 8000)


def test_both_ends_have_to_agree():
    assert not Network([DENY, IN]).is_open(GATEWAY, WEB, 8000)
    assert not Network([DENY, OUT]).is_open(GATEWAY, WEB, 8000)
    assert Network([DENY, IN, OUT]).is_open(GATEWAY, WEB, 8000)


def test_a_way_has_one_direction_and_one_port():
    network = Network([DENY, IN, OUT])

    assert not network.is_open(WEB, GATEWAY, 8080)
    assert not network.is_open(GATEWAY, WEB, 9000)
    assert not network.is_open(GATEWAY, WEB, 8000, "UDP")
    assert not network.is_open(GATEWAY, GATEWAY, 8000)


def test_a_policy_that_speaks_of_one_direction_leaves_the_other_open():
    assert Network([IN]).is_open(WEB, STRANGER, 443)
    assert not Network([IN]).is_open(STRANGER, WEB, 8000)


def test_a_pod_of_the_same_name_in_another_namespace_is_a_stranger():
    heard = policy("web", ingress=[{"from": [peer("web")]}])

    assert not Network([heard]).is_open(STRANGER, WEB, 8000)


def test_a_namespace_is_chosen_by_its_name():
    chosen = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "elsewhere"}}}
    heard = policy("web", ingress=[{"from": [chosen]}])
    only_others = policy("web", ingress=[{"from": [chosen | peer("gateway")]}])

    assert Network([heard]).is_open(STRANGER, WEB, 8000)
    assert not Network([only_others]).is_open(STRANGER, WEB, 8000)
    assert not Network([heard]).is_open(OUTSIDE, WEB, 8000)


def test_an_address_range_ends_at_its_exceptions():
    block = {"cidr": "0.0.0.0/0", "except": ["203.0.113.0/24"]}
    heard = policy("web", ingress=[{"from": [{"ipBlock": block}]}])

    assert not Network([heard]).is_open(OUTSIDE, WEB, 8000)
    assert Network([heard]).is_open(Place("other", namespace="", address="198.51.100.1"), WEB, 8000)
    assert Network([heard]).is_open(GATEWAY, WEB, 8000)


def test_expressions_choose_as_in_kubernetes():
    def choosing(operator: str, **more: Any) -> Network:
        selector = {"matchExpressions": [{"key": "part", "operator": operator, **more}]}
        return Network([DENY, policy("web", ingress=[{"from": [{"podSelector": selector}]}]), policy(
            "gateway", policyTypes=["Egress"], egress=[{}])])  # fmt: skip

    assert choosing("In", values=["gateway"]).is_open(GATEWAY, WEB, 8000)
    assert not choosing("NotIn", values=["gateway"]).is_open(GATEWAY, WEB, 8000)
    assert choosing("Exists").is_open(GATEWAY, WEB, 8000)
    assert not choosing("DoesNotExist").is_open(GATEWAY, WEB, 8000)


def test_a_range_of_ports_has_two_ends():
    heard = policy("web", ingress=[{"ports": [{"port": 8000, "endPort": 8002}]}])
    network = Network([heard])

    assert [network.is_open(GATEWAY, WEB, port) for port in (7999, 8000, 8002, 8003)] == [False, True, True, False]
