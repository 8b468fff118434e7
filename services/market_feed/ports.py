"""What market_feed's handlers ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from chassis.clock import Clock
from market_feed.domain.chance import Dice
from market_feed.domain.market import Holdings, Instrument, Quote, Standing, Wish


class Away(Exception):
    """The exchange does not answer, or says that it cannot at the moment. Nobody knows what became of the request.

    `pause_s` is how long to wait if it said so, else 0.
    """

    def __init__(self, why: str, pause_s: float = 0.0) -> None:
        super().__init__(why)
        self.pause_s = pause_s


class Hasty(Exception):
    """This account asks too often, and is to rest for `pause_s`."""

    def __init__(self, pause_s: float) -> None:
        super().__init__(f"too many requests, to rest for {pause_s:.0f} s")
        self.pause_s = pause_s


class Unknown(Exception):
    """The exchange does not know the account any more: it has to be opened again."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What an account is entered with."""

    name: str
    password: str


class Credentials(Protocol):
    """Where the accounts' passwords are kept, so that a later start finds them."""

    def of(self, role: str) -> Credential:
        """The credential of a role, made and kept at the first time: its name is the role's."""

    def under_another_name(self, role: str) -> Credential:
        """A new credential for a role whose name belongs to somebody else."""


class Desk(Protocol):
    """The exchange as one account sees it. Everything raises Away, Hasty or Unknown."""

    def instruments(self) -> list[Instrument]:
        """What can be traded: listed and not halted."""

    def last_prices(self, symbols: Collection[str]) -> dict[str, int]:
        """The last price of those that have traded."""

    def quotes(self, symbols: Collection[str]) -> dict[str, Quote]: ...

    def holdings(self) -> Holdings: ...

    def standing(self, symbol: str) -> list[Standing]:
        """Its open orders in one symbol that no cancel was asked for."""

    def place(self, wishes: Sequence[Wish]) -> list[str]:
        """Place all; their order ids, "" for one that was refused."""

    def cancel(self, order_id: str) -> None:
        """Ask for a cancel; it does not matter if the order has ended."""

    def cancel_all(self) -> int:
        """Ask to cancel every open order; how many those are."""

    def is_cleared(self) -> bool:
        """Whether no order is open."""


class Exchange(Protocol):
    """The door of the exchange."""

    def enter(self, credential: Credential) -> Desk | None:
        """Sign up, or log in if that was done before; None if the name is somebody else's. Raises Away, Hasty."""


@dataclass(frozen=True, slots=True)
class Deps:
    """What the handlers live on. `dice` makes the chance for a purpose: the same each time for the same name.

    `step_us` is how often what a share is worth to the makers changes.
    """

    exchange: Exchange
    credentials: Credentials
    clock: Clock
    dice: Callable[[str], Dice]
    step_us: int
