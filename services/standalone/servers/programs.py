"""Finds the servers' programs on this machine, and says in one sentence each what is missing."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass


class ServerRefused(Exception):
    """A server cannot be had; the text is the whole message."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program: where it may be, best place first, and which package brings it."""

    name: str
    server: str
    apt: str
    brew: str
    places: tuple[str, ...]

    def find(self) -> str | None:
        """Its path, or None where it is not installed."""
        return next((path for place in self.places if (path := shutil.which(place))), None)

    def path(self) -> str:
        """Its path; ServerRefused with what to install."""
        path = self.find()
        if path is None:
            raise ServerRefused(
                f"{self.server} is missing (no {self.name} on this machine): apt install {self.apt},"
                f" or brew install {self.brew}."
            )
        return path


def _of_rabbitmq(name: str) -> Program:
    # Debian's own on the PATH insists on a user of its own; the script behind it works for everybody
    return Program(
        name,
        "RabbitMQ",
        "rabbitmq-server",
        "rabbitmq",
        (f"/usr/lib/rabbitmq/bin/{name}", name, f"/opt/homebrew/sbin/{name}", f"/usr/local/sbin/{name}"),
    )


RABBITMQ_SERVER = _of_rabbitmq("rabbitmq-server")
RABBITMQCTL = _of_rabbitmq("rabbitmqctl")
EPMD = Program("epmd", "RabbitMQ", "rabbitmq-server", "rabbitmq", ("epmd", "/opt/homebrew/bin/epmd"))
REDIS_SERVER = Program(
    "redis-server", "Redis", "redis-server", "redis", ("redis-server", "/opt/homebrew/bin/redis-server")
)
NGINX = Program("nginx", "nginx", "nginx-light", "nginx", ("nginx", "/usr/sbin/nginx", "/opt/homebrew/bin/nginx"))

RABBITMQ = (RABBITMQ_SERVER, RABBITMQCTL, EPMD)


def missing(programs: Iterable[Program]) -> list[str]:
    """A sentence for each server whose programs are not all there."""
    sentences: dict[str, str] = {}
    for program in programs:
        try:
            program.path()
        except ServerRefused as refused:
            sentences.setdefault(program.server, str(refused))
    return list(sentences.values())
