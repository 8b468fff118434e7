"""What the one-process exchange is told by its environment, and what it tells those it starts in turn."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import market_feed.settings
from chassis.settings import read_settings
from standalone.page import BUILT_PAGE


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of `make run`. `data` is the folder everything is kept in.

    `max_connections_per_address`: beyond it a client's oldest idle connection makes room for its next; 0 is no limit.
    `http_concurrency`: requests at work at the same time; the others wait in a line for each client.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data: str = "data"
    http_threads: int = 256
    http_concurrency: int = 32
    max_connections_per_address: int = 1_000
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


def page_folder(environment: Mapping[str, str]) -> Path:
    """Where the built page is: PAGE, or where `.ci/setup` leaves it."""
    return Path(environment.get("PAGE") or BUILT_PAGE)


def is_market_on(environment: Mapping[str, str]) -> bool:
    """Whether resident traders are wanted (MARKET=on or off); SettingsError for one of theirs that makes no sense."""
    return read_settings(market_feed.settings.Settings, environment).market == "on"


def market_environment(environment: Mapping[str, str], url: str, folder: Path) -> dict[str, str]:
    """What the resident traders are told: where the exchange of this data folder is, and where their keys are kept."""
    import_root = str(Path(__file__).resolve().parents[1])
    return {**environment, "PYTHONPATH": import_root, "EXCHANGE_URL": url, "MARKET_FOLDER": str(folder / "market")}


def reachable_url(listener: socket.socket) -> str:
    """The address at which this machine reaches a listening socket, whatever name and port were asked for."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # recognised, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
