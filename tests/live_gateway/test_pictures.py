"""Facts look to a client as docs/live.md says."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from chassis.codec import decode_facts
from contracts import facts
from contracts.orders import OrderType, Side
from contracts.streams import ROUTES
from live_gateway.consumers import HEARD
from live_gateway.domain import pictures
from tests.live_gateway.builders import filled, placed, trade

GOLDEN = dict(json.loads((Path(__file__).parents[1] / "contracts" / "facts.golden.json").read_text()))
SHARED = {"event", "order_id", "symbol", "sequence", "at"}
ABOUT = {
    "placed": {"side", "type", "time_in_force", "price", "qty", "limit_price"},
    "rejected": {"reason"},
    "rested": {"remaining"},
    "filled": {"side", "trade_id", "quantity", "price", "remaining", "is_maker"},
    "canceled": {"remaining", "reason"},
    "expired": {"remaining"},
    "replaced": {"replaces", "remaining", "price", "kept_place"},
    "replace_requested": {"replaces", "side", "time_in_force", "price", "qty", "limit_price"},
    "replace_rejected": {"replaces", "reason"},
    "cancel_requested": set(),
    "cancel_rejected": {"reason"},
}


@pytest.mark.parametrize("kind", pictures.ORDER_EVENTS)
def test_every_event_of_an_order_says_what_is_promised_and_not_whose_it_is(kind):
    name = ROUTES[kind].name
    [fact] = decode_facts(json.dumps([[name, GOLDEN[name]]]).encode())

    shown = json.loads(msgspec.json.encode(pictures.order_event(fact)))

    assert set(shown) == SHARED | ABOUT[shown["event"]]
    assert fact.account_id not in shown.values()


def test_every_event_has_a_name_of_its_own():
    assert sorted(event for event, _ in pictures.ORDER_EVENTS.values()) == sorted(ABOUT)


def test_facts_that_nobody_is_shown_are_those_of_the_holds_and_of_new_accounts_and_wishes_that_each_order_answers():
    unseen = {facts.AccountOpened, facts.OrderHeld, facts.ReplaceHeld}
    unseen |= {facts.CancelAllRequested, facts.ShareGrantsRequested}

    assert set(ROUTES) - set(HEARD) == unseen


def test_a_limit_is_shown_as_a_limit_and_a_market_orders_collar_is_not():
    limited, market = pictures.order_event(placed()), pictures.order_event(placed(type=OrderType.MARKET))

    assert (limited["limit_price"], limited["price"]) == ("100.05", "100.05")
    assert (market["limit_price"], market["price"]) == (None, "100.05")


def test_a_fill_shows_its_price_as_a_decimal_string_and_its_time_in_utc():
    shown = pictures.order_event(filled(remaining=6))

    assert shown["price"] == "100.04"
    assert shown["at"] == "2025-06-15T15:06:40.000000Z"
    assert (shown["quantity"], shown["remaining"], shown["sequence"]) == (4, 6, 7)


def test_a_trade_is_a_price_and_a_print():
    assert pictures.price(trade(7)) == {
        "price": "100.05",
        "size": 10,
        "number": 7,
        "at": "2025-06-15T15:06:40.000000Z",
    }
    assert pictures.trade_print(trade(7))["taker_side"] == "buy"


def test_a_level_that_is_gone_has_quantity_nought():
    assert pictures.level(facts.Level(Side.SELL, 1_000_000, 0, 0)) == ("sell", "100.00", 0, 0)
