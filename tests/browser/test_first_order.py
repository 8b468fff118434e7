"""The first minutes of a new customer."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.people import new_name


def test_who_signs_up_and_buys_sees_the_fill_the_trade_and_the_position_live(visitor, person, symbol):
    seller = person()
    seller.trader.sell(symbol, 40, "100.50")
    screen = visitor()
    screen.sign_up(new_name("newcomer"))
    screen.trade(symbol)
    screen.mark()

    screen.ticket.fill("buy", 10)
    screen.ticket.send()

    expect(screen.ticket.outcome).to_contain_text(f"Bought 10 {symbol} at 100.50")
    expect(screen.tape.newest).to_contain_text("100.50")
    expect(screen.tape.newest).to_contain_text("10")
    expect(screen.depth.asks).to_contain_text("30")
    screen.go_to("Portfolio")
    expect(screen.holding(symbol)).to_contain_text("110")
    screen.go_to("Orders")
    screen.tab("Closed").click()
    expect(screen.order(symbol)).to_contain_text("Filled")
    assert screen.is_the_marked_one(), "the page was loaded anew"


def test_a_resting_order_is_filled_before_ones_eyes(visitor, person, symbol):
    owner, buyer = person(), person()
    screen = visitor(owner)
    screen.trade(symbol)
    screen.ticket.fill("sell", 20, "101.00")
    screen.ticket.send()
    expect(screen.open_order("101.00")).to_contain_text("0 / 20")

    buyer.trader.buy(symbol, 5, "101.00")
    expect(screen.open_order("101.00")).to_contain_text("5 / 20")
    buyer.trader.buy(symbol, 15, "101.00")

    expect(screen.open_order("101.00")).to_have_count(0)
    expect(screen.notice(symbol).last).to_be_visible()
    screen.go_to("Portfolio")
    expect(screen.holding(symbol)).to_contain_text("80")


def test_a_taken_name_and_a_weak_password_are_refused_in_words(visitor, person):
    taken = person().name
    screen = visitor()
    screen.complaints.expect("status of (409|422)")

    screen.open_sign_up(taken, "correct horse battery")
    expect(screen.page.get_by_text("That name is taken")).to_be_visible()
    screen.open_sign_up(new_name(), "password123")

    expect(screen.page.get_by_text("among the first ones that are tried")).to_be_visible()


def test_a_wrong_password_is_refused_in_words(visitor, person):
    screen = visitor()
    screen.complaints.expect("status of 401")

    screen.open_log_in(person().name, "a wrong password")

    expect(screen.page.get_by_text("The name or the password is wrong.")).to_be_visible()
