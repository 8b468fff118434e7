"""Every value is explained, nothing but them is taken, and images and resources can be chosen for every container."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml  # type: ignore[import-untyped]

from tests.chart.helm import CHART, HELM_3, HELM_4, ROOT, Helm, Installation, Refused, rendered
from tests.chart.installations import INSTALLATIONS
from tests.chart.merging import merged, nested

VALUES = CHART / "values.yaml"
SCHEMA = CHART / "values.schema.json"
KEY = re.compile(r"( *)([A-Za-z][\w-]*):( .*)?$")
USED = re.compile(r"\.Values((?:\.[A-Za-z]\w*)+)")

FREE = {"settings", "parameters"}
"""Maps of names that a person makes up, given to a server or service as they are."""


@cache
def values() -> dict[str, Any]:
    return dict(yaml.safe_load(VALUES.read_text()))


@cache
def schema() -> dict[str, Any]:
    return dict(json.loads(SCHEMA.read_text()))


@cache
def templates() -> str:
    return "\n".join(path.read_text() for path in sorted((CHART / "templates").rglob("*.*")))


def maps_in(body: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    """Every map with names of ours in it."""
    yield above
    for key, value in body.items():
        if isinstance(value, dict) and value and key not in FREE | {"requests", "limits"}:
            yield from maps_in(value, *above, key)


def test_every_value_is_explained():
    """By a line that starts with `# --` above it, or above the map it is in."""
    unexplained, explained_to = [], [-1]
    is_explained = False
    for number, line in enumerate(VALUES.read_text().splitlines(), 1):
        if line.lstrip().startswith("# --"):
            is_explained = True
        if found := KEY.match(line):
            indent, is_map = len(found[1]), not found[3]
            while explained_to[-1] >= indent:
                explained_to.pop()
            if is_explained:
                explained_to.append(indent)
            elif not is_map and len(explained_to) == 1:
                unexplained.append(f"values.yaml:{number}: {found[2]}")
            is_explained = False

    assert unexplained == []


def test_no_template_uses_a_value_that_is_not_there():
    for used in set(USED.findall(templates())):
        body: Any = values()
        for key in used.strip(".").split("."):
            assert key in body, f".Values{used}"
            body = body[key]


def test_the_schema_is_what_its_generator_writes():
    written = subprocess.run(
        [sys.executable, str(ROOT / "charts" / "schema.py"), "--check"], capture_output=True, text=True, timeout=60
    )

    assert written.returncode == 0, written.stdout + written.stderr


def test_the_values_are_what_the_schema_asks_for():
    jsonschema.Draft7Validator.check_schema(schema())
    jsonschema.validate(values(), schema())


@pytest.mark.parametrize("path", list(maps_in(values())), ids=".".join)
def test_a_value_that_is_not_there_is_refused_wherever_it_stands(path: tuple[str, ...]):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(nested((*path, "surprise"), 1), schema())


@pytest.mark.parametrize("helm", [HELM_3, HELM_4], ids=["helm3", "helm4"])
def test_helm_refuses_what_the_schema_does(helms: None, helm: Helm):
    with pytest.raises(Refused, match="surprise"):
        helm.template(Installation("surprise", values={"gateway": {"surprise": 1}}))


def images_in(body: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    """Where in the values an image is chosen."""
    if "repository" in body:
        yield above
    for key, value in body.items():
        if isinstance(value, dict):
            yield from images_in(value, *above, key)


MINE = {"registry": "registry.example:5000/mine", "tag": "mine", "pullPolicy": "Always"}


@pytest.mark.parametrize("installation", INSTALLATIONS, ids=str)
def test_every_image_can_come_from_elsewhere(helms: None, installation: Installation):
    mine = merged(dict(installation.values), *(nested(path, MINE) for path in images_in(values())))
    moved = rendered(Installation("moved", installation.files, mine, installation.upgrade))

    for container in moved.containers:
        assert container.image.startswith("registry.example:5000/mine/"), container
        assert container.image.endswith(":mine"), container
        assert container.spec["imagePullPolicy"] == "Always", container


def test_one_registry_tag_and_policy_do_for_all_of_ours(helms: None):
    moved = rendered(Installation("ours moved", values={"image": MINE}))
    ours = [container for container in moved.containers if container.our_image]

    assert len({container.our_image for container in ours}) == 9
    for container in ours:
        assert container.image == f"registry.example:5000/mine/stock-exchange-{container.our_image}:mine", container
        assert container.spec["imagePullPolicy"] == "Always", container


def resources_in(body: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    for key, value in body.items():
        if key == "resources":
            yield (*above, key)
        elif isinstance(value, dict):
            yield from resources_in(value, *above, key)


@pytest.mark.parametrize("upgrade", [False, True], ids=["first", "upgrade"])
def test_what_every_container_needs_can_be_chosen(helms: None, upgrade: bool):
    mine = {"requests": {"cpu": "7m", "memory": "70Mi"}, "limits": {"cpu": "77m", "memory": "77Mi"}}
    chosen = rendered(Installation("chosen", values=merged(*(nested(path, mine) for path in resources_in(values()))),
                                   upgrade=upgrade))  # fmt: skip

    for container in chosen.containers:
        assert container.spec["resources"] == mine, container


def test_the_files_we_offer_choose_only_what_there_is():
    for installation in INSTALLATIONS:
        for file in installation.files:
            jsonschema.validate(yaml.safe_load((ROOT / file).read_text()), schema())
