"""The page for everybody: with a screen reader, by day and by night, on a desk and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.accessibility import COUNT_SHIFTS, grave_violations, is_wider_than_the_screen
from tests.browser.screen import Screen

MOST_SHIFT = 0.1
PAGES = {"Market": "/trade/AAPL", "Orders": "/orders?view=all", "Portfolio": "/portfolio", "Account": "/account"}


@pytest.fixture
def owner(person):
    """Somebody whose tables are not empty."""
    owner, seller = person(), person()
    seller.trader.sell("AAPL", 5, "190.00")
    seller.trader.sell("AAPL", 50, "190.50")
    owner.trader.buy("AAPL", 5, "190.00")
    owner.trader.buy("AAPL", 7, "188.00")
    return owner


def seen(screen: Screen, path: str) -> None:
    """Open a page and wait until what it shows is there."""
    screen.open(path)
    screen.will_be_complete()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_no_page_has_a_grave_violation_or_can_be_scrolled_sideways(visitor, owner, phone, dark):
    screen = visitor(phone=phone, dark=dark)
    found, wide = [], []

    for path in ("/login", "/signup"):
        screen.open(path)
        found += grave_violations(screen.page)
    screen.log_in(owner.name)
    for path in PAGES.values():
        seen(screen, path)
        found += grave_violations(screen.page)
        wide += [path] if is_wider_than_the_screen(screen.page) else []

    assert "\n".join(found) == ""
    assert wide == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_refused_can_be_read_by_everybody(visitor, owner, dark):
    screen = visitor(dark=dark)
    screen.open_sign_up("x", "short")
    found = grave_violations(screen.page)
    screen.log_in(owner.name)
    screen.trade("AAPL")
    screen.ticket.fill("buy", 0, "190.005")
    screen.ticket.send()
    expect(screen.ticket.field("Quantity")).to_have_attribute("aria-invalid", "true")

    found += grave_violations(screen.page)

    assert "\n".join(found) == ""


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_market_does_not_jump_while_it_loads(visitor, owner, phone):
    screen = visitor(owner, phone=phone)
    screen.context.add_init_script(COUNT_SHIFTS)

    seen(screen, "/trade/AAPL")

    expect(screen.page.get_by_role("group", name="last close 190.00")).to_be_visible()
    assert screen.page.evaluate("() => window.layoutShift") <= MOST_SHIFT


def test_an_order_is_placed_on_a_phone(visitor, person, symbol):
    owner = person()
    screen = visitor(owner, phone=True)
    screen.trade(symbol)

    screen.page.get_by_role("button", name="Buy", exact=True).click()
    screen.ticket.fill("buy", 6, "97.50")
    screen.ticket.send()

    expect(screen.ticket.outcome).to_contain_text("Resting")
    (order,) = owner.trader.get("/v2/orders")
    assert (order["qty"], order["limit_price"]) == ("6", "97.50")
