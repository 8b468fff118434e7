"""What is in an image, and what is not: each is small, knows its door, and has nothing that only a build needs."""

from __future__ import annotations

from collections.abc import Iterator
from signal import SIGTERM

import pytest

from standalone.databases import SERVICES
from standalone.stack.settings import DOORS
from tests.containers.docker import docker, inspect, run
from tests.containers.house import Images, wait_until
from tests.containers.told import environment

pytestmark = pytest.mark.timeout(2_000)

MOST_ADDED_MB = 150
TOLD_TO_STOP = 128 + SIGTERM
PROCESSES = {**DOORS, "market_feed": ("trade",)}
ALL = (*PROCESSES, "gateway", "operations")
PYTHON = tuple(name for name in ALL if name != "gateway")


def base_of(images: Images, name: str) -> str:
    return images.bases["NGINX_IMAGE" if name == "gateway" else "PYTHON_IMAGE"]


def files_of(image: str) -> Iterator[str]:
    found = docker("run", "--rm", "--user", "0", "--entrypoint", "find", image, "/", "-xdev", "-type", "f")
    yield from found.splitlines()


def takes_sigterm(container: str) -> bool:
    status = docker("exec", container, "cat", "/proc/1/status")
    [caught] = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith("SigCgt:")]
    return bool(caught >> (SIGTERM - 1) & 1)


@pytest.mark.parametrize("name", ALL)
def test_an_image_adds_little_to_what_it_is_built_on(images: Images, name: str) -> None:
    whole, base = inspect(images.of(name))["Size"], inspect(base_of(images, name))["Size"]

    added_mb = (whole - base) / 1e6
    print(f"\n{images.of(name):45} {whole / 1e6:6.1f} MB, {added_mb:5.1f} MB over {base_of(images, name)}")
    assert added_mb < MOST_ADDED_MB


@pytest.mark.parametrize("name", ALL)
def test_an_image_says_what_it_is_and_runs_as_nobody_in_particular(images: Images, name: str) -> None:
    config = inspect(images.of(name))["Config"]

    assert config["User"] == ("101:101" if name == "gateway" else "10001:10001")
    assert config["StopSignal"] == ("SIGQUIT" if name == "gateway" else "SIGTERM")
    labels = {label.removeprefix("org.opencontainers.image."): text for label, text in config["Labels"].items()}
    assert labels["title"] == images.of(name).partition(":")[0]
    assert {"description", "licenses", "revision", "version"} <= set(labels)


@pytest.mark.parametrize("name", PYTHON)
def test_an_image_has_its_own_code_and_nothing_that_only_a_build_or_a_test_needs(images: Images, name: str) -> None:
    files = set(files_of(images.of(name)))

    code = {file.split("/")[2] for file in files if file.startswith("/app/")}
    own = {"operations": {"standalone", "order_matching", "loadtest"}}.get(name, {name})
    assert code == {"contracts", "chassis"} | own
    assert not {file.rsplit("/", 1)[1] for file in files} & {"gcc", "cc", "make", "npm", "pip.conf"}
    assert not [file for file in files if "/.cache/" in file or file.startswith(("/packages/", "/tmp/"))]  # noqa: S108
    assert not [file for file in files if file.startswith("/app/") and ("/tests/" in file or "Dockerfile" in file)]


def test_the_base_comes_compiled(images: Images) -> None:
    files = set(files_of(images.of("base")))

    sources = [file for file in files if file.startswith("/app/") and file.endswith(".py")]
    compiled = {file.replace("/__pycache__", "").split(".cpython")[0] for file in files if file.endswith(".pyc")}
    assert sources
    assert not [source for source in sources if source.removesuffix(".py") not in compiled]


def test_no_image_remembers_where_its_packages_came_from(images: Images) -> None:
    for name in ("base", *ALL):
        told = docker("history", "--no-trunc", "--format", "{{.CreatedBy}}", images.of(name))
        assert "INDEX_URL" not in told, name
        assert "REGISTRY" not in told, name


@pytest.mark.parametrize("service", PROCESSES)
def test_without_a_door_an_image_says_which_there_are(images: Images, service: str) -> None:
    done = run("run", "--rm", images.of(service))

    assert done.returncode == 1
    assert f"usage: python -m {service}.main" in done.stderr.decode()
    assert PROCESSES[service][0] in done.stderr.decode()


@pytest.mark.parametrize("service", SERVICES)
def test_without_settings_a_door_says_which_it_needs(images: Images, service: str) -> None:
    done = run("run", "--rm", images.of(service), "relay")

    assert done.returncode == 1
    assert "is not set" in done.stderr.decode()


@pytest.mark.parametrize("door", ["wait", "migrate", "consumer", "relay"])
def test_a_process_that_is_told_to_go_while_it_starts_goes(images: Images, door: str) -> None:
    variables = [f"--env={name}={value}" for name, value in environment("stock_ordering", door, "secret").items()]
    container = docker("run", "--detach", *variables, images.of("stock_ordering"), door).strip()
    try:
        wait_until(lambda: takes_sigterm(container), "the interpreter")
        docker("stop", "-t", "10", container)

        assert inspect(container)["State"]["ExitCode"] in (0, TOLD_TO_STOP), docker("logs", container)
    finally:
        docker("rm", "--force", container)
