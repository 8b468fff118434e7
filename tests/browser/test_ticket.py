"""The order ticket: what it refuses, how it is filled, and how it is used without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("quantity", "price", "field", "sentence"),
    [
        ("0", "99.00", "Quantity", "whole number of shares"),
        ("10", "99.005", "Limit price", "steps of 0.01"),
        ("900000", "99.00", "Quantity", "buying power"),
    ],
    ids=["no shares", "off the tick", "too dear"],
)
def test_a_refused_order_says_why_beside_the_field_it_is_about(
    visitor, person, symbol, quantity, price, field, sentence
):
    owner = person()
    screen = visitor(owner)
    screen.complaints.expect("status of (403|422)")
    screen.trade(symbol)

    screen.ticket.fill("buy", quantity, price)
    screen.ticket.send()

    expect(screen.ticket.problem_of(field)).to_contain_text(sentence, ignore_case=True)
    expect(screen.ticket.field(field)).to_have_attribute("aria-invalid", "true")
    assert owner.trader.get("/v2/orders?status=all") == []


def test_shares_one_does_not_have_cannot_be_sold(visitor, person, symbol):
    screen = visitor(person())
    screen.complaints.expect("status of 403")
    screen.trade(symbol)

    screen.ticket.fill("sell", 5_000, "99.00")
    screen.ticket.send()

    expect(screen.ticket.problem_of("Quantity")).to_contain_text("the account has 100 to sell")


def test_a_price_of_the_depth_fills_the_ticket(visitor, person, symbol):
    person().trader.sell(symbol, 12, "101.25")
    screen = visitor(person())
    screen.trade(symbol)

    screen.depth.price("101.25").click()

    expect(screen.ticket.field("Limit price")).to_have_value("101.25")


def test_an_order_is_placed_with_the_keyboard_alone(visitor, person, symbol):
    owner = person()
    screen = visitor(owner)
    screen.trade(symbol)
    keyboard = screen.page.keyboard

    screen.tab_to(screen.ticket.field("Quantity"))
    keyboard.type("7")
    screen.tab_to(screen.ticket.field("Limit price"))
    keyboard.type("98.00")
    keyboard.press("Enter")

    expect(screen.open_order("98.00")).to_be_visible()
    (order,) = owner.trader.get("/v2/orders")
    assert (order["side"], order["qty"], order["limit_price"]) == ("buy", "7", "98.00")


def test_a_double_click_places_one_order(visitor, person, symbol):
    owner = person()
    screen = visitor(owner)
    screen.trade(symbol)

    screen.ticket.fill("buy", 3, "97.00")
    screen.ticket.send_button.dblclick()

    expect(screen.open_order("97.00")).to_have_count(1)
    assert len(owner.trader.get("/v2/orders?status=all")) == 1


def test_while_trading_is_halted_the_ticket_says_so(visitor, person, operator, symbol):
    screen = visitor(person())
    screen.trade(symbol)
    screen.ticket.fill("buy", 1, "97.00")
    expect(screen.ticket.send_button).to_be_enabled()

    operator.request("POST", f"/v2/operator/instruments/{symbol}/halt")
    expect(screen.page.get_by_text("Halted").first).to_be_visible()
    expect(screen.ticket.send_button).to_be_disabled()
    operator.request("POST", f"/v2/operator/instruments/{symbol}/resume")

    expect(screen.ticket.send_button).to_be_enabled()


def test_an_order_reviewed_first_is_sent_after_a_second_look(visitor, person, symbol):
    owner = person()
    screen = visitor(owner)
    screen.trade(symbol)
    screen.ticket.root.get_by_role("switch", name="Review before sending").click()

    screen.ticket.fill("buy", 4, "97.00")
    screen.ticket.send()
    assert owner.trader.get("/v2/orders?status=all") == []
    screen.page.get_by_role("button", name="Send order").click()

    expect(screen.open_order("97.00")).to_be_visible()


@pytest.mark.parametrize(
    ("locale", "quantity", "price", "read"),
    [
        ("de-DE", "1.200", "37,50", ("1200", "37.50")),
        ("fr-FR", "1 200", "37,50", ("1200", "37.50")),
        ("en-IN", "1,200", "37.50", ("1200", "37.50")),
        ("ar-EG", "١٢", "٣٧٫٥٠", ("12", "37.50")),  # noqa: RUF001  # what is typed there
    ],
)
def test_a_number_is_read_as_its_writer_means_it(visitor, person, symbol, locale, quantity, price, read):
    owner = person()
    screen = visitor(owner, locale=locale)
    screen.trade(symbol)

    screen.ticket.fill("buy", quantity, price)
    screen.ticket.send()

    expect(screen.open_order("37.50")).to_be_visible()
    (order,) = owner.trader.get("/v2/orders")
    assert (order["qty"], order["limit_price"]) == read


@pytest.mark.parametrize(
    ("locale", "quantity", "price", "field", "sentence"),
    [
        ("en-US", "1", "450,50", "Limit price", "Write a price in dollars"),
        ("de-DE", "1", "1.250", "Limit price", "Is 1.250 meant as 1250 or as 1.25?"),
        ("de-DE", "1,000", "97,50", "Quantity", "Is 1,000 meant as 1 or as 1000?"),
    ],
)
def test_a_number_that_may_mean_two_things_is_asked_about(
    visitor, person, symbol, locale, quantity, price, field, sentence
):
    owner = person()
    screen = visitor(owner, locale=locale)
    screen.trade(symbol)

    screen.ticket.fill("buy", quantity, price)
    screen.ticket.send()

    expect(screen.ticket.problem_of(field)).to_contain_text(sentence)
    assert owner.trader.get("/v2/orders?status=all") == []


def test_a_limit_far_through_the_book_is_sent_only_after_it_said_what_it_does(visitor, person, symbol):
    maker = person().trader
    maker.sell(symbol, 5, "101.00")
    maker.sell(symbol, 5, "102.00")
    owner = person()
    screen = visitor(owner)
    screen.trade(symbol)
    expect(screen.depth.price("102.00")).to_be_visible()

    screen.ticket.fill("buy", 12, "180.00")
    screen.ticket.send()
    review = screen.page.get_by_role("group", name="Review the order")
    expect(review).to_contain_text("far above the last price")
    expect(review).to_contain_text("Fills 10 now at about 101.50 (+1.50%); 2 wait at 180.00.")
    assert owner.trader.get("/v2/orders?status=all") == []
    review.get_by_role("button", name="Send order").click()

    expect(screen.open_order("180.00")).to_be_visible()
    (order,) = owner.trader.get("/v2/orders")
    assert (order["filled_qty"], order["filled_avg_price"]) == ("10", "101.50")
