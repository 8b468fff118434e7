"""No value is without effect: each is given something of its own, which then has to be found in what is rendered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml  # type: ignore[import-untyped]

from tests.chart.helm import CHART, HELM_4, Installation, Refused
from tests.chart.installations import OWN_SECRETS
from tests.chart.merging import merged, nested

Path = tuple[str, ...]

ON = {"enabled": True}
EVERYTHING_ON: dict[str, Any] = {
    "doors": {"web": {"autoscaling": ON}},
    "services": {"stock-data": {"consumer": {"keda": ON}}, "market-feed": {"trade": {"replicas": 1}}},
    "monitoring": {"serviceMonitor": True, "prometheusRule": True, "dashboards": True},
    "ingress": {**ON, "host": "exchange.example"},
    "httpRoute": {**ON, "parentRefs": [{"name": "public"}]},
    "gateway": {"service": {"type": "NodePort"}},
}
MODES: list[dict[str, Any]] = [
    {},
    merged(
        dict(OWN_SECRETS.values),
        *(nested((server, "mode"), "external") for server in ("postgresql", "rabbitmq", "redis")),
    ),
    {"postgresql": {"mode": "cloudnativepg"}, "rabbitmq": {"mode": "operator", "existingSecret": ""}},
]
"""Where the servers are: no rendering has all of them."""

A_PROCESS = "#/properties/processes"
ALONE = ("preStopSeconds", "synchronousReplicas")
"""Names of values that only make sense beside others."""

SHADOWING = ("minAvailable", "existingClaim", "existingSecret")
"""Names of values that, given, leave others without effect."""


def leaves(body: dict[str, Any], *above: str) -> Iterator[tuple[Path, Any]]:
    for key, value in body.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, *above, key)
        else:
            yield (*above, key), value


def schema_of(path: Path) -> dict[str, Any]:
    """What the schema says of one value."""
    whole = found = _whole_schema()
    for key in path:
        while "$ref" in found:
            found = _referred(whole, found["$ref"])
        inner = found.get("additionalProperties")
        found = found.get("properties", {}).get(key) or (inner if isinstance(inner, dict) else {})
    return found


@cache
def _whole_schema() -> dict[str, Any]:
    return dict(json.loads((CHART / "values.schema.json").read_text()))


def _referred(whole: dict[str, Any], reference: str) -> dict[str, Any]:
    for key in reference.removeprefix("#/").split("/"):
        whole = whole[key]
    return whole


def something_else(path: Path, value: object, number: int) -> Any:
    """A value of the same kind that nothing else has; for what can only be chosen, another choice."""
    schema = schema_of(path)
    if "enum" in schema:
        return next(choice for choice in reversed(schema["enum"]) if choice != value)
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        chosen = 20_000 + 100 * number
        return chosen if chosen <= schema.get("maximum", chosen) else schema.get("minimum", 0) + number
    word = f"zz-{number}-zz"
    if isinstance(value, dict):
        return {"podLabels": {word: word}} if schema.get("$ref") == A_PROCESS else {word: word}
    if isinstance(value, list):
        return [{"name": word} if schema.get("items", {}).get("type") == "object" else word]
    return word


def rendered_with(*parts: dict[str, Any]) -> str:
    """The text, or why there is none: that, too, is an effect."""
    try:
        return HELM_4.template(Installation("used", values=merged(*parts)))
    except Refused as refused:
        return str(refused)


def is_found(choice: object, texts: list[str]) -> bool:
    (word, *_) = re.findall(r"zz-\d+-zz|\d+", json.dumps(choice))
    return any(word in text for text in texts)


def test_every_value_has_an_effect(helms: None):
    values = dict(leaves(yaml.safe_load((CHART / "values.yaml").read_text())))
    chosen = {path: something_else(path, value, number) for number, (path, value) in enumerate(values.items())}
    plain = {
        path: value for path, value in chosen.items() if "enum" not in schema_of(path) and not isinstance(value, bool)
    }
    together = [
        rendered_with(
            *(nested(path, value) for path, value in plain.items() if path[-1] not in left_out), EVERYTHING_ON, mode
        )
        for mode in MODES
        for left_out in (ALONE, ALONE + SHADOWING)
    ]
    assert [text for text in together if text.startswith("Error")] == []
    unseen = [path for path in chosen if path not in plain or not is_found(chosen[path], together)]

    fixed = dict(OWN_SECRETS.values)
    bases = [*(merged(fixed, mode) for mode in MODES), merged(fixed, EVERYTHING_ON)]
    before = [rendered_with(base) for base in bases]
    dead = [
        ".".join(path)
        for path in unseen
        if all(
            rendered_with(base, nested(path, chosen[path])) == text for base, text in zip(bases, before, strict=True)
        )
    ]
    assert dead == []
