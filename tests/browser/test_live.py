"""The page stays true when something of what happens is lost on the way."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.frames import tamper_with_updates


def test_the_depth_heals_when_a_change_of_the_book_was_lost(visitor, person, symbol):
    maker = person().trader
    maker.buy(symbol, 11, "99.00")
    screen = visitor(person())
    lost: list[str] = []

    def lose_the_first_change(update):
        if not lost and symbol in update.get("books", {}):
            lost.append(update["books"].pop(symbol))

    tamper_with_updates(screen.page, lose_the_first_change)
    screen.trade(symbol)
    expect(screen.depth.bids).to_contain_text("99.00")

    maker.buy(symbol, 22, "99.10")
    maker.buy(symbol, 33, "99.20")
    maker.buy(symbol, 44, "99.30")
    expect(screen.depth.bids).to_contain_text("99.30")

    screen.depth.will_be_that_of(maker, symbol)
    assert lost, "nothing was lost: the depth had nothing to heal"


def test_the_state_says_live_and_how_old_the_picture_is(visitor, person, symbol):
    screen = visitor(person())

    screen.trade(symbol)

    expect(screen.state).to_contain_text("Live")
