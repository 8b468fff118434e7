"""The chart, rendered once for each way to install it."""

from __future__ import annotations

import pytest

from tests.chart.helm import HELM_3, HELM_4, Installation, rendered
from tests.chart.installations import DEFAULT, INSTALLATIONS
from tests.chart.manifests import Manifests


@pytest.fixture(scope="session")
def helms() -> None:
    """Both are there, or whoever asks is skipped."""
    if not all(helm.path.exists() for helm in (HELM_3, HELM_4)):
        pytest.skip("Helm 3 and Helm 4 are not in .helm: `.ci/helm` fetches them, or says why it cannot")


@pytest.fixture(scope="session", params=INSTALLATIONS, ids=str)
def installation(request: pytest.FixtureRequest) -> Installation:
    """Every way to install the chart, one after the other."""
    chosen: Installation = request.param
    return chosen


@pytest.fixture(scope="session")
def manifests(helms: None, installation: Installation) -> Manifests:
    """What an installation consists of."""
    return rendered(installation)


@pytest.fixture(scope="session")
def default(helms: None) -> Manifests:
    """What is installed where nothing is chosen."""
    return rendered(DEFAULT)
