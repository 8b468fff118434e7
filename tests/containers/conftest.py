"""The images, built as `make images` builds them, and an exchange of containers made of them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.docker import cannot_have, image_named, no_engine
from tests.containers.house import House, Images

ROOT = Path(__file__).resolve().parents[2]
TAG = "test"
_BUILD_LIMIT_S = 1_800


def base_images() -> dict[str, str]:
    """The public images ours are built on, by the variable that names another."""
    texts = [(ROOT / name).read_text() for name in ("Dockerfile.base", "frontend/Dockerfile")]
    usual = dict(re.findall(r"^ARG ([A-Z]+_IMAGE)=(\S+)$", "".join(texts), re.MULTILINE))
    return {variable: image_named(variable, image) for variable, image in usual.items()}


def server_images() -> dict[str, str]:
    return {
        "postgres": image_named("POSTGRES_IMAGE", "postgres:17"),
        "rabbitmq": image_named("RABBITMQ_IMAGE", "rabbitmq:4-management"),
        "redis": image_named("REDIS_IMAGE", "redis:7"),
    }


@pytest.fixture(scope="session")
def images() -> Images:
    """All images, built now; skips with the reason where they cannot be."""
    reason = no_engine()
    if reason:
        pytest.skip(reason)
    for image in (*base_images().values(), *server_images().values()):
        if reason := cannot_have(image):
            pytest.skip(reason)
    built = subprocess.run(
        [str(ROOT / ".ci" / "images")],
        env={**os.environ, "TAG": TAG, "REGISTRY": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_BUILD_LIMIT_S,
        check=False,
    )
    assert built.returncode == 0, built.stdout.decode()[-6_000:]
    return Images(TAG, base_images(), server_images())


@pytest.fixture(scope="module")
def house(images: Images) -> Iterator[House]:
    """A running exchange; nothing of it stays behind, whatever happens."""
    house = House(images)
    try:
        house.open()
        yield house
    finally:
        house.remove()
