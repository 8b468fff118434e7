"""What the chart tells each process is what the code reads, and the processes are those of a stack."""

from __future__ import annotations

from importlib.util import find_spec
from urllib.parse import urlsplit

import pytest

from chassis.settings import read_settings
from standalone.databases import SERVICES
from tests.chart.manifests import Container, Manifests
from tests.chart.settings_of import AUDIT_READS, MARKET, PROCESSES, names_in, own_settings, settings_read

PROGRAMS = {"gateway", "operations"}
"""Our images that have no doors."""

OPERATIONS = {"standalone.audit": AUDIT_READS | {"DATA"}, "loadtest.smoke": set[str]()}
"""The programs of the operations image that the chart starts, and what they read."""

SECRET_NAMES = ("SIGNING_KEY_FILE", "OPERATOR_PASSWORD", "DATABASE_URL")


def doors_in(manifests: Manifests) -> list[tuple[Container, str, str]]:
    """Every container that opens a door of a service: container, service, door."""
    return [
        (container, container.our_image.replace("-", "_"), container.words[-1])
        for container in manifests.containers
        if container.our_image and container.our_image not in PROGRAMS
    ]


def test_every_process_of_a_stack_runs_on_the_cluster(default: Manifests):
    staying = {(service, door) for container, service, door in doors_in(default) if container.stays}

    assert staying == PROCESSES


def test_a_workload_is_called_after_its_service_and_door(manifests: Manifests):
    for container, service, door in doors_in(manifests):
        if container.stays:
            assert container.pod.name == f"{service.replace('_', '-')}-{door}", container


def test_every_command_is_one_word_and_a_door(manifests: Manifests):
    for container, service, door in doors_in(manifests):
        assert container.words == [door], container
        assert settings_read(service, door), container


def test_every_setting_can_be_read_and_none_is_missing(manifests: Manifests):
    for container, service, door in doors_in(manifests):
        told = manifests.environment(container)
        readable = {name: "somebody's secret" if text is None else text for name, text in told.items()}
        for kind in settings_read(service, door):
            assert read_settings(kind, readable), container


def test_nothing_is_told_that_nobody_reads(manifests: Manifests):
    for container, service, door in doors_in(manifests):
        kinds = [*settings_read(service, door), own_settings(service)]
        known = {name for kind in kinds for name in names_in(kind)}

        assert set(manifests.environment(container)) - known == set(), container


def test_only_who_needs_a_secret_is_told_it(manifests: Manifests):
    for container, service, door in doors_in(manifests):
        read = {name for kind in settings_read(service, door) for name in names_in(kind)}
        told = set(manifests.environment(container)) & set(SECRET_NAMES)

        assert told <= read, container


def test_what_answers_http_does_so_to_others_on_the_port_that_is_asked(manifests: Manifests):
    for container, service, door in doors_in(manifests):
        if not container.stays or (service, door) == MARKET:
            continue
        told = manifests.environment(container)
        host, port = ("HOST", "PORT") if door == "web" else ("HEALTH_HOST", "HEALTH_PORT")

        assert (told.get(host), container.ports) == ("0.0.0.0", {"http": int(told.get(port) or 0)}), container  # noqa: S104


def test_keys_are_where_the_process_is_told(manifests: Manifests):
    for container, service, door in doors_in(manifests):
        told = manifests.environment(container)
        for name, key in (("SIGNING_KEY_FILE", "tls.key"), ("PUBLIC_KEY_FILE", "tls.crt")):
            if told.get(name):
                assert files_of(manifests, container, str(told[name])) == {key}, f"{container}: {name}"
        if (service, door) == ("user_accounts", "migrate"):
            assert not told.get("PUBLIC_KEY_FILE"), "it would be written"


def test_only_user_accounts_sees_the_signing_key(manifests: Manifests):
    for container in manifests.containers:
        for path in container.mounts:
            if "tls.key" in files_of(manifests, container, path, whole=True):
                assert container.our_image == "user-accounts", f"{container}: {path}"


def files_of(manifests: Manifests, container: Container, path: str, *, whole: bool = False) -> set[str]:
    """The keys of Secrets found at a path: of the one file, or of the whole mount."""
    for at, mount in container.mounts.items():
        if path != at and not path.startswith(f"{at}/"):
            continue
        volume = container.pod.volumes[mount["name"]]
        secrets = [
            source["secret"]
            for source in [volume, *volume.get("projected", {}).get("sources", [])]
            if "secret" in source
        ]
        found: dict[str, str] = {}
        for secret in secrets:
            name = secret.get("secretName") or secret["name"]
            items = secret.get("items") or [
                {"key": key, "path": key} for key in manifests.secret(name) or ["tls.key", "tls.crt"]
            ]
            found |= {item["path"]: item["key"] for item in items}
        if whole:
            return set(found.values())
        file = str(mount.get("subPath") or path.removeprefix(at).strip("/"))
        return {found[file]} if file in found else set()
    return set()


def test_every_pod_waits_for_its_database(manifests: Manifests):
    for pod in manifests.pods:
        for container in pod.containers:
            service = container.our_image.replace("-", "_")
            if container.stays and service in SERVICES:
                first = [(one.our_image, one.words) for one in pod.containers if one.is_init]
                assert (container.our_image, ["wait"]) in first, pod


def test_a_service_is_told_of_its_own_database_only(manifests: Manifests):
    told: dict[str, set[str]] = {}
    for container, service, _ in doors_in(manifests):
        url = manifests.environment(container).get("DATABASE_URL")
        if url:
            told.setdefault(service, set()).add(url)

    assert {service: len(urls) for service, urls in told.items()} == dict.fromkeys(told, 1)
    assert len({url for urls in told.values() for url in urls}) == len(told)


def test_residents_trade_at_the_front_door_and_keep_their_passwords(default: Manifests):
    (container,) = default.pod("market-feed-trade").containers
    told = default.environment(container)
    folder = str(told["MARKET_FOLDER"])
    kept = [mount for at, mount in container.mounts.items() if folder == at or folder.startswith(f"{at}/")]

    assert is_the_front_door(default, str(told["EXCHANGE_URL"]))
    assert ["persistentVolumeClaim" in container.pod.volumes[mount["name"]] for mount in kept] == [True]


def is_the_front_door(manifests: Manifests, url: str) -> bool:
    """Whether a URL leads to the gateway's Service and a port it has."""
    address = urlsplit(url)
    service = manifests.named("Service", f"{manifests.fullname}-gateway")
    assert service is not None
    ports = [port["port"] for port in service["spec"]["ports"]]
    return address.hostname == service["metadata"]["name"] and (address.port or 80) in ports


def test_the_first_trade_is_made_at_the_front_door(default: Manifests):
    (container,) = default.pod("test-smoke").containers

    assert is_the_front_door(default, container.words[-1])


@pytest.mark.parametrize("program", OPERATIONS)
def test_a_helm_test_starts_a_program_of_the_operations_image(default: Manifests, program: str):
    found = [one for one in default.containers if one.our_image == "operations" and program in one.words]

    assert [one.pod.owner["metadata"]["annotations"]["helm.sh/hook"] for one in found] == ["test"]
    assert find_spec(program) is not None
    assert set(default.environment(found[0])) == OPERATIONS[program]


def test_the_proxies_in_front_are_counted(manifests: Manifests):
    is_behind_another = bool(manifests.of("Ingress", "HTTPRoute"))
    for container, _, door in doors_in(manifests):
        if door == "web":
            told = manifests.environment(container)
            assert told["TRUSTED_PROXIES"] == ("2" if is_behind_another else "1"), container
