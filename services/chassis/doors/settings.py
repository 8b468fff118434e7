"""What a process of a service is told by its environment, beside the service's own settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorSettings:
    """What every door needs. `ready_fd` is a pipe that gets the line "ready" once the process does its work.

    `database_wait_s`: how long work may wait for one of the `database_connections`.
    """

    database_url: str
    database_connections: int = 8
    database_wait_s: float = 10.0
    log_level: str = "warning"
    ready_fd: int = -1
    stop_with_parent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaySettings(DoorSettings):
    """`health_port`: where /livez, /readyz and /metrics are; 0 is any free port.

    `gather_ms`: how often busy work is taken up; what comes together in between shares a transaction.
    """

    rabbitmq_url: str
    gather_ms: float = 50.0
    health_host: str = "127.0.0.1"
    health_port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerSettings(RelaySettings):
    """A consumer caches what it has heard."""

    redis_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings(DoorSettings):
    """`listen_fd` is an inherited listening socket, in place of `host` and `port`.

    `public_key_file`: PEM of the public key, or of certificates with the keys, that access tokens are checked with; a
    token that was good is checked again after `sure_ms`. `trusted_proxies`: how many of them stand in front, whose
    X-Forwarded-For is believed. `max_connections_per_address`: beyond it a client's oldest idle connection makes room
    for its next; 0 is no limit, for where all connections are a proxy's. `http_concurrency`: requests at work at the
    same time; the others wait in a line for each client.
    """

    database_wait_s: float = 2.0
    rabbitmq_url: str
    redis_url: str
    public_key_file: str
    host: str = "127.0.0.1"
    port: int = 8000
    listen_fd: int = -1
    http_threads: int = 256
    http_concurrency: int = 32
    max_connections_per_address: int = 0
    sure_ms: float = 500.0
    trusted_proxies: int = 0
