"""What clients say is taken as it is meant, or refused in words."""

from __future__ import annotations

import pytest

from contracts.refusals import Refusal, Refused
from live_gateway.domain.asking import Credentials, Subscription, read_credentials, read_subscription


def test_a_token_or_a_key_with_its_secret_are_credentials():
    assert read_credentials({"token": "abc"}) == Credentials(token="abc")
    assert read_credentials({"key_id": "PK1", "secret": "s"}) == Credentials(key_id="PK1", secret="s")


@pytest.mark.parametrize(
    "payload",
    [
        None,
        "token",
        [],
        {},
        {"token": ""},
        {"token": None},
        {"token": 7},
        {"token": ["abc"]},
        {"token": "a\r\nX-Other: b"},
        {"token": "tökén"},
        {"token": "x" * 5_000},
        {"key_id": "PK1"},
        {"secret": "s"},
    ],
)
def test_anything_else_is_nobody(payload):
    with pytest.raises(Refused) as refused:
        read_credentials(payload)

    assert refused.value.refusal is Refusal.UNAUTHENTICATED


def test_a_subscription_is_two_lists_either_of_which_may_be_left_out():
    assert read_subscription({"prices": ["AAPL", "MSFT", "AAPL"]}) == Subscription(prices=("AAPL", "MSFT"))
    assert read_subscription({"markets": ["BRK.B"]}) == Subscription(markets=("BRK.B",))
    assert read_subscription({}) == Subscription()


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (None, "object of two lists"),
        ([], "object of two lists"),
        ("AAPL", "object of two lists"),
        ({"orders": ["AAPL"]}, "object of two lists"),
        ({"prices": ["AAPL"], "account_id": "somebody"}, "object of two lists"),
        ({"prices": "AAPL"}, "prices: a list of symbols"),
        ({"markets": {"AAPL": True}}, "markets: a list of symbols"),
        ({"prices": None}, "prices: a list of symbols"),
        ({"prices": [7]}, "'7' is no symbol"),
        ({"prices": [["AAPL"]]}, "is no symbol"),
        ({"prices": ["aapl"]}, "'aapl' is no symbol"),
        ({"prices": ["AAPL\n"]}, "is no symbol"),
        ({"prices": ["A" * 13]}, "is no symbol"),
        ({"prices": ["A" * 100_000]}, "is no symbol"),
        ({"prices": [f"S{number}" for number in range(10_000)]}, "200 symbols at most, not 10000"),
        ({"markets": [f"S{number}" for number in range(21)]}, "20 symbols at most, not 21"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_in_words(payload, sentence):
    with pytest.raises(Refused, match=sentence) as refused:
        read_subscription(payload)

    assert refused.value.refusal is Refusal.INVALID_REQUEST
    assert len(refused.value.message) < 200
