"""What one account owns and how holding, releasing, settling and granting change it."""

from __future__ import annotations

from dataclasses import dataclass, field

from contracts.facts import OrderFilled, Reason
from contracts.money import LARGEST_MONEY
from contracts.orders import Side
from user_portfolio.domain.activities import CLEARING, ISSUER, Activity, ActivityKind
from user_portfolio.domain.holds import CorruptFact, Hold, HoldState


@dataclass(slots=True)
class Position:
    """Shares of one symbol. `cost_basis` is what those still owned cost in total, `realised` what sales earned
    beyond their cost, both in 1/10000 dollar. The same cash can go round for ever, and they grow with every round: at
    LARGEST_MONEY they stop, for a figure that does not fit must not keep a fill from being settled.
    """

    symbol: str
    quantity: int = 0
    held: int = 0
    cost_basis: int = 0
    realised: int = 0

    @property
    def available(self) -> int:
        return self.quantity - self.held

    def receive(self, quantity: int, cost: int) -> None:
        self.quantity += quantity
        self.cost_basis = min(self.cost_basis + cost, LARGEST_MONEY)

    def deliver(self, quantity: int, proceeds: int) -> None:
        """Part with shares at their average cost, rounded down; the last share takes the rest with it."""
        if quantity > self.available:
            raise CorruptFact(f"{self.available} {self.symbol} cannot deliver {quantity}")
        cost = self.cost_basis * quantity // self.quantity
        self.quantity -= quantity
        self.cost_basis -= cost
        self.realised = max(-LARGEST_MONEY, min(self.realised + proceeds - cost, LARGEST_MONEY))


@dataclass(slots=True)
class Portfolio:
    """One account: cash and held cash in 1/10000 dollar, and its positions by symbol.

    `is_changed` says whether any of them is not as it was loaded.
    """

    account_id: str
    opened_at_us: int
    cash: int = 0
    cash_held: int = 0
    positions: dict[str, Position] = field(default_factory=dict)
    is_changed: bool = False

    @property
    def buying_power(self) -> int:
        return self.cash - self.cash_held

    def reserve(self, hold: Hold, amount: int) -> Reason | None:
        """Put `amount` (cash for a buy, shares for a sell) aside for an order, or say why not."""
        if hold.side == Side.BUY:
            if amount > self.buying_power:
                return Reason.INSUFFICIENT_BUYING_POWER
            self.cash_held += amount
        else:
            position = self.positions.get(hold.symbol)
            if position is None or amount > position.available:
                return Reason.INSUFFICIENT_SHARES
            position.held += amount
        hold.held += amount
        self.is_changed |= amount > 0
        return None

    def release(self, hold: Hold, amount: int) -> None:
        """Let go of `amount` of what is held for an order."""
        if hold.side == Side.BUY:
            self.cash_held -= amount
        elif amount:
            self.positions[hold.symbol].held -= amount
        hold.held -= amount
        self.is_changed |= amount > 0

    def end(self, hold: Hold) -> None:
        """Release all that is left of a hold; one that is over already stays as it is."""
        if not hold.is_over:
            self.release(hold, hold.held)
            hold.move(HoldState.ENDED)

    def replace(self, old: Hold, new: Hold, remaining: int) -> None:
        """Let the new order's hold cover exactly `remaining` shares and release the difference.

        CorruptFact if the two holds do not suffice: `Hold.shortfall` promised that they would.
        """
        needed = new.worth(remaining)
        surplus = old.held + new.held - needed
        if surplus < 0 or not 0 < remaining <= new.quantity:
            raise CorruptFact(f"order {new.order_id} has {remaining} left and lacks {-surplus} to replace")
        new.held, old.held = old.held + new.held, 0
        new.filled = new.quantity - remaining
        new.move(HoldState.OPEN)
        self.release(new, surplus)
        self.end(old)

    def settle(self, hold: Hold, fill: OrderFilled) -> Activity:
        """Exchange cash and shares with clearing; what the hold kept for these shares is released.

        CorruptFact if the order cannot have filled so, or the account cannot pay or deliver.
        """
        hold.fill(fill.quantity)
        self.is_changed = True
        self.release(hold, min(hold.held, hold.worth(fill.quantity)))
        amount = fill.quantity * fill.price
        if hold.side == Side.BUY:
            self._pay(amount)
            self._receive(fill.symbol, fill.quantity, amount)
            cash_change, share_change = -amount, fill.quantity
        else:
            self._position(fill.symbol).deliver(fill.quantity, amount)
            self.cash += amount
            cash_change, share_change = amount, -fill.quantity
        if hold.remaining == 0:
            self.end(hold)
        return Activity(
            account_id=self.account_id,
            kind=ActivityKind.FILL,
            against=CLEARING,
            at_us=fill.at_us,
            cash_change=cash_change,
            share_change=share_change,
            symbol=fill.symbol,
            side=hold.side,
            price=fill.price,
            order_id=fill.order_id,
            trade_id=fill.trade_id,
            cumulative=hold.filled,
            leaves=fill.remaining,
        )

    def grant_cash(self, amount: int, at_us: int) -> Activity:
        self.cash += amount
        self.is_changed = True
        return Activity(
            account_id=self.account_id,
            kind=ActivityKind.CASH_GRANT,
            against=ISSUER,
            at_us=at_us,
            cash_change=amount,
        )

    def grant_shares(self, symbol: str, quantity: int, price: int, at_us: int) -> Activity:
        """Receive shares for nothing; their cost is counted at `price`, so that they start without profit."""
        self._receive(symbol, quantity, quantity * price)
        self.is_changed = True
        return Activity(
            account_id=self.account_id,
            kind=ActivityKind.SHARE_GRANT,
            against=ISSUER,
            at_us=at_us,
            share_change=quantity,
            symbol=symbol,
            price=price,
        )

    def _pay(self, amount: int) -> None:
        if amount > self.buying_power:
            raise CorruptFact(f"account {self.account_id} has {self.buying_power} and cannot pay {amount}")
        self.cash -= amount

    def _receive(self, symbol: str, quantity: int, cost: int) -> None:
        self.positions.setdefault(symbol, Position(symbol)).receive(quantity, cost)

    def _position(self, symbol: str) -> Position:
        if symbol not in self.positions:
            raise CorruptFact(f"account {self.account_id} has no {symbol}")
        return self.positions[symbol]
