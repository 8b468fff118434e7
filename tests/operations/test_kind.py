"""`make kind` names what is missing, and does one thing after the other; on a real cluster the workflow runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.operations.stand_ins import StandIns

NINE = 9


@pytest.fixture
def stand_ins(tmp_path: Path) -> StandIns:
    """docker, kind, kubectl and helm that say yes to everything."""
    programs = StandIns(tmp_path)
    programs.add("docker", 'case "$1 $2" in "image inspect") echo "sha256:$5" ;; esac')
    for name in ("kind", "kubectl", "helm"):
        programs.add(name)
    return programs


def place(calls: list[str], start: str) -> int:
    """Where the first call stands that begins like this."""
    return next(number for number, call in enumerate(calls) if call.startswith(start))


def test_every_program_that_is_missing_is_named_with_where_to_get_it(tmp_path: Path) -> None:
    for name in ("bash", "dirname", "env"):
        (tmp_path / name).symlink_to(Path("/usr/bin") / name)

    refused = StandIns(tmp_path).run("/usr/bin/env", f"PATH={tmp_path}", ".ci/kind", "up")

    assert refused.returncode == 1
    assert [line.split(" is missing: https://")[0] for line in refused.stderr.splitlines()] == [
        "docker",
        "kind",
        "kubectl",
        "helm",
    ]


def test_a_docker_that_does_not_answer_is_told_from_one_that_is_missing(stand_ins: StandIns) -> None:
    stand_ins.add("docker", "exit 1")

    refused = stand_ins.run(".ci/kind", "up")

    assert (refused.returncode, refused.stderr.startswith("Docker does not answer")) == (1, True)
    assert stand_ins.calls == ["docker info"]


def test_from_nothing_to_a_trade(stand_ins: StandIns) -> None:
    done = stand_ins.run(".ci/kind", "up")

    calls = stand_ins.calls
    assert done.returncode == 0, done.stderr
    order = [
        place(calls, "kind create cluster --name stock-exchange --config k8s/kind.yaml"),
        place(calls, "docker build"),
        place(calls, "kind load docker-image --name stock-exchange stock-exchange-user-accounts:kind-"),
        place(calls, "kubectl --context kind-stock-exchange apply -f k8s/namespace.yaml"),
        place(calls, "helm --kube-context kind-stock-exchange --namespace stock-exchange upgrade --install"),
        place(calls, "helm --kube-context kind-stock-exchange --namespace stock-exchange test stock-exchange"),
    ]
    assert order == sorted(order)
    assert calls[order[2]].count(":kind-") == NINE
    tag = calls[order[2]].rpartition(":")[2]
    assert f"--values k8s/values/dev.yaml --set image.tag={tag} --wait" in calls[order[4]]
    assert "http://localhost:8080" in done.stdout


def test_a_cluster_that_is_there_is_taken_and_the_tag_changes_with_the_images(stand_ins: StandIns) -> None:
    stand_ins.add("kind", 'case "$1 $2" in "get clusters") echo stock-exchange ;; esac')
    stand_ins.run(".ci/kind", "up")
    first = [call for call in stand_ins.calls if call.startswith("kind load")]
    stand_ins.run(".ci/kind", "up")
    unchanged = [call for call in stand_ins.calls if call.startswith("kind load")]
    stand_ins.add("docker", 'case "$1 $2" in "image inspect") echo "sha256:new-$5" ;; esac')
    stand_ins.run(".ci/kind", "up")
    changed = [call for call in stand_ins.calls if call.startswith("kind load")]

    assert not [call for call in stand_ins.calls if "create cluster" in call]
    assert unchanged == first * 2
    assert changed[-1] != first[0]


def test_an_installation_that_fails_stops_there(stand_ins: StandIns) -> None:
    stand_ins.add("helm", "echo 'timed out' >&2; exit 1")

    failed = stand_ins.run(".ci/kind", "up")

    assert failed.returncode == 1
    assert [call.split()[5] for call in stand_ins.calls if call.startswith("helm")] == ["upgrade"]
    assert "The exchange is open" not in failed.stdout


def test_down_removes_the_cluster(stand_ins: StandIns) -> None:
    assert stand_ins.run(".ci/kind", "down").returncode == 0
    assert stand_ins.calls[-1] == "kind delete cluster --name stock-exchange"
