"""A defect that is met again and again is told once a minute, with how often it was met."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from chassis.defects import DefectLog


def fail(kind: type[Exception]) -> Exception:
    try:
        raise kind("broken")
    except kind as error:
        return error


def fail_elsewhere() -> Exception:
    try:
        raise ValueError("broken")
    except ValueError as error:
        return error


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def log(now: list[float]) -> DefectLog:
    return DefectLog(lambda: now[0])


def test_the_same_defect_is_logged_once_a_minute_and_counted_meanwhile(log: DefectLog, now: list[float]) -> None:
    with capture_logs() as logged:
        for _ in range(1_000):
            log("defect", fail(ValueError), path="/x")
        now[0] = 61.0
        log("defect", fail(ValueError), path="/y")

    assert [(entry["path"], entry["suppressed"]) for entry in logged] == [("/x", 0), ("/y", 999)]
    assert all(entry["exc_info"] for entry in logged)


def test_defects_of_another_kind_or_place_are_not_hidden_by_it(log: DefectLog) -> None:
    with capture_logs() as logged:
        for error in (fail(ValueError), fail(KeyError), fail_elsewhere(), fail(ValueError)):
            log("defect", error)

    assert len(logged) == 3
