"""Who hears what: every consumer group and its streams, so that a broker keeps for it what is told before it starts."""

from __future__ import annotations

from contracts.streams import Stream

GROUPS: dict[str, tuple[Stream, ...]] = {
    "order_matching": (Stream.ORDER_HELD, Stream.ORDER_CONTROL, Stream.INSTRUMENTS),
    "stock_data": (Stream.MARKET,),
    "stock_ordering": (Stream.INSTRUMENTS, Stream.ORDER_OUTCOME, Stream.ORDER_CANCELING),
    "user_portfolio": (
        Stream.ACCOUNTS,
        Stream.INSTRUMENTS,
        Stream.SHARE_GRANTING,
        Stream.ORDER_ENTRY,
        Stream.ORDER_OUTCOME,
    ),
}
