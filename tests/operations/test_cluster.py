"""`.ci/cluster` tells a command where databases and broker of a cluster are; kubectl shows what the chart makes."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import pytest

from standalone.databases import SERVICES
from tests.chart.manifests import Manifests, Object
from tests.operations.stand_ins import StandIns
from tests.operations.test_documents import rendered_as_told

KUBECTL = shutil.which("kubectl")
TELL = "env | grep -E '^(DATABASE_URL_|RABBITMQ_URL=)' | sort"

ANSWERS = f"""
shift 2
case "$1" in
get) exec {KUBECTL} annotate --local -f "$(dirname "$0")/$2-$3.json" looked=yes -o "$5" ;;
port-forward)
    echo $$ >>"$(dirname "$0")/tunnels"
    echo "Forwarding from 127.0.0.1:4${{3#:}} -> ${{3#:}}"
    exec sleep 60
    ;;
esac
"""
"""Words after `--namespace stock-exchange`; kubectl itself reads the JSONPath."""


@pytest.fixture
def cluster(helms: None, tmp_path: Path) -> StandIns:
    """A kubectl that knows what the chart has made."""
    if KUBECTL is None:
        pytest.skip("kubectl, which understands the questions, is not on this machine")
    for each in Manifests.read(rendered_as_told()).of("Deployment", "Secret"):
        show(tmp_path, each)
    programs = StandIns(tmp_path)
    programs.add("kubectl", ANSWERS)
    return programs


def show(folder: Path, each: Object) -> None:
    """Have kubectl show an object as a cluster does: what a Secret holds is encoded."""
    if each["kind"] == "Secret":
        texts = each.pop("stringData")
        each["data"] = {key: base64.b64encode(text.encode()).decode() for key, text in texts.items()}
    (folder / f"{each['kind'].lower()}-{each['metadata']['name']}.json").write_text(json.dumps(each))


def told(cluster: StandIns) -> dict[str, str]:
    done = cluster.run(".ci/cluster", "bash", "-c", TELL)
    assert done.returncode == 0, done.stderr
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_servers_in_the_cluster_are_reached_through_one_tunnel_each(cluster: StandIns) -> None:
    environment = told(cluster)

    assert set(environment) == {"RABBITMQ_URL", *(f"DATABASE_URL_{service.upper()}" for service in SERVICES)}
    for service in SERVICES:
        url = environment[f"DATABASE_URL_{service.upper()}"]
        assert url.startswith(f"postgresql://{service}:")
        assert url.endswith(f"@127.0.0.1:45432/{service}")
    assert environment["RABBITMQ_URL"].endswith("@127.0.0.1:45672/exchange")
    tunnels = [call.partition("port-forward ")[2] for call in cluster.calls if "port-forward" in call]
    assert tunnels == ["service/stock-exchange-postgresql :5432", "service/stock-exchange-rabbitmq :5672"]


def test_servers_elsewhere_are_asked_directly_and_operators_names_are_understood(cluster: StandIns) -> None:
    outside = "postgresql://stock_data:pass@db.example.internal:6432/stock_data?sslmode=require"
    inside = "amqp://default:pass@stock-exchange-rabbitmq.stock-exchange.svc:5672/"
    for name, url in (("stock-data-database", outside), ("rabbitmq", inside)):
        metadata = {"name": f"stock-exchange-{name}"}
        show(cluster.folder, {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {"url": url}})

    environment = told(cluster)

    assert environment["DATABASE_URL_STOCK_DATA"] == outside
    assert environment["RABBITMQ_URL"] == "amqp://default:pass@127.0.0.1:45672/"


def test_the_tunnels_end_with_the_command_and_its_status_is_kept(cluster: StandIns) -> None:
    done = cluster.run(".ci/cluster", "bash", "-c", "exit 3")

    assert done.returncode == 3
    tunnels = (cluster.folder / "tunnels").read_text().split()
    assert len(tunnels) == 2
    assert not [process for process in tunnels if Path(f"/proc/{process}").exists()]


def test_a_tunnel_that_cannot_be_opened_says_why(cluster: StandIns) -> None:
    cluster.add("kubectl", ANSWERS.replace('echo "Forwarding', 'echo "no such service" >&2; exit 1; echo "Forwarding'))

    done = cluster.run(".ci/cluster", "bash", "-c", TELL)

    assert (done.returncode, done.stdout) == (1, "")
    assert "no such service" in done.stderr
