"""Where things are on the page, for whoever drives it: found as a person finds them, by role and label."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def log_in(page: Page, name: str, password: str) -> None:
    """Log in by the form and wait until one is in."""
    page.goto("/login")
    fill_credentials(page, name, password, "Log in")
    page.get_by_role("button", name=f"Account of {name}").wait_for()


def fill_credentials(page: Page, name: str, password: str, action: str) -> None:
    """Fill the form that is shown, for logging in or for opening an account, and send it."""
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name=action, exact=True).click()


def depth_panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Order book")


def tape_panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Trades")


def ticket_form(page: Page) -> Locator:
    return page.get_by_role("form", name="Order ticket")
