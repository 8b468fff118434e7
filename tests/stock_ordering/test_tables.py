"""The tables guard the invariants themselves: what must not be cannot be written."""

from __future__ import annotations

import psycopg
import pytest

from tests.stock_ordering.builders import filled, rested


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("filled_quantity = 11", "filled_within_quantity"),
        ("filled_quantity = -1", "carried_within_filled|filled_within_quantity"),
        ("filled_quantity = 10", "filled_means_all"),
        ("carried_quantity = 1", "carried_within_filled"),
        ("status = 'filled', ended_at_us = 1, resting = false", "filled_means_all"),
        ("status = 'lost', ended_at_us = 1, resting = false", "known_status"),
        ("status = 'canceled'", "ended_means_terminal"),
        ("ended_at_us = 1", "ended_means_terminal"),
        ("status = 'replaced', ended_at_us = 1, resting = false", "replaced_by_whom"),
        ("limit_price = null", "market_orders_have_no_limit"),
    ],
)
def test_an_order_that_cannot_be_is_not_written(desk, change, constraint):
    order = desk.place()
    desk.hear(rested(order["id"]))

    with pytest.raises(psycopg.errors.CheckViolation, match=constraint), desk.database.transaction() as transaction:
        transaction.execute(f"update orders set {change}")


def test_an_order_has_one_pending_replacement_at_most(desk):
    old = desk.place()
    desk.call("PATCH", f"/v2/orders/{old['id']}", {"qty": "20"})
    other = desk.place()

    with pytest.raises(psycopg.errors.UniqueViolation), desk.database.transaction() as transaction:
        transaction.execute("update orders set replaces = %s where id = %s", (old["id"], other["id"]))


def test_what_was_carried_and_what_was_filled_add_up(desk):
    order = desk.place()
    desk.hear(*[filled(order["id"], 2, remaining=left, sequence=20 - left) for left in (8, 6, 4)])

    assert desk.rows(
        "select filled_quantity, sum(fills.quantity)::bigint, filled_notional, "
        "sum(fills.quantity * fills.price)::bigint from orders join fills on order_id = id group by id"
    ) == [(6, 6, 6_000_000, 6_000_000)]
