"""What can be done with orders once they are placed: followed, changed, canceled, found again."""

from __future__ import annotations

import csv
import io

from playwright.sync_api import expect

from tests.browser.screen import Screen


def with_orders(visitor, owner, *placed) -> Screen:
    for order in placed:
        owner.trader.buy(*order)
    screen: Screen = visitor(owner)
    screen.open("/orders")
    return screen


def test_one_order_is_canceled_from_the_table_and_the_others_stay(visitor, person, symbol):
    owner = person()
    screen = with_orders(visitor, owner, (symbol, 10, "99.00"), (symbol, 20, "98.00"))

    screen.order("98.00").get_by_role("button", name="Cancel").click()

    expect(screen.order("98.00")).to_have_count(0)
    expect(screen.order("99.00")).to_be_visible()
    screen.tab("Canceled").click()
    expect(screen.order("98.00")).to_contain_text("Canceled")
    assert [order["limit_price"] for order in owner.trader.get("/v2/orders")] == ["99.00"]


def test_all_orders_are_canceled_after_being_asked_once_more(visitor, person, symbol):
    owner = person()
    screen = with_orders(visitor, owner, (symbol, 10, "99.00"), (symbol, 20, "98.00"))

    screen.page.get_by_role("button", name="Cancel all").click()
    screen.dialog.get_by_role("button", name="Cancel all").click()

    expect(screen.order(symbol)).to_have_count(0)
    assert owner.trader.get("/v2/orders") == []


def test_an_order_is_amended_and_keeps_its_history(visitor, person, symbol):
    owner = person()
    screen = with_orders(visitor, owner, (symbol, 10, "99.00"))

    screen.order("99.00").get_by_role("button", name="Change").click()
    screen.dialog.get_by_label("Total quantity", exact=True).fill("12")
    screen.dialog.get_by_label("Limit price", exact=True).fill("99.10")
    screen.dialog.get_by_role("button", name="Change order").click()

    expect(screen.order("99.10")).to_contain_text("12")
    expect(screen.order("99.00")).to_have_count(0)
    (amended,) = owner.trader.get("/v2/orders")
    assert (amended["qty"], amended["limit_price"]) == ("12", "99.10")


def test_a_partial_fill_shows_how_far_it_has_come(visitor, person, symbol):
    owner, seller = person(), person()
    screen = with_orders(visitor, owner, (symbol, 40, "99.00"))

    seller.trader.sell(symbol, 10, "99.00")

    expect(screen.order("99.00")).to_contain_text("10 / 40")
    expect(screen.order("99.00")).to_contain_text("Partly filled")


def test_the_fills_of_an_order_can_be_looked_at(visitor, person, symbol):
    owner, seller = person(), person()
    seller.trader.sell(symbol, 3, "98.50")
    seller.trader.sell(symbol, 4, "98.75")
    screen = with_orders(visitor, owner, (symbol, 7, "99.00"))

    screen.tab("Closed").click()
    screen.order(symbol).get_by_title("Show details").click()

    expect(screen.dialog).to_contain_text("98.50")
    expect(screen.dialog).to_contain_text("98.75")


def test_the_history_is_filtered_paged_and_written_to_a_file(visitor, person, operator, symbol):
    owner = person()
    orders = [
        {"symbol": symbol, "side": "buy", "qty": str(number), "type": "limit", "limit_price": "10.00"}
        for number in range(1, 121)
    ] + [{"symbol": "AAPL", "side": "buy", "qty": "1", "type": "limit", "limit_price": "100.00"}]
    owner.trader.connection.request("POST", "/v2/orders:batch", {"orders": orders})
    screen = visitor(owner)
    screen.open("/orders?view=all")
    expect(screen.order("AAPL")).to_be_visible()

    screen.page.get_by_role("combobox", name="Symbol").fill(symbol)
    screen.page.get_by_role("option", name=symbol, exact=True).click()
    expect(screen.order("AAPL")).to_have_count(0)
    expect(screen.order(symbol)).to_have_count(100)
    screen.page.get_by_role("button", name="Show older orders").click()
    expect(screen.order(symbol)).to_have_count(120)

    rows = list(csv.DictReader(io.StringIO(screen.downloaded("Export CSV"))))
    assert [row["symbol"] for row in rows] == [symbol] * 120
    assert sorted(int(row["qty"]) for row in rows) == list(range(1, 121))
    assert {row["side"] for row in rows} == {"buy"}


def test_an_account_without_orders_is_told_what_to_do(visitor, person):
    screen = visitor(person())

    screen.open("/orders?view=all")

    expect(screen.page.get_by_text("This account has not placed an order yet.")).to_be_visible()
