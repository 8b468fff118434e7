"""What this service hears and what each fact leads to, and the questions it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chassis.consumer import HandleFacts
from chassis.database import Transaction
from chassis.questions import Answer, AnswerQuestion
from contracts import facts
from contracts.names import QUESTION_FUNDS, QUESTION_ORDER_APPLIED
from contracts.streams import Stream
from user_portfolio.handlers import granting, taking_in
from user_portfolio.handlers.answering import funds, has_applied
from user_portfolio.ports import Deps, Unit

GROUP = "user_portfolio"
STREAMS = (
    Stream.ACCOUNTS,
    Stream.INSTRUMENTS,
    Stream.SHARE_GRANTING,
    Stream.ORDER_ENTRY,
    Stream.ORDER_OUTCOME,
)

HEARD: dict[type, taking_in.Apply] = {
    facts.AccountOpened: granting.open_account,
    facts.InstrumentListed: granting.list_instrument,
    facts.ShareGrantsRequested: granting.go_on_granting,
    facts.OrderPlaced: taking_in.hold_for_order,
    facts.ReplaceRequested: taking_in.hold_for_replacement,
    facts.OrderFilled: taking_in.settle_fill,
    facts.OrderReplaced: taking_in.replace_order,
    facts.OrderCanceled: taking_in.end_order,
    facts.OrderExpired: taking_in.end_order,
    facts.OrderRefused: taking_in.end_order,
    facts.ReplaceRefused: taking_in.end_order,
}


def answers(deps: Deps) -> dict[str, AnswerQuestion]:
    """What other services may ask."""

    def order_applied(asked: Mapping[str, Any]) -> Answer:
        return {"applied": has_applied(deps, asked["order_id"], asked["filled"], has_ended=asked["has_ended"])}

    def answer_funds(asked: Mapping[str, Any]) -> Answer:
        found = funds(deps, asked["account_id"], asked["orders"])
        if found is None:
            return {}
        holdings, known = found
        available = {owned.symbol: owned.quantity - owned.held for owned in holdings.owned}
        return {
            "buying_power": holdings.cash - holdings.cash_held,
            "cash_held": holdings.cash_held,
            "available": {symbol: available.get(symbol, 0) for symbol in asked["symbols"]},
            "shares_held": sum(owned.held for owned in holdings.owned),
            "known": known,
        }

    return {QUESTION_ORDER_APPLIED: order_applied, QUESTION_FUNDS: answer_funds}


def hearing(deps: Deps, open_unit: Callable[[Transaction], Unit]) -> HandleFacts:
    """The handler of a batch; facts that are not heard are passed over."""

    def handle(transaction: Transaction, batch: Sequence[Any]) -> None:
        heard = [fact for fact in batch if type(fact) in HEARD]
        if heard:
            taking_in.take_in(open_unit(transaction), deps, HEARD, heard)

    return handle
