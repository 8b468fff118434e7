"""The servers in the chart let in whoever is told to come, by the name and password he is told."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from chassis.doors.settings import DoorSettings
from standalone.databases import SERVICES
from tests.chart.helm import Installation, rendered
from tests.chart.installations import CLOUDNATIVEPG, DEFAULT, DEV, PRODUCTION
from tests.chart.manifests import Manifests
from tests.chart.settings_of import PROCESSES

CONNECTIONS: int = DoorSettings(database_url="").database_connections
"""Of every process, when it has much to do."""

OF_A_SUPERUSER = 10
"""Connections that a server keeps for who looks after it, and `helm test` takes."""


def told(manifests: Manifests, service: str, name: str) -> str:
    """What the processes of a service read."""
    door = next(door for one, door in sorted(PROCESSES) if one == service)
    container = manifests.pod(f"{service.replace('_', '-')}-{door}").containers[-1]
    return str(manifests.environment(container)[name])


def is_reached(manifests: Manifests, url: str) -> bool:
    """Whether the host in it is a Service of the chart, with that port."""
    parts = urlsplit(url)
    found = manifests.named("Service", str(parts.hostname))
    return found is not None and parts.port in [port["port"] for port in found["spec"]["ports"]]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_comes_to_its_own_database_with_the_password_that_is_there(default: Manifests, service: str):
    url = told(default, service, "DATABASE_URL")
    (server,) = default.pod("postgresql").containers
    environment = default.environment(server)

    assert urlsplit(url).username == urlsplit(url).path.strip("/") == service
    assert environment[f"PASSWORD_{service.upper()}"] == urlsplit(url).password
    assert is_reached(default, url)


def test_the_databases_that_are_made_are_those_of_the_services(default: Manifests):
    (script,) = (
        text for one in default.of("ConfigMap") for name, text in one["data"].items() if name == "ensure-databases.sh"
    )

    assert f"for role in {' '.join(SERVICES)} ;" in script


@pytest.mark.parametrize("service", SERVICES)
def test_an_operators_database_is_the_one_that_is_called(helms: None, service: str):
    manifests = rendered(CLOUDNATIVEPG)
    (cluster,) = manifests.of("Cluster")
    (role,) = (role for role in cluster["spec"]["managed"]["roles"] if role["name"] == service)
    (database,) = (one for one in manifests.of("Database") if one["spec"]["name"] == service)
    secret = manifests.secret(role["passwordSecret"]["name"])
    url = urlsplit(told(manifests, service, "DATABASE_URL"))

    assert secret is not None
    assert (secret["username"], secret["password"]) == (service, url.password)
    assert (url.username, url.path, url.hostname) == (service, f"/{service}", f"{cluster['metadata']['name']}-rw")
    assert database["spec"]["owner"] == service
    assert database["spec"]["cluster"] == {"name": cluster["metadata"]["name"]}


def test_the_broker_knows_who_comes(default: Manifests):
    url = told(default, "stock_data", "RABBITMQ_URL")
    (server,) = default.pod("rabbitmq").containers
    environment = default.environment(server)
    parts = urlsplit(url)

    assert environment["RABBITMQ_DEFAULT_USER"] == parts.username
    assert environment["RABBITMQ_DEFAULT_PASS"] == parts.password
    assert environment["RABBITMQ_DEFAULT_VHOST"] == parts.path.strip("/")
    assert is_reached(default, url)


def test_the_cache_knows_who_comes(default: Manifests):
    url = told(default, "stock_data", "REDIS_URL")
    (server,) = default.pod("redis").containers

    assert urlsplit(url).password in default.environment(server).values()
    assert is_reached(default, url)


def most_pods(manifests: Manifests, name: str, replicas: int | None) -> int:
    """Of one Deployment, while it is scaled up as far as it may be and then replaced."""
    scaled: list[int] = [
        one["spec"].get("maxReplicas", one["spec"].get("maxReplicaCount"))
        for one in manifests.of("HorizontalPodAutoscaler", "ScaledObject")
        if one["spec"]["scaleTargetRef"]["name"] == name
    ]
    return max([replicas or 0, *scaled]) + 1


@pytest.mark.parametrize("installation", [DEFAULT, DEV, PRODUCTION], ids=str)
def test_the_database_has_connections_for_all_even_during_an_upgrade(helms: None, installation: Installation):
    manifests = rendered(replace(installation, upgrade=True))
    pods = sum(
        most_pods(manifests, one["metadata"]["name"], one["spec"].get("replicas"))
        for one in manifests.of("Deployment")
        if any(
            entry["name"] == "DATABASE_URL" for entry in one["spec"]["template"]["spec"]["containers"][0].get("env", [])
        )
    )
    needed = (pods + len(SERVICES)) * CONNECTIONS

    assert needed + OF_A_SUPERUSER <= connections(manifests)


def connections(manifests: Manifests) -> int:
    """How many the server takes: the one setting of that name, wherever it is written."""
    for cluster in manifests.of("Cluster"):
        return int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])
    (word,) = (word for word in manifests.pod("postgresql").containers[0].words if word.startswith("max_connections="))
    return int(word.partition("=")[2])


def test_a_cache_is_full_before_its_container_is(default: Manifests):
    (server,) = default.pod("redis").containers
    (text,) = (text for one in default.of("ConfigMap") for name, text in one["data"].items() if name == "redis.conf")
    most = next(line.split()[1] for line in text.splitlines() if line.startswith("maxmemory "))

    assert int(most.removesuffix("mb")) < int(server.spec["resources"]["limits"]["memory"].removesuffix("Mi"))
