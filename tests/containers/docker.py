"""Docker by its command line, wherever DOCKER_HOST has its engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

LIMIT_S = 600.0


class DockerFailed(AssertionError):
    """A command of docker's failed; the text is what it said."""


def docker(*words: str, told: bytes = b"", limit_s: float = LIMIT_S) -> str:
    """Run one command, `told` on its standard input; what it prints. DockerFailed with its words if it fails."""
    done = run(*words, told=told, limit_s=limit_s)
    if done.returncode:
        raise DockerFailed(f"docker {' '.join(words)}: {done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout.decode()


def run(*words: str, told: bytes = b"", limit_s: float = LIMIT_S) -> subprocess.CompletedProcess[bytes]:
    """Run one command and show how it ended."""
    return subprocess.run(["docker", *words], input=told, capture_output=True, timeout=limit_s, check=False)


def inspect(name: str) -> dict[str, Any]:
    """All that the engine knows of a container or an image."""
    [found] = json.loads(docker("inspect", name))
    return dict(found)


def no_engine() -> str:
    """Why there is no engine to use; nothing where there is one."""
    if shutil.which("docker") is None:
        return "docker is not installed"
    try:
        asked = run("info", limit_s=20.0)
    except subprocess.TimeoutExpired:
        return "the Docker engine does not answer"
    return "" if asked.returncode == 0 else f"no Docker engine answers: {asked.stderr.decode().strip()[-200:]}"


def image_named(variable: str, usual: str) -> str:
    """The image that a variable of the environment names, or the usual one."""
    return os.environ.get(variable) or usual


def cannot_have(image: str) -> str:
    """Why an image from outside cannot be had; nothing where it is here now."""
    if run("image", "inspect", image).returncode == 0:
        return ""
    pulled = run("pull", "--quiet", image)
    return "" if pulled.returncode == 0 else f"{image} cannot be pulled: {pulled.stderr.decode().strip()[-200:]}"
