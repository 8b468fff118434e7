"""The ways to install the chart that every check looks at: the values files we offer, and each option by itself."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from standalone.databases import SERVICES
from tests.chart.helm import Installation

OFFERED = ("dev", "production-ha", "external-services")
"""Whole installations, each a file in k8s/values."""

ELSEWHERE: Mapping[str, Any] = MappingProxyType({"existingSecret": "of-the-operators"})
"""A server whose address is in a Secret that somebody else keeps."""

INGRESS_NAMESPACE = "ingress-nginx"
MONITORING_NAMESPACE = "monitoring"
KEDA_NAMESPACE = "keda"


def from_namespace(name: str) -> list[dict[str, Any]]:
    return [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}]


def _kept(secret: str) -> dict[str, str]:
    return {service.replace("_", "-"): f"{secret}-{service.replace('_', '-')}" for service in SERVICES}


DEFAULT = Installation("default")
UPGRADE = Installation("upgrade", upgrade=True)
DEV, PRODUCTION, EXTERNAL = (Installation(name, (f"k8s/values/{name}.yaml",)) for name in OFFERED)

INGRESS = Installation("ingress", values={
    "ingress": {"enabled": True, "className": "nginx", "host": "exchange.example", "tlsSecret": "exchange-tls"},
    "networkPolicy": {"gatewayFrom": from_namespace(INGRESS_NAMESPACE)},
})  # fmt: skip
ROUTE = Installation("gateway api", values={
    "httpRoute": {"enabled": True, "parentRefs": [{"name": "public", "namespace": "gateways"}],
                  "hostnames": ["exchange.example"]},
    "networkPolicy": {"gatewayFrom": from_namespace(INGRESS_NAMESPACE)},
})  # fmt: skip
AUTOSCALING = Installation("autoscaling", values={
    "doors": {"web": {"autoscaling": {"enabled": True}}},
    "gateway": {"process": {"autoscaling": {"enabled": True}}},
})  # fmt: skip
KEDA = Installation("keda", values={
    "services": {name: {"consumer": {"keda": {"enabled": True}}} for name in ("user-portfolio", "stock-data")},
    "networkPolicy": {"kedaFrom": from_namespace(KEDA_NAMESPACE)},
})  # fmt: skip
MONITORING = Installation("monitoring", values={
    "monitoring": {"serviceMonitor": True, "prometheusRule": True, "dashboards": True},
    "networkPolicy": {"metricsFrom": from_namespace(MONITORING_NAMESPACE)},
})  # fmt: skip
CLOUDNATIVEPG = Installation("cloudnativepg", values={"postgresql": {"mode": "cloudnativepg"}})
BROKER_OPERATOR = Installation("broker operator", values={"rabbitmq": {"mode": "operator"}})
NOTHING_KEPT = Installation("nothing kept", values={
    "postgresql": {"incluster": {"persistence": {"enabled": False}}},
    "rabbitmq": {"incluster": {"persistence": {"enabled": False}}},
    "services": {"market-feed": {"persistence": {"enabled": False}}},
})  # fmt: skip
BARE = Installation("bare", values={
    "services": {"market-feed": {"enabled": False}},
    "operatorAccount": {"name": ""},
    "networkPolicy": {"enabled": False},
    "processes": {"podDisruptionBudget": {"enabled": False}},
    "gateway": {"service": {"type": "NodePort", "nodePort": 30080}},
})  # fmt: skip
OWN_SECRETS = Installation("own secrets", values={
    "postgresql": {"existingSecrets": _kept("database"), "incluster": {"existingSecret": "superuser"}},
    "rabbitmq": {"existingSecret": "broker"},
    "redis": {"existingSecret": "cache"},
    "operatorAccount": {"existingSecret": "operator"},
    "signingKey": {"existingSecret": "signing"},
})  # fmt: skip
PLACED = Installation("placed", values={
    "fullnameOverride": "exchange",
    "commonLabels": {"team": "markets"},
    "image": {"pullSecrets": [{"name": "registry"}]},
    "processes": {
        "replicas": 2, "priorityClassName": "high", "nodeSelector": {"disk": "fast"},
        "tolerations": [{"key": "dedicated", "operator": "Exists"}], "podAnnotations": {"note": "seen"},
        "podLabels": {"tier": "trading"}, "podDisruptionBudget": {"minAvailable": 1},
        "topologySpread": {"whenUnsatisfiable": "DoNotSchedule"},
    },
    "services": {"market-feed": {"trade": {"replicas": 1, "podDisruptionBudget": {"enabled": False}}}},
})  # fmt: skip

INSTALLATIONS = (
    DEFAULT, UPGRADE, DEV, PRODUCTION, EXTERNAL, INGRESS, ROUTE, AUTOSCALING, KEDA, MONITORING, CLOUDNATIVEPG,
    BROKER_OPERATOR, NOTHING_KEPT, BARE, OWN_SECRETS, PLACED,
)  # fmt: skip
