"""An account's history: fills and grants in Alpaca's shape, its ledger, and pages that neither repeat nor skip."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.user_portfolio.builders import ALICE, buy, dollars, fill, identity, sell
from tests.user_portfolio.service_rig import refusal

DAY_US = 86_400_000_000
NEXT_DAY_US = 1_750_000_000_000_000 + DAY_US


@pytest.fixture
def traded(service):
    """Alice buys 10 in two fills, then sells 5."""
    bid, ask = buy("bid", qty=10, at=dollars(90)), sell("ask", qty=5, at=dollars(95))
    service.hear(bid, ask)
    fills = (
        fill(bid, qty=4, at=dollars(90), left=6, trade="first"),
        fill(bid, qty=6, at=dollars(89), trade="second"),
        fill(ask, qty=5, at=dollars(95), trade="third"),
    )
    service.hear(*(replace(each, at_us=NEXT_DAY_US) for each in fills))
    return service


def types(activities):
    return [activity["activity_type"] for activity in activities]


def test_activities_come_newest_first_and_name_what_happened(traded):
    activities = traded.shown("/v2/account/activities")

    assert types(activities) == ["FILL", "FILL", "FILL", "JNLS", "JNLC"]


def test_a_fill_tells_its_order_its_price_and_what_is_left(traded):
    second, first = traded.shown("/v2/account/activities/FILL")[1:]

    assert (first["type"], first["order_status"]) == ("partial_fill", "partially_filled")
    assert (first["qty"], first["cum_qty"], first["leaves_qty"], first["price"]) == ("4", "4", "6", "90.00")
    assert (second["type"], second["order_status"]) == ("fill", "filled")
    assert (second["qty"], second["cum_qty"], second["leaves_qty"], second["price"]) == ("6", "10", "0", "89.00")
    assert (first["side"], first["symbol"], first["order_id"]) == ("buy", "AAPL", identity("bid"))
    assert (first["account_id"], first["trade_id"]) == (ALICE, identity("first"))
    assert first["transaction_time"] == "2025-06-16T15:06:40.000000Z"


def test_grants_tell_what_was_given(traded):
    (cash,) = traded.shown("/v2/account/activities", activity_type="JNLC")
    (shares,) = traded.shown("/v2/account/activities/JNLS")

    assert (cash["net_amount"], cash["date"], cash["status"]) == ("10000.00", "2025-06-15", "executed")
    assert (shares["symbol"], shares["qty"], shares["per_share_amount"]) == ("AAPL", "100", "100.00")


def test_activities_are_filtered_by_several_types(traded):
    assert types(traded.shown("/v2/account/activities", activity_types="JNLC,JNLS")) == ["JNLS", "JNLC"]
    assert traded.shown("/v2/account/activities", activity_types="DIV,FEE") == []


def test_who_asks_for_what_came_after_the_last_fill_seen_misses_none_whatever_clocks_matched_it(service):
    bid, hour_us, seen, last = buy("bid", qty=10, at=dollars(90)), 3_600_000_000, [], "2000-01-01"
    service.hear(bid)
    for number, offset_us in enumerate((0, hour_us, -hour_us, 0, 100 * 365 * DAY_US, 0), start=1):
        part = fill(bid, qty=1, at=dollars(90), left=10 - number, trade=f"part {number}")
        service.hear(replace(part, at_us=NEXT_DAY_US + offset_us))

        seen += service.shown("/v2/account/activities/FILL", direction="asc", after=last)
        last = seen[-1]["transaction_time"]

    assert [activity["trade_id"] for activity in seen] == [identity(f"part {number}") for number in range(1, 7)]
    assert last < f"{datetime.now(UTC) + timedelta(minutes=1):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("page_size", [1, 2, 3, 5, 100])
def test_pages_put_together_are_the_whole(traded, direction, page_size):
    whole = traded.shown("/v2/account/activities", direction=direction)
    pages: list[list[Any]] = []
    token: dict[str, str] = {}

    while page := traded.shown("/v2/account/activities", direction=direction, page_size=page_size, **token):
        pages.append(page)
        token = {"page_token": page[-1]["id"]}

    assert [activity for page in pages for activity in page] == whole
    assert max(map(len, pages)) <= page_size


def test_oldest_first_is_newest_first_the_other_way_round(traded):
    oldest_first = traded.shown("/v2/account/activities", direction="asc")

    assert oldest_first == traded.shown("/v2/account/activities")[::-1]


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"until": "2025-06-16"}, ["JNLS", "JNLC"]),
        ({"after": "2025-06-16T00:00:00Z"}, ["FILL", "FILL", "FILL"]),
        ({"after": "2025-06-16T17:06:39.999999+02:00"}, ["FILL", "FILL", "FILL"]),
        ({"after": "2025-06-16T15:06:40"}, ["FILL", "FILL"]),
        ({"after": "2025-06-16T15:06:40.000002Z"}, []),
        ({"after": "1970-01-02", "until": "2000-01-01"}, []),
        ({"date": "2025-06-15"}, ["JNLS", "JNLC"]),
        ({"date": "2025-06-16"}, ["FILL", "FILL", "FILL"]),
        ({"date": "2025-06-17"}, []),
        ({"date": "9999-12-31"}, []),
        ({"date": "0001-01-01"}, []),
        ({"after": "0001-01-01T00:00:00+14:00", "until": "9999-12-31T23:59:59-14:00"}, None),
    ],
)
def test_activities_are_bounded_in_time(traded, bounds, found):
    answer = types(traded.shown("/v2/account/activities", **bounds))

    assert answer == (types(traded.shown("/v2/account/activities")) if found is None else found)


@pytest.mark.parametrize(
    "query",
    [
        {"page_size": 0},
        {"page_size": 101},
        {"page_size": "many"},
        {"page_size": "1.5"},
        {"page_size": "9" * 400},
        {"direction": "sideways"},
        {"after": "yesterday"},
        {"after": "1750000000"},
        {"after": "2025-13-01"},
        {"after": "2025-01-01T00:00:00+99:00"},
        {"date": "2025-06-15", "after": "2025-01-01"},
        {"date": "20250615"},
        {"page_token": "17"},
        {"page_token": "20250615150640000::99999999999999999999"},
        {"page_token": "20250615150640000::1\n"},
        {"page_token": "٢٠٢٥٠٦١٥١٥٠٦٤٠٠٠٠::1"},
        {"activity_type": "fill"},
        {"activity_type": "F"},
        {"activity_types": "FILL,"},
        {"activity_types": "FILL;JNLC"},
        {"activity_type": "FILL\x00"},
        {"colour": "blue"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(doorstep, query):
    answer = doorstep.get("/v2/account/activities", **query)

    assert refusal(answer) == (422, "invalid_request")
    assert answer.json["message"].endswith(".")


def test_a_type_in_the_address_that_is_none_is_refused(doorstep):
    assert refusal(doorstep.get("/v2/account/activities/fill%00")) == (422, "invalid_request")


def test_the_ledger_shows_the_accounts_leg_of_every_movement(traded):
    legs = traded.shown("/v2/account/ledger", direction="asc")

    assert [(leg["asset"], leg["amount"], leg["against"]) for leg in legs] == [
        ("USD", "10000.00", "issuer"),
        ("AAPL", "100", "issuer"),
        ("AAPL", "4", "clearing"),
        ("USD", "-360.00", "clearing"),
        ("AAPL", "6", "clearing"),
        ("USD", "-534.00", "clearing"),
        ("AAPL", "-5", "clearing"),
        ("USD", "475.00", "clearing"),
    ]
    assert {leg["order_id"] for leg in legs} == {None, identity("bid"), identity("ask")}


def test_a_page_of_the_ledger_never_tears_a_movement_apart(traded):
    newest = traded.shown("/v2/account/ledger", page_size=1)
    older = traded.shown("/v2/account/ledger", page_size=1, page_token=newest[-1]["id"])

    assert [leg["amount"] for leg in newest] == ["-5", "475.00"]
    assert [leg["amount"] for leg in older] == ["6", "-534.00"]


def test_an_account_without_a_history_has_an_empty_one(traded):
    newcomer = identity("newcomer")

    assert traded.shown("/v2/account/activities", newcomer) == []
    assert traded.shown("/v2/account/ledger", newcomer) == []
