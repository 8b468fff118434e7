"""A running exchange with its page, and visitors who look at it with a real browser."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from loadtest.chromium import ChromiumMissing, chromium, chromium_path
from loadtest.exchange_process import ExchangeProcess, exchange_on
from tests.browser.built_page import built_page
from tests.browser.complaints import Complaints
from tests.browser.people import Person, signed_up
from tests.browser.screen import Screen
from tests.standalone.conftest import SETTINGS as TRADING
from tests.standalone.conftest import operator, symbol  # noqa: F401  # fixtures, on the exchange of this package

SETTINGS = {**TRADING, "STARTING_SHARES": "*:100", "DEMO_USERS": "alice,bob", "ACCESS_TOKEN_MINUTES": "15"}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
_PATIENCE_MS = 20_000
_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note who failed, for the last look at the pages before they are closed."""
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    try:
        chromium_path()
    except ChromiumMissing as missing:
        pytest.skip(str(missing))
    expect.set_options(timeout=_PATIENCE_MS)
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def exchange(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    """One exchange for all who browse; it must be in order when the last one has left."""
    built_page()
    with exchange_on(tmp_path_factory.mktemp("browsed") / "data", SETTINGS) as running:
        yield running
        running.wait_until_settled()
        audit = running.audit()
        assert audit.returncode == 0, audit.stdout + audit.stderr


@pytest.fixture
def person(exchange: ExchangeProcess) -> Callable[[], Person]:
    """Makes people with cash and shares."""
    return lambda: signed_up(exchange)


class Visitors:
    """Opens windows, each with a memory of its own, and closes them when the test is over."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.screens: list[Screen] = []
        self._browser = browser
        self._address = address

    def __call__(
        self, person: Person | None = None, *, phone: bool = False, dark: bool = False, locale: str = "en-US"
    ) -> Screen:
        """A window on the exchange; of `person`, logged in."""
        context = self._browser.new_context(
            base_url=self._address,
            viewport=PHONE if phone else DESKTOP,
            color_scheme="dark" if dark else "light",
            has_touch=phone,
            locale=locale,
        )
        context.set_default_timeout(_PATIENCE_MS)
        screen = Screen(context, Complaints())
        self.screens.append(screen)
        if person is not None:
            screen.log_in(person.name)
        return screen

    def keep_pictures(self, folder: Path) -> None:
        """What every open page looks like, for whoever looks into the failure."""
        for number, screen in enumerate(self.screens):
            for tab, page in enumerate(screen.context.pages):
                path = folder / f"window-{number}-{tab}.png"
                page.screenshot(path=path)
                print(f"{path} ({page.url})")

    def close(self) -> None:
        for screen in self.screens:
            screen.context.close()


def visitors_of(address: str, browser: Browser, request: pytest.FixtureRequest, folder: Path) -> Iterator[Visitors]:
    """Visitors for one test; it fails if one of their pages complained and the test did not expect that."""
    visitors = Visitors(browser, address)
    yield visitors
    try:
        if request.node.stash.get(_failed, False):
            visitors.keep_pictures(folder)
    finally:
        visitors.close()
    complaints = [line for screen in visitors.screens for line in screen.complaints.unexpected()]
    assert not complaints, "the page complained:\n" + "\n".join(complaints)


@pytest.fixture
def visitor(
    exchange: ExchangeProcess, browser: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Visitors]:
    """Makes visitors of the exchange."""
    yield from visitors_of(f"http://{exchange.host}:{exchange.port}", browser, request, tmp_path)
