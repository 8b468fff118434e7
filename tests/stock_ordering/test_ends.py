"""Every order has its end from the moment at which it is saved, if it has one."""

from __future__ import annotations

from contracts.facts import OrderCanceled, OrderPlaced, Reason
from contracts.orders import OrderType, TimeInForce
from tests.stock_ordering.builders import an_order
from tests.stock_ordering.desk import a_body

DAY_US = 86_400_000_000


def test_an_order_judged_before_the_days_end_and_saved_after_it_ends_with_the_next_day(books):
    (order,) = books.place(an_order(time_in_force=TimeInForce.DAY))

    assert order.expires_at_us == order.created_at_us // DAY_US * DAY_US + DAY_US
    assert [fact.expires_at_us for fact in books.told() if isinstance(fact, OrderPlaced)] == [order.expires_at_us]


def test_an_order_that_trades_at_once_is_told_with_an_end_half_a_minute_away(books):
    ioc = an_order(1, time_in_force=TimeInForce.IOC)
    market = an_order(2, type=OrderType.MARKET, time_in_force=TimeInForce.DAY, limit_price=None)

    books.place(ioc, market)

    placed = [fact for fact in books.told() if isinstance(fact, OrderPlaced)]
    assert [fact.expires_at_us for fact in placed] == [books.deps.clock.now_us() + 30_000_000] * 2


def test_only_orders_that_can_stand_show_when_they_end(desk):
    shown = {
        (body["type"], body["time_in_force"]): desk.call("POST", "/v2/orders", body).json["expires_at"] is not None
        for body in (
            *(a_body(time_in_force=kind) for kind in ("day", "gtc", "ioc", "fok")),
            a_body(type="market", limit_price=None, time_in_force="day"),
        )
    }

    assert [order for order, is_shown in shown.items() if is_shown] == [("limit", "day")]


def test_an_order_that_came_too_late_says_so_in_words(desk):
    order = desk.place(time_in_force="ioc")

    desk.hear(
        OrderCanceled(
            order_id=order["id"],
            account_id=desk.rows("select account_id::text from orders")[0][0],
            symbol="AAPL",
            remaining=10,
            reason=Reason.TOO_LATE_TO_ENTER,
            sequence=1,
            at_us=desk.clock.now_us(),
        )
    )

    shown = desk.show(order["id"])
    assert (shown["status"], shown["reason"]) == ("canceled", "too_late_to_enter")
    assert "on its way for too long" in shown["reason_message"]
