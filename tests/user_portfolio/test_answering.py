"""Order entry is told whether an outcome has arrived, and what the books say: by the database, never by a cache."""

from __future__ import annotations

import pytest

from contracts.names import QUESTION_FUNDS, QUESTION_ORDER_APPLIED
from tests.user_portfolio.builders import ALICE, buy, canceled, dollars, fill, identity, replace, replaced, sell
from tests.user_portfolio.service_rig import ServiceRig
from user_portfolio.domain.holds import Hold

ORDER = buy("order", qty=10, at=dollars(100))
CHANGE = replace(ORDER, "change", qty=20, at=dollars(100))


def is_applied(
    service: ServiceRig, order_id: str = ORDER.order_id, filled: int = 0, *, has_ended: bool = False
) -> bool:
    asked = {"order_id": order_id, "filled": filled, "has_ended": has_ended}
    return bool(service.questions.ask(QUESTION_ORDER_APPLIED, asked)["applied"])


def test_an_outcome_is_applied_when_so_much_is_settled_and_the_end_taken_in(service):
    assert not is_applied(service)

    service.hear(ORDER)
    assert (is_applied(service), is_applied(service, filled=1)) == (True, False)

    service.hear(fill(ORDER, qty=4, at=dollars(100), left=6))
    assert (is_applied(service, filled=4), is_applied(service, filled=5)) == (True, False)
    assert not is_applied(service, filled=4, has_ended=True)

    service.hear(canceled(ORDER, left=6))
    assert is_applied(service, filled=4, has_ended=True)


def test_a_whole_fill_and_a_refusal_are_ends(service):
    hopeless = buy("hopeless", qty=1_000, at=dollars(100))

    service.hear(ORDER, fill(ORDER, qty=10, at=dollars(100)), hopeless)

    assert is_applied(service, filled=10, has_ended=True)
    assert is_applied(service, hopeless.order_id, has_ended=True)


def test_a_replacement_is_applied_when_it_stands_in_its_originals_place(service):
    service.hear(ORDER, CHANGE)
    assert not is_applied(service, CHANGE.order_id)

    service.hear(replaced(CHANGE, left=20))

    assert is_applied(service, CHANGE.order_id)
    assert is_applied(service, has_ended=True)


@pytest.mark.parametrize("told", ["01977420-dc00-7db7-bad1-546c14d1856c", None])
def test_once_it_is_applied_no_older_view_is_shown(service, told):
    """The word of the newest version may still be on its way when the answer is given."""
    service.hear(ORDER)
    old = service.shown("/v2/account")
    version_entry = f"holdings_version:{ALICE}"
    [version] = service.cache.get_many([version_entry]).values()
    service.hear(canceled(ORDER, left=10))
    service.cache.set_many({version_entry: told or version}, 60)
    assert told or service.shown("/v2/account") == old, "this shows what can happen between commit and word"

    assert is_applied(service, has_ended=True)

    assert service.shown("/v2/account")["cash_held"] == "0.00"


def test_the_funds_are_those_of_the_books(service):
    sale = sell("sale", qty=30, at=dollars(90))
    service.hear(ORDER, sale)
    service.cache.set_many({f"buying_power:{ALICE}": "1"}, 60)

    asked = {"account_id": ALICE, "symbols": ["AAPL", "MSFT"], "orders": [ORDER.order_id, identity("later")]}

    assert service.questions.ask(QUESTION_FUNDS, asked) == {
        "buying_power": dollars(9_000),
        "cash_held": dollars(1_000),
        "available": {"AAPL": 70, "MSFT": 0},
        "shares_held": 30,
        "known": [ORDER.order_id],
    }
    assert service.questions.ask(QUESTION_FUNDS, {**asked, "account_id": identity("nobody")}) == {}


def test_order_entry_finds_the_shares_that_can_be_sold_in_the_cache(service):
    entry = f"available_shares:{ALICE}:AAPL"
    assert service.cache.get_many([entry]) == {entry: "100"}

    service.hear(sell("sale", qty=30, at=dollars(90)))

    assert service.cache.get_many([entry]) == {entry: "70"}


def test_a_hold_that_was_only_asked_for_is_no_outcome():
    assert not Hold.asked_by(CHANGE).has_applied(0, has_ended=False)
