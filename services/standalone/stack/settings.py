"""What `make stack` is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chassis.settings import SettingsError

DOORS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "user_accounts": ("web", "consumer", "relay"),
        "user_portfolio": ("web", "consumer", "relay"),
        "stock_data": ("web", "consumer", "relay"),
        "stock_ordering": ("web", "consumer", "relay"),
        "order_matching": ("consumer", "relay"),
        "live_gateway": ("web",),
    }
)
"""The doors of each service."""

SCALABLE = ("web", "consumer")
"""What `REPLICAS=service=2` means; a relay more only waits for the first to go, so it has to be named."""

MOST_REPLICAS = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of `make stack`. `stack` is the folder everything is kept in.

    `rabbitmq_url` and `redis_url` name servers that are there already; none is started then.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    stack: str = "data-stack"
    replicas: str = ""
    log_level: str = "warning"
    stop_with_parent: bool = False
    rabbitmq_url: str = ""
    redis_url: str = ""
    clock_shifts: str = ""
    """For `make chaos`: the folder whose files say by what the wall clock of each service process is wrong."""


def read_replicas(text: str) -> dict[tuple[str, str], int]:
    """How many processes each (service, door) has, from "user_portfolio=2,order_matching.consumer=3".

    SettingsError for what is no service, no door of it or no number from 1 to 16.
    """
    counts = {(service, door): 1 for service, doors in DOORS.items() for door in doors}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = (word.strip() for word in part.partition("="))
        service, _, door = name.partition(".")
        scaled = [key for key in counts if key[0] == service and (key[1] == door if door else key[1] in SCALABLE)]
        if not scaled or not number.isdecimal() or not 1 <= int(number) <= MOST_REPLICAS:
            raise SettingsError(
                f"REPLICAS={text!r}: {part!r} is not like user_portfolio=2 or order_matching.consumer=3,"
                f" with a number from 1 to {MOST_REPLICAS}"
            )
        counts.update(dict.fromkeys(scaled, int(number)))
    return counts
