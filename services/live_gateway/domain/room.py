"""Who is let in where room is short: nobody keeps others out by having the most connections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from contracts.refusals import Refusal, Refused

Who = TypeVar("Who")
Groups = Mapping[str, Mapping[Who, None]]
"""Account or address → its connections, the oldest first."""


@dataclass(frozen=True, slots=True)
class Room:
    """Bounds on connections: of all, of one account, and of one address (0: none of its own).

    When all places are taken, whoever comes gets that of the account with the most, or else of the address with the
    most: its oldest, and only if it has at least two more than whoever comes. Accounts are compared first, because many
    people can share an address. When everybody has about the same, whoever comes is refused.
    """

    most: int
    most_per_account: int
    most_per_address: int = 0

    def make(self, account_id: str, address: str, of_account: Groups[Who], of_address: Groups[Who]) -> Who | None:
        """Whoever has to go for one of this account and address, None if there is room; Refused if there is none."""
        if len(of_account.get(account_id, ())) >= self.most_per_account:
            raise Refused(
                Refusal.TOO_MANY_REQUESTS,
                f"This account has {self.most_per_account} live connections already. Close one first.",
            )
        if 0 < self.most_per_address <= len(of_address.get(address, ())):
            raise Refused(
                Refusal.TOO_MANY_REQUESTS,
                f"This address has {self.most_per_address} live connections already. Close one first.",
            )
        if sum(map(len, of_account.values())) < self.most:
            return None
        for groups, name in ((of_account, account_id), (of_address, address)):
            largest = max(groups.values(), key=len, default={})
            if len(largest) >= len(groups.get(name, ())) + 2:
                return next(iter(largest))
        raise Refused(Refusal.UNAVAILABLE, "There are as many live connections as can be served. Try again shortly.")
