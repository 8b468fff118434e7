"""Being logged in: in several tabs, for longer than a token lives, and as somebody else."""

from __future__ import annotations

import re
import time

import jwt
from playwright.sync_api import Route, expect

from loadtest.market_page import fill_credentials
from tests.browser.people import PASSWORD, new_name


def test_logging_out_in_one_tab_logs_out_the_other(visitor, person):
    screen = visitor(person())
    other = screen.another_tab()
    other.open("/orders")
    expect(other.page.get_by_role("heading", name="Orders")).to_be_visible()

    screen.log_out()

    expect(other.log_in_button).to_be_visible()


def test_who_has_logged_out_does_not_come_back_with_the_back_button(visitor, person):
    screen = visitor(person())
    screen.open("/portfolio")
    screen.log_out()

    screen.page.go_back()

    expect(screen.log_in_button).to_be_visible()


def test_an_expired_access_token_is_renewed_without_a_word(visitor, person, exchange):
    owner = person()
    screen = visitor(owner)
    expired: list[str] = []
    key = (exchange.folder / "keys" / "signing.pem").read_text()

    def send_with_an_expired_token(route: Route) -> None:
        headers = route.request.headers
        token = headers["authorization"].removeprefix("Bearer ")
        if not expired:
            claims = jwt.decode(token, options={"verify_signature": False}) | {"exp": int(time.time()) - 60}
            expired.append(token)
            token = jwt.encode(claims, key, "EdDSA", jwt.get_unverified_header(token))
        route.continue_(headers={**headers, "authorization": f"Bearer {token}"})

    screen.page.route("**/v2/account", send_with_an_expired_token)
    screen.complaints.expect("status of 401")
    screen.open("/portfolio")

    expect(screen.page.get_by_text("$100,000.00").first).to_be_visible()
    assert expired
    assert screen.page.url.endswith("/portfolio")


def test_a_reload_keeps_who_one_is(visitor, person):
    owner = person()
    screen = visitor(owner)

    screen.page.reload()

    expect(screen.account_menu_of(owner.name)).to_be_visible()


def test_demo_users_are_switched_without_a_password(visitor):
    screen = visitor()
    screen.open("/login")
    screen.page.get_by_role("button", name="alice").click()
    expect(screen.account_menu_of("alice")).to_be_visible()

    screen.switch_to("bob")

    expect(screen.account_menu_of("bob")).to_be_visible()


def test_a_deep_link_asks_to_log_in_and_then_leads_where_it_was_meant_to(visitor, person, symbol):
    owner = person()
    screen = visitor()

    screen.open(f"/trade/{symbol}")
    fill_credentials(screen.page, owner.name, PASSWORD, "Log in")

    expect(screen.page).to_have_url(re.compile(f"/trade/{symbol}$"))
    expect(screen.ticket.root).to_be_visible()


def test_the_back_button_leads_back(visitor, person):
    screen = visitor(person())
    screen.trade("AAPL")
    screen.go_to("Orders")
    expect(screen.page.get_by_role("heading", name="Orders")).to_be_visible()
    screen.go_to("Portfolio")
    expect(screen.page.get_by_role("heading", name="Portfolio")).to_be_visible()

    screen.page.go_back()
    expect(screen.page.get_by_role("heading", name="Orders")).to_be_visible()
    screen.page.go_back()

    expect(screen.ticket.root).to_be_visible()


def test_an_address_that_is_not_there_leads_back_to_the_market(visitor, person):
    screen = visitor(person())
    screen.complaints.expect("status of 404")

    screen.open("/trade/NOSUCH")

    expect(screen.page.get_by_text("NOSUCH").first).to_be_visible()
    expect(screen.page.get_by_role("link", name="Market").first).to_be_visible()


def test_an_api_key_made_on_the_account_page_opens_the_api(visitor, person, exchange):
    owner = person()
    screen = visitor(owner)
    screen.open("/account")

    screen.page.get_by_role("button", name="Create key").click()
    screen.dialog.get_by_label("Label").fill(new_name("bot"))
    screen.dialog.get_by_role("button", name="Create key").click()
    key_id = screen.dialog.get_by_label("Key id", exact=True).inner_text()
    secret = screen.dialog.get_by_label("Secret", exact=True).inner_text()

    answer = exchange.connect().request("GET", "/v2/account", None, apca_api_key_id=key_id, apca_api_secret_key=secret)
    assert answer.json()["id"] == owner.trader.account()["id"]
