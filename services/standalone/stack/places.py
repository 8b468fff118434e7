"""Where a stack's own servers listen and who may come in; kept in its folder, for its owner's eyes only."""

from __future__ import annotations

import json
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

from standalone.servers.process import free_port
from standalone.servers.rabbitmq import BrokerPlace
from standalone.servers.redis_server import cache_url
from standalone.stack_file import write_privately

VIRTUAL_HOST = "exchange"


@dataclass(frozen=True, slots=True)
class Places:
    """Ports of the loopback interface and the passwords of a stack's servers."""

    broker_port: int
    broker_distribution_port: int
    broker_epmd_port: int
    cache_port: int
    broker_password: str
    cache_password: str

    @property
    def broker(self) -> BrokerPlace:
        return BrokerPlace(
            self.broker_port, self.broker_distribution_port, self.broker_epmd_port, "exchange", self.broker_password
        )

    @property
    def rabbitmq_url(self) -> str:
        return self.broker.url(VIRTUAL_HOST)

    @property
    def redis_url(self) -> str:
        return cache_url(self.cache_port, self.cache_password)


def read_places(folder: Path) -> Places:
    """What `settle_places` has left in the folder."""
    return Places(**json.loads((folder / "places.json").read_text()))


def settle_places(folder: Path) -> Places:
    """The places of the last start, with other ports for those that somebody else has taken since."""
    file = folder / "places.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    places = Places(
        broker_port=_port(known.get("broker_port", 0)),
        broker_distribution_port=_port(known.get("broker_distribution_port", 0)),
        broker_epmd_port=_port(known.get("broker_epmd_port", 0)),
        cache_port=_port(known.get("cache_port", 0)),
        broker_password=known.get("broker_password") or secrets.token_hex(16),
        cache_password=known.get("cache_password") or secrets.token_hex(16),
    )
    write_privately(file, json.dumps(asdict(places), indent=2))
    return places


def _port(remembered: int) -> int:
    if not remembered:
        return free_port()
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", remembered))
        except OSError:
            return free_port()
    return remembered
