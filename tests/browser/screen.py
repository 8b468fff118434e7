"""A window on the exchange: what can be done on the page and what can be read there, in the words of its tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from loadtest.market_page import fill_credentials, log_in
from tests.browser.complaints import Complaints
from tests.browser.market_view import DepthView, TapeView, TicketView
from tests.browser.people import PASSWORD


class Screen:
    """One tab. Its context is the window, with a memory that all of its tabs share."""

    def __init__(self, context: BrowserContext, complaints: Complaints) -> None:
        self.context = context
        self.complaints = complaints
        self.page: Page = context.new_page()
        complaints.listen_to(self.page)
        self.ticket = TicketView(self.page)
        self.depth = DepthView(self.page)
        self.tape = TapeView(self.page)

    def another_tab(self) -> Screen:
        return Screen(self.context, self.complaints)

    # getting in and out

    def log_in(self, name: str) -> None:
        log_in(self.page, name, PASSWORD)

    def sign_up(self, name: str) -> None:
        self.open_sign_up(name, PASSWORD)
        expect(self.account_menu_of(name)).to_be_visible()

    def open_sign_up(self, name: str, password: str) -> None:
        self.open("/signup")
        fill_credentials(self.page, name, password, "Open account")

    def open_log_in(self, name: str, password: str) -> None:
        self.open("/login")
        fill_credentials(self.page, name, password, "Log in")

    def log_out(self) -> None:
        self.page.get_by_role("button", name="Account of").click()
        self.page.get_by_role("menuitem", name="Log out").click()
        expect(self.log_in_button).to_be_visible()

    def switch_to(self, name: str) -> None:
        self.page.get_by_role("button", name="Account of").click()
        self.page.get_by_role("menuitem", name=name).click()

    @property
    def log_in_button(self) -> Locator:
        return self.page.get_by_role("button", name="Log in", exact=True)

    def account_menu_of(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=f"Account of {name}")

    # getting about

    def open(self, path: str) -> None:
        self.page.goto(path)

    def trade(self, symbol: str) -> None:
        """Open a symbol's market and wait until it is there."""
        self.open(f"/trade/{symbol}")
        expect(self.state).to_contain_text("Live")
        self.will_be_complete()

    def go_to(self, place: str) -> None:
        """Follow a link of the navigation: the page is not loaded anew."""
        self.page.get_by_role("navigation").get_by_role("link", name=place).filter(visible=True).click()

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=name)

    def tab_to(self, target: Locator, at_most: int = 80) -> None:
        """Press Tab until the target has the focus."""
        for _ in range(at_most):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{target} was not reached with {at_most} times Tab")

    def mark(self) -> None:
        """Make the page one that can be told from itself after a reload."""
        self.page.evaluate("() => { window.marked = true }")

    def is_the_marked_one(self) -> bool:
        return self.page.evaluate("() => window.marked === true") is True

    def will_be_complete(self) -> None:
        """Wait until nothing is announced as still loading."""
        expect(self.page.get_by_label("Loading")).to_have_count(0)
        expect(self.page.locator("main .mantine-Skeleton-root")).to_have_count(0)

    # what is there

    @property
    def state(self) -> Locator:
        """The badge that says how fresh everything is."""
        return self.page.get_by_role("banner").get_by_role("status")

    def remember_states(self) -> Callable[[], list[str]]:
        """From now on every text of the badge is kept; answers how to read them."""
        self.state.evaluate(
            """badge => {
              window.states = [badge.textContent];
              new MutationObserver(() => window.states.push(badge.textContent))
                .observe(badge, {subtree: true, childList: true, characterData: true});
            }"""
        )

        def states() -> list[str]:
            told: list[str] = self.page.evaluate("() => window.states")
            return told

        return states

    def notice(self, text: str) -> Locator:
        """Messages with that text that have come by themselves."""
        return self.page.locator(".mantine-Notification-root").filter(has_text=text)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def order(self, text: str) -> Locator:
        """The rows of the orders page with a cell that says just that."""
        return self._rows(text)

    def open_order(self, text: str) -> Locator:
        """The open orders beside the market that say so."""
        return self.page.get_by_role("region", name="Open orders").get_by_role("listitem").filter(has_text=text)

    def holding(self, symbol: str) -> Locator:
        return self._rows(symbol).filter(has=self.page.get_by_role("link", name=f"Trade {symbol}", exact=True))

    def _rows(self, text: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("row").filter(has=self.page.get_by_text(text, exact=True))

    def downloaded(self, button: str) -> str:
        """The content of the file that a button hands out."""
        with self.page.expect_download() as download:
            self.page.get_by_role("button", name=button).click()
        return Path(download.value.path()).read_text(encoding="utf-8-sig")
