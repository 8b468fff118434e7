"""Alerts and dashboards ask for metrics that the code has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.metrics import Metrics
from live_gateway.handlers.counts import Counts
from tests.chart.helm import Installation, rendered
from tests.chart.installations import MONITORING
from tests.chart.manifests import Manifests

TOLD_BY_PROMETHEUS = {"up", "ALERTS"}
TOLD_BY_KUBELETS = {"kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"}
TEXTS = re.compile(r'"[^"]*"|\'[^\']*\'')
BRACES = re.compile(r"\{[^}]*\}|\[[^\]]*\]")
GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
NAME = re.compile(r"\b([a-zA-Z_:][\w:]*)\b(?!\s*\()")
WORDS = {"and", "or", "unless", "bool", "offset", "inf", "nan"}
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


@pytest.fixture(scope="module")
def monitored(helms: None) -> Manifests:
    return rendered(MONITORING)


def metrics_there_are() -> set[str]:
    """The names of all time series of all processes."""
    metrics = Metrics()
    metrics.watch_broker(lambda: True)
    Counts(metrics.registry)
    return {family.name + suffix for family in metrics.registry.collect() for suffix in SUFFIXES[family.type]}


def metrics_asked_for(expression: str) -> set[str]:
    """The names of the time series in a PromQL expression."""
    bare = TEXTS.sub("", expression)
    for noise in (BRACES, GROUPING):
        bare = noise.sub(" ", bare)
    return {name for name in NAME.findall(bare) if name.lower() not in WORDS} - TOLD_BY_PROMETHEUS - TOLD_BY_KUBELETS


def expressions_in(body: Any) -> Iterator[str]:
    """Every `expr` at any depth: rules and panels both call it so."""
    if isinstance(body, dict):
        if isinstance(body.get("expr"), str):
            yield body["expr"]
        body = list(body.values())
    if isinstance(body, list):
        for one in body:
            yield from expressions_in(one)


def test_the_names_in_an_expression_are_found():
    expression = (
        'sum by (service) (rate(http_requests_total{status=~"5.."}[5m])) / on (x) outbox_waiting > 1.5 and up == 0'
    )

    assert metrics_asked_for(expression) == {"http_requests_total", "outbox_waiting"}


def test_alerts_ask_for_metrics_that_there_are(monitored: Manifests):
    asked = [expression for rule in monitored.of("PrometheusRule") for expression in expressions_in(rule["spec"])]

    assert asked != []
    assert set().union(*map(metrics_asked_for, asked)) - metrics_there_are() == set()


def test_disks_that_fill_and_databases_that_grow_raise_an_alarm(monitored: Manifests):
    """The release's own volumes only: other people's are other people's."""
    alerts = {
        alert["alert"]: alert["expr"]
        for rule in monitored.of("PrometheusRule")
        for group in rule["spec"]["groups"]
        for alert in group["rules"]
    }
    [namespace] = {rule["metadata"]["namespace"] for rule in monitored.of("PrometheusRule")}

    assert alerts["ExchangeDiskFills"].count(f'namespace="{namespace}"') == 2
    assert "RELEASE_NAMESPACE" not in str(alerts)
    assert "database_bytes" in alerts["ExchangeDatabaseGrows"]


def test_every_alert_says_what_it_means_and_what_to_do(monitored: Manifests):
    for rule in monitored.of("PrometheusRule"):
        for alert in (alert for group in rule["spec"]["groups"] for alert in group["rules"]):
            assert alert["annotations"]["summary"], alert["alert"]
            assert alert["annotations"]["description"], alert["alert"]
            assert alert["labels"]["severity"] in ("critical", "warning", "info"), alert["alert"]


def test_dashboards_ask_for_metrics_that_there_are(monitored: Manifests):
    boards = [
        json.loads(text)
        for one in monitored.of("ConfigMap")
        for name, text in one["data"].items()
        if name.endswith(".json")
    ]

    asked = [expression for board in boards for expression in expressions_in(board)]
    assert asked != []
    assert set().union(*map(metrics_asked_for, asked)) - metrics_there_are() == set()


def test_nothing_of_it_is_there_where_nobody_asked(default: Manifests):
    assert default.of("ServiceMonitor", "PrometheusRule") == []
    assert rendered(Installation("dashboards only", values={"monitoring": {"dashboards": True}})).of("ConfigMap") != []
