"""Values that make no sense are refused with a sentence that says why, and what to do."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.groups import GROUPS
from standalone.databases import SERVICES
from tests.chart.helm import HELM_4, Installation, Refused


def process(service: str, door: str, **values: Any) -> dict[str, Any]:
    return {"services": {service: {door: values}}}


def database(**values: Any) -> dict[str, Any]:
    return {"postgresql": values}


ON = {"enabled": True}
GATEWAY_BUDGET = "gateway.process.podDisruptionBudget"
REFUSED: list[tuple[dict[str, Any], str]] = [
    (database(mode="external"), "existingSecrets has none for user-accounts, user-portfolio"),
    (database(mode="cloudnativepg", cloudnativepg={"instances": 2, "synchronousReplicas": 2}), "ever be committed"),
    (database(mode="embedded"), "postgresql.mode"),
    ({"rabbitmq": {"mode": "external"}}, "rabbitmq.existingSecret has to name"),
    ({"rabbitmq": {"mode": "operator", "existingSecret": "broker"}}, "leave rabbitmq.existingSecret empty"),
    ({"rabbitmq": {"mode": "operator", "operator": {"replicas": 2}}}, "rabbitmq.operator.replicas"),
    ({"redis": {"mode": "external"}}, "redis.existingSecret has to name"),
    ({"ingress": ON}, "needs ingress.host"),
    ({"httpRoute": ON}, "needs httpRoute.parentRefs"),
    ({"gateway": {"service": {"nodePort": 30080}}}, "needs gateway.service.type NodePort or LoadBalancer"),
    ({"gateway": {"service": {"type": "Ingress"}}}, "gateway.service.type"),
    (process("stock-data", "consumer", autoscaling=ON, keda=ON), "only one of them can say"),
    (process("order-matching", "consumer", autoscaling=ON), "order-matching.consumer is never scaled by load"),
    (process("order-matching", "consumer", keda=ON), "order-matching.consumer is never scaled by load"),
    (process("stock-data", "relay", autoscaling=ON), "one relay of a service works"),
    (process("stock-data", "web", keda=ON), "only a consumer has queues"),
    (process("market-feed", "trade", replicas=2), "trade for the same accounts"),
    (process("market-feed", "trade", autoscaling=ON), "trade for the same accounts"),
    (process("stock-data", "web", autoscaling={**ON, "minReplicas": 7}), "minReplicas above its maxReplicas"),
    (process("stock-data", "consumer", keda={**ON, "minReplicas": 7}), "minReplicas above its maxReplicas"),
    (process("stock-data", "web", preStopSeconds=40), "terminationGracePeriodSeconds is too short"),
    (
        {"gateway": {"process": {"podDisruptionBudget": {"minAvailable": 1}}}},
        f"{GATEWAY_BUDGET}.minAvailable is 1 of 1",
    ),
    ({"gateway": {"process": {"podDisruptionBudget": {"minAvailable": "100%"}}}}, "no node could ever be drained"),
    ({"gateway": {"process": {"podDisruptionBudget": {"maxUnavailable": 0}}}}, "no node could ever be drained"),
    (process("stock-data", "web", settings={"STARTING_CASH": 5}), "STARTING_CASH"),
    ({"image": {"pullPolicy": "Sometimes"}}, "pullPolicy"),
    ({"logLevel": "loud"}, "logLevel"),
]


@pytest.mark.parametrize(("values", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_what_makes_no_sense_is_refused_with_the_reason(helms: None, values: dict[str, Any], reason: str):
    with pytest.raises(Refused) as refused:
        HELM_4.template(Installation("nonsense", values=values))

    assert reason in " ".join(str(refused.value).split()).replace("/", ".")


@pytest.mark.parametrize("service", SERVICES)
def test_only_a_consumer_that_hears_facts_is_scaled_by_how_many_wait(helms: None, service: str):
    installation = Installation("queues", values=process(service.replace("_", "-"), "consumer", keda=ON))
    is_taken = service in GROUPS and service != "order_matching"

    if is_taken:
        assert "kind: ScaledObject" in HELM_4.template(installation)
    else:
        with pytest.raises(Refused):
            HELM_4.template(installation)
