"""One symbol's market while a batch of its facts is taken in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from contracts.facts import BookChanged, Level, TradeExecuted
from contracts.orders import Side
from stock_data.domain.candles import Candle, Candles


@dataclass(slots=True)
class Market:
    """Where a symbol's tape and book stand, and what the facts since then add.

    A repeated or older fact adds nothing: a trade by its number, a change of the book by its sequence. The tape runs
    forth: another process may have matched the next trade, by another clock, but it is printed no earlier than the one
    before it, and no later than `latest_us`, which is the database's time: what is ahead must not hold up what follows.
    """

    symbol: str
    trade_number: int = 0
    book_sequence: int = 0
    book_at_us: int | None = None
    printed_at_us: int = 0
    latest_us: int | None = None
    prints: list[TradeExecuted] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """(sequence known, sequence the next change builds on) wherever the two differed."""
    _levels: dict[tuple[Side, int], Level] = field(default_factory=dict)
    _candles: Candles = field(default_factory=Candles)

    def print_trade(self, trade: TradeExecuted) -> None:
        """Put a trade on the tape and into its candles."""
        if trade.number <= self.trade_number:
            return
        self.trade_number = trade.number
        at_us = trade.at_us if self.latest_us is None else min(trade.at_us, self.latest_us)
        self.printed_at_us = max(at_us, self.printed_at_us)
        if self.printed_at_us != trade.at_us:
            trade = replace(trade, at_us=self.printed_at_us)
        self.prints.append(trade)
        self._candles.add(trade)

    def change_book(self, change: BookChanged) -> None:
        """Take in the levels as they stand after `change.sequence`."""
        if change.sequence <= self.book_sequence:
            return
        if change.previous_sequence != self.book_sequence:
            self.gaps.append((self.book_sequence, change.previous_sequence))
        self.book_sequence = change.sequence
        self.book_at_us = change.at_us
        for level in change.levels:
            self._levels[level.side, level.price] = level

    @property
    def candles(self) -> list[Candle]:
        """What the new prints add to each candle they fall into."""
        return self._candles.all()

    @property
    def levels(self) -> list[Level]:
        """The levels that changed, each as it stands now."""
        return list(self._levels.values())
