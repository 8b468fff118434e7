"""What the one-process exchange is told by its environment, and what it tells the services in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of `make run`. `data` is the folder everything is kept in."""

    host: str = "127.0.0.1"
    port: int = 8080
    data: str = "data"
    http_threads: int = 128
    log_level: str = "warning"
    stop_with_parent: bool = False
    """Whether the exchange ends when the process that started it does, as `make run` has it."""


def service_environment(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The services' settings: what a fresh laptop needs, overridden by the environment."""
    return {
        "SIGNING_KEY_FILE": str(folder / "keys" / "signing.pem"),
        "DEMO_USERS": "alice,bob,carol,dave",
        "OPERATOR_NAME": "operator",
        "OPERATOR_PASSWORD": "operator-password",
        "STARTING_CASH": "100000",
        "STARTING_SHARES": "*:100",
        **environment,
    }
