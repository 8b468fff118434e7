"""`skaffold.yaml` builds the images that the chart runs, and tells the chart so. Skaffold itself is not run here."""

from __future__ import annotations

from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.chart.helm import CHART
from tests.operations.words import ROOT

BASE = "stock-exchange-base"


@pytest.fixture(scope="module")
def skaffold() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "skaffold.yaml").read_text())
    return read


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
    return read


def images_of(values: dict[str, Any]) -> dict[str, str]:
    """Where a value says which image is run: repository by the path of its `image`."""
    services = {f"services.{name}.image": service["image"] for name, service in values["services"].items()}
    ours = {**services, "gateway.image": values["gateway"]["image"], "tests.image": values["tests"]["image"]}
    return {path: image["repository"] for path, image in ours.items()}


def test_it_builds_the_nine_images_on_their_base(skaffold: dict[str, Any], values: dict[str, Any]) -> None:
    artifacts = {artifact["image"]: artifact for artifact in skaffold["build"]["artifacts"]}

    assert set(artifacts) == {BASE, *images_of(values).values()}
    assert len(artifacts) == 10
    for image, artifact in artifacts.items():
        dockerfile = (ROOT / artifact["docker"]["dockerfile"]).read_text()
        if image == BASE:
            assert "requires" not in artifact
        else:
            assert artifact["requires"] == [{"image": BASE, "alias": "BASE"}]
            assert "ARG BASE=" in dockerfile


def test_it_tells_the_chart_every_image_it_has_built(skaffold: dict[str, Any], values: dict[str, Any]) -> None:
    (release,) = skaffold["deploy"]["helm"]["releases"]

    expected = {}
    for path, image in images_of(values).items():
        name = image.replace("-", "_")
        expected[f"{path}.repository"] = f"{{{{.IMAGE_REPO_{name}}}}}"
        expected[f"{path}.tag"] = f"{{{{.IMAGE_TAG_{name}}}}}"
    assert release["setValueTemplates"] == expected


def test_what_it_names_is_there(skaffold: dict[str, Any]) -> None:
    (release,) = skaffold["deploy"]["helm"]["releases"]
    (hook,) = skaffold["deploy"]["helm"]["hooks"]["before"]
    namespace = yaml.safe_load((ROOT / hook["host"]["command"][-1]).read_text())["metadata"]["name"]

    assert (ROOT / release["chartPath"] / "Chart.yaml").exists()
    assert all((ROOT / file).exists() for file in release["valuesFiles"])
    assert namespace == release["namespace"]
    assert [profile["name"] for profile in skaffold["profiles"]] == ["kind", "minikube"]
