"""What documents and workflows tell people to type is there, and is understood."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from standalone.audit.invariants import CHECKS
from tests.chart.helm import CHART, HELM_3, HELM_4, Helm
from tests.chart.installations import DEV
from tests.chart.manifests import Manifests
from tests.operations.words import DOCUMENTS, ROOT, blocks_of, commands_of, words_of

WORKFLOWS = tuple(sorted((ROOT / ".github" / "workflows").glob("*.yml")))
_NOT_FOR_TEMPLATE = {"--install": 0, "--wait": 0, "--reuse-values": 0, "--timeout": 1}
"""Words of `helm install` and `helm upgrade` that rendering alone does not know, and how many words belong to each."""


def make_calls(commands: list[str]) -> Iterator[list[str]]:
    """The words after each `make`: a target and NAME=value."""
    for command in commands:
        words = words_of(command.replace(".ci/cluster ", "")) if "make" in command else []
        if words[:1] == ["make"]:
            yield [word for word in words[1:] if not word.startswith("-")]


def installations() -> list[str]:
    told = [command for document in DOCUMENTS for command in commands_of(document)]
    found = [command for command in told if command.startswith(("helm install", "helm upgrade"))]
    assert len(found) > 3
    return found


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_shell_understands_every_block(document: str) -> None:
    for block in blocks_of(document):
        checked = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True)

        assert checked.returncode == 0, f"{block}\n{checked.stderr}"


def test_every_make_command_is_one_and_takes_what_it_is_given() -> None:
    known = "\n".join(file.read_text() for file in (ROOT / "Makefile", *(ROOT / ".ci").iterdir()))
    workflows = [line.partition("run: ")[2] for file in WORKFLOWS for line in file.read_text().splitlines()]
    calls = list(make_calls([*workflows, *(command for document in DOCUMENTS for command in commands_of(document))]))

    assert len(calls) > 12
    for target, *values in calls:
        assert re.search(rf"^{target}: .*##", known, re.MULTILINE), f"make {target}"
        for name in (value.partition("=")[0] for value in values):
            assert re.search(rf"\$[({{]{name}\b|^{name} \?=", known, re.MULTILINE), f"make {target} {name}="


@pytest.mark.parametrize("helm", [HELM_3, HELM_4], ids=["Helm 3", "Helm 4"])
def test_every_installation_and_upgrade_renders(helms: None, helm: Helm) -> None:
    for command in installations():
        words, kept = iter(words_of(command)[2:]), list[str]()
        for word in words:
            if word in _NOT_FOR_TEMPLATE:
                for _ in range(_NOT_FOR_TEMPLATE[word]):
                    next(words)
            else:
                kept.append(word)

        rendering = [str(helm.path), "template", *kept, "--kube-version", "1.36.0"]
        rendered = subprocess.run(rendering, cwd=ROOT, text=True, capture_output=True)

        assert kept[:2] == ["stock-exchange", "charts/stock-exchange"], command
        assert rendered.returncode == 0, f"{command}\n{rendered.stderr}"


def test_every_object_that_a_command_names_is_made_by_the_chart(helms: None) -> None:
    objects = Manifests.read(rendered_as_told())
    made = {f"{each['kind'].lower()}/{each['metadata']['name']}" for each in objects.objects}
    text = "\n".join(command for document in DOCUMENTS for command in commands_of(document))
    named = set(re.findall(r"\b(deployment|statefulset|service|secret)[ /](?:tls )?(stock-exchange-[a-z-]+)", text))

    assert len(named) > 5
    assert {f"{kind}/{name}" for kind, name in named} - made == set()


def rendered_as_told() -> str:
    """The chart with the names that the documents take for granted."""
    command = [str(HELM_4.path), "template", "stock-exchange", str(CHART), *DEV.words[:-2]]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout


def test_the_alerts_are_those_that_the_chart_brings() -> None:
    rules = yaml.safe_load((CHART / "monitoring" / "alerts.yaml").read_text())
    alerts = [rule["alert"] for group in rules["groups"] for rule in group["rules"]]
    told = re.findall(r"^\| `(Exchange\w+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)

    assert told == alerts


def test_of_every_table_it_is_said_what_it_grows_with_and_what_bounds_it() -> None:
    migrations = (ROOT / "services").glob("*/migrations/*.sql")
    tables = {name for file in migrations for name in re.findall(r"create table (\w+)", file.read_text())}
    rows = re.findall(
        r"^\| (?:each|`\w+`) \| (`\w+`.*?) \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE
    )

    assert tables - set(re.findall(r"`(\w+)`", " ".join(rows))) == set()


def test_what_the_audit_is_quoted_with_is_what_it_says() -> None:
    quoted = re.findall(r"as `(every trade [^`]+)`", (ROOT / "docs" / "operations.md").read_text())

    assert quoted
    assert set(quoted) <= set(CHECKS)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_may_do_little_and_names_the_version_of_what_it_uses(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text())
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]

    assert workflow["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] <= 60 for job in workflow["jobs"].values())
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    programs = [step["run"].split()[0] for step in steps if "run" in step]
    assert all((ROOT / program).exists() for program in programs if program.startswith(".ci/"))
