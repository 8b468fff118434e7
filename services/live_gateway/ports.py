"""What the handlers ask for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from live_gateway.domain.asking import Credentials
from live_gateway.domain.pictures import Picture


@dataclass(frozen=True, slots=True)
class Admission:
    """Whose credentials these are, and when they end, by the monotonic clock: None for an API key."""

    account_id: str
    ends_at_s: float | None


Authenticate = Callable[[Credentials], Admission]
"""Refused(UNAUTHENTICATED or SESSION_ENDED), or Unanswered where nobody can be asked."""


class Wire(Protocol):
    """The connections themselves, each known by its id. Nothing here waits for a client."""

    def send(self, sid: str, update: Picture, acknowledged: Callable[[], None]) -> None:
        """Send an update; `acknowledged` is called when the client says that it has it."""

    def dismiss(self, sid: str, farewell: Picture) -> None:
        """Say why, and disconnect: this client is not to come back by itself."""

    def sweep(self) -> None:
        """Cut the lines of those who were sent away and have not gone."""

    def hang_up(self, sid: str) -> None:
        """Cut the line: a client that is well connects again."""
