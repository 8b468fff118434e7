"""The parts of the market page: ticket, depth and tape."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from loadtest.market_page import depth_panel, tape_panel, ticket_form
from tests.standalone.trader import Trader


class TicketView:
    """The order ticket."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.root = ticket_form(page)
        self.outcome = page.get_by_role("status", name="Outcome")

    def field(self, label: str) -> Locator:
        return self.root.get_by_label(label, exact=True)

    def fill(self, side: str, quantity: int | str, price: str | None = None) -> None:
        """Write a limit order, or without a price one at the market."""
        self.root.get_by_role("radiogroup", name="Side").get_by_text(side.capitalize()).click()
        kind = "Market" if price is None else "Limit"
        self.root.get_by_role("radiogroup", name="Order type").get_by_text(kind).click()
        self.field("Quantity").fill(str(quantity))
        if price is not None:
            self.field("Limit price").fill(price)

    @property
    def send_button(self) -> Locator:
        return self.root.locator("button[type=submit]")

    def send(self) -> None:
        self.send_button.click()

    def problem_of(self, label: str) -> Locator:
        """What is said below a field, as a screen reader finds it."""
        field = self.field(label)
        expect(field).to_have_attribute("aria-invalid", "true")
        described_by = field.get_attribute("aria-describedby")
        assert described_by, f"nothing is said to describe {label}"
        return self._page.locator(", ".join(f'[id="{name}"]' for name in described_by.split()))


class DepthView:
    """The ladder of bids and asks."""

    def __init__(self, page: Page) -> None:
        self.root = depth_panel(page)
        self.asks = self.root.get_by_role("list", name="Asks")
        self.bids = self.root.get_by_role("list", name="Bids")

    def price(self, price: str) -> Locator:
        return self.root.get_by_role("button").filter(has_text=price)

    def will_be_that_of(self, trader: Trader, symbol: str) -> None:
        """Wait until it shows what the exchange answers about it, level by level, best first."""
        book = trader.get(f"/v2/stocks/{symbol}/orderbook")
        for side, levels in ((self.asks, book["asks"]), (self.bids, book["bids"])):
            rungs = side.get_by_role("button")
            expect(rungs).to_have_count(len(levels))
            for rung, level in zip(rungs.all(), levels, strict=True):
                expect(rung).to_contain_text(f"{level['p']:,.2f}")
                expect(rung).to_contain_text(f"{level['s']:,}")


class TapeView:
    """The trades, newest first."""

    def __init__(self, page: Page) -> None:
        self.root = tape_panel(page)
        self.rows = self.root.get_by_role("row").filter(has=page.get_by_role("cell"))

    @property
    def newest(self) -> Locator:
        return self.rows.first

    def will_show(self, *sizes: int) -> None:
        """Trades of these sizes and no others, when all is fetched that it missed."""
        expect(self.rows.locator("td:last-child")).to_have_text([f"{size:,}" for size in sizes])
