"""What the tests of documents need of those of the chart."""

from __future__ import annotations

from tests.chart.conftest import helms  # noqa: F401  # a fixture
