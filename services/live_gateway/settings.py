"""What the live gateway is told by its environment."""

from __future__ import annotations

from dataclasses import dataclass

_SPARE_SOCKETS = 16
"""Sockets that are on their way out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits and paces, wherever the gateway runs. Milliseconds are between two looks, updates or signs of life.

    `live_connections_per_address`: 0 is no limit. `live_strangers` have not yet said who they are.
    """

    live_connections: int = 2_000
    live_connections_per_account: int = 20
    live_connections_per_address: int = 0
    live_strangers: int = 64
    live_identify_ms: int = 5_000
    live_events_per_second: int = 20
    live_pause_ms: int = 50
    live_pulse_ms: int = 2_000
    live_ack_limit_ms: int = 30_000
    live_recheck_ms: int = 30_000

    @property
    def most_sockets(self) -> int:
        """Sockets open at the same time; in one process with the exchange each of them holds a thread."""
        return self.live_connections + self.live_strangers + _SPARE_SOCKETS


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSettings:
    """What a process of the gateway's own needs beside them, named as for the doors of all services."""

    rabbitmq_url: str
    redis_url: str
    public_key_file: str
    host: str = "127.0.0.1"
    port: int = 8000
    listen_fd: int = -1
    ready_fd: int = -1
    stop_with_parent: bool = False
    trusted_proxies: int = 0
    log_level: str = "warning"
