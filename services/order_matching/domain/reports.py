"""What the book reports: one plain tuple per happening, because millions of them are made.

Each opens with its kind and the sequence of the command that caused it; the shapes are the types below.
Prices are in 1/10000 dollar, `remaining` is what is left of the order after the happening, in shares.
"""

from __future__ import annotations

from typing import Final, Literal

from contracts.facts import Reason
from contracts.orders import Side
from order_matching.domain.orders import AccountId, OrderId

REFUSED: Final = "refused"
RESTED: Final = "rested"
TRADED: Final = "traded"
CANCELED: Final = "canceled"
CANCEL_REFUSED: Final = "cancel_refused"
REPLACED: Final = "replaced"
REPLACE_REFUSED: Final = "replace_refused"
EXPIRED: Final = "expired"

Refused = tuple[Literal["refused"], int, OrderId, AccountId, Reason]
"""kind, sequence, order, account, reason"""

Rested = tuple[Literal["rested"], int, OrderId, AccountId, int]
"""kind, sequence, order, account, remaining"""

Traded = tuple[Literal["traded"], int, int, int, int, Side, OrderId, AccountId, int, OrderId, AccountId, int]
"""kind, sequence, trade number, price, quantity, taker's side, then order, account and remaining of the taker
and of the maker"""

Canceled = tuple[Literal["canceled"], int, OrderId, AccountId, Side, int, int, Reason]
"""kind, sequence, order, account, side, price, remaining, reason"""

CancelRefused = tuple[Literal["cancel_refused"], int, OrderId, AccountId, Reason]
"""kind, sequence, order, account, reason"""

Replaced = tuple[Literal["replaced"], int, OrderId, OrderId, AccountId, int, int, bool]
"""kind, sequence, new order, order it replaces, account, remaining, price, whether it kept its place"""

ReplaceRefused = tuple[Literal["replace_refused"], int, OrderId, OrderId, AccountId, Reason]
"""kind, sequence, new order, order it was to replace, account, reason"""

Expired = tuple[Literal["expired"], int, OrderId, AccountId, int]
"""kind, sequence, order, account, remaining"""

Report = Refused | Rested | Traded | Canceled | CancelRefused | Replaced | ReplaceRefused | Expired
