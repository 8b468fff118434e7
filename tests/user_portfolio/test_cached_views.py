"""An account is read once and shown again until something happens to it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.user_portfolio.builders import buy, dollars, fill
from user_portfolio.store import StoreReader


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts the database is asked for."""
    asked: list[str] = []
    read = StoreReader.holdings

    def note(self: StoreReader, account_id: str) -> Any:
        asked.append(account_id)
        return read(self, account_id)

    monkeypatch.setattr(StoreReader, "holdings", note)
    return asked


def test_an_account_is_read_once_for_all_that_is_asked_of_it(service, reads):
    before = service.shown("/v2/account")

    assert service.shown("/v2/account") == before
    assert service.shown("/v2/positions") == service.shown("/v2/positions")
    assert len(reads) == 1


def test_a_hold_is_seen_at_once(service, reads):
    assert service.shown("/v2/account")["cash_held"] == "0.00"

    service.hear(buy("bought", qty=50, at=dollars(130)))

    assert service.shown("/v2/account")["cash_held"] == "6500.00"
    assert len(reads) == 2


def test_a_fill_is_seen_at_once_in_the_positions_too(service):
    order = buy("bought", qty=50, at=dollars(130))
    service.hear(order)
    held = {position["symbol"]: position["qty"] for position in service.shown("/v2/positions")}

    service.hear(fill(order, qty=50, at=dollars(130)))

    now = {position["symbol"]: position["qty"] for position in service.shown("/v2/positions")}
    assert int(now[order.symbol]) == int(held.get(order.symbol, 0)) + 50
