"""What a client has not been told yet: merged, bounded, and never wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from contracts.orders import Side
from live_gateway.domain.asking import Subscription
from live_gateway.domain.pending import MOST_LEVELS, MOST_LISTED, MOST_ORDER_EVENTS, MOST_TRADES, LevelKey, Pending

PRICE = {"price": "100.05", "number": 1}


def level(side: Side, price: int, quantity: int) -> tuple[tuple[Side, int], tuple[Side, int, int]]:
    return (side, price), (side, price, quantity)


def test_nothing_pending_shows_nothing():
    pending = Pending()

    assert not pending
    assert pending.shown() == {}


def test_a_price_takes_the_place_of_an_older_one_and_its_volume_adds_up():
    pending = Pending()

    pending.price("AAPL", {"price": "100.00"}, 10)
    pending.price("AAPL", {"price": "101.00"}, 5)
    pending.price("MSFT", {"price": "400.00"}, 1)

    assert pending.shown() == {
        "prices": {"AAPL": {"price": "101.00", "volume": 15}, "MSFT": {"price": "400.00", "volume": 1}}
    }
    assert pending.merged == 1


def test_changes_of_a_book_are_merged_level_by_level():
    pending = Pending()

    pending.change_book("AAPL", 10, 11, [level(Side.BUY, 100, 5), level(Side.SELL, 102, 7)])
    pending.change_book("AAPL", 11, 14, [level(Side.BUY, 100, 0), level(Side.BUY, 99, 3)])

    book = pending.shown()["books"]["AAPL"]
    assert (book["previous_sequence"], book["sequence"]) == (10, 14)
    assert sorted(book["levels"]) == [(Side.BUY, 99, 3), (Side.BUY, 100, 0), (Side.SELL, 102, 7)]


def test_a_change_heard_twice_counts_once():
    pending = Pending()

    for _ in range(2):
        pending.change_book("AAPL", 10, 11, [level(Side.BUY, 100, 5)])

    assert pending.shown()["books"]["AAPL"]["sequence"] == 11
    assert "resync" not in pending.shown()


def test_a_change_that_does_not_build_on_the_one_before_sends_the_client_for_the_book():
    pending = Pending()
    pending.change_book("AAPL", 10, 11, [level(Side.BUY, 100, 5)])

    pending.change_book("AAPL", 12, 13, [level(Side.BUY, 99, 5)])

    assert pending.shown()["resync"] == ["AAPL"]
    assert pending.shown()["books"]["AAPL"]["previous_sequence"] == 12


def test_of_too_many_trades_the_newest_are_kept_and_the_others_counted():
    pending = Pending()

    for number in range(MOST_TRADES + 7):
        pending.trade("AAPL", number)

    assert pending.shown()["trades"]["AAPL"] == {"trades": [*range(7, MOST_TRADES + 7)], "missed": 7}


def test_too_many_order_events_become_a_resync():
    pending = Pending()

    for number in range(MOST_ORDER_EVENTS + 3):
        pending.order(number)

    assert pending.shown()["resync"] == ["orders"]
    assert len(pending.shown()["orders"]) == 2


def test_too_many_changed_levels_become_a_resync():
    pending = Pending()

    for number in range(MOST_LEVELS + 2):
        pending.change_book("AAPL", number, number + 1, [level(Side.BUY, number + 1, 1)])

    assert pending.shown()["resync"] == ["AAPL"]
    assert pending.shown()["books"]["AAPL"]["previous_sequence"] == MOST_LEVELS + 1


def test_too_many_new_instruments_become_a_resync():
    pending = Pending()

    for number in range(MOST_LISTED + 1):
        pending.new_instrument(f"N{number}")

    assert pending.shown() == {"resync": ["assets"]}


def test_the_last_word_on_a_halt_is_what_counts():
    pending = Pending()

    pending.halt("AAPL", True)
    pending.halt("AAPL", False)

    assert pending.shown() == {"halts": {"AAPL": False}}


def test_what_is_subscribed_no_more_is_forgotten():
    pending = Pending()
    pending.price("AAPL", PRICE, 1)
    pending.price("MSFT", PRICE, 1)
    pending.trade("AAPL", 1)
    pending.change_book("AAPL", 0, 1, [])
    pending.change_book("AAPL", 3, 4, [])
    pending.order("an event")

    pending.keep(Subscription(prices=("MSFT",)))

    assert pending.shown() == {"prices": {"MSFT": {**PRICE, "volume": 1}}, "orders": ["an event"]}


def test_when_anything_may_have_been_missed_everything_is_to_be_fetched():
    pending = Pending()
    pending.price("AAPL", PRICE, 1)
    pending.order("an event")

    pending.lose_all(Subscription(prices=("AAPL", "MSFT"), markets=("MSFT",)))

    assert pending.shown() == {"portfolio_changed": True, "resync": ["orders", "assets", "AAPL", "MSFT"]}


LEVELS = st.dictionaries(
    st.tuples(st.sampled_from(Side), st.integers(1, 12)), st.integers(0, 5), min_size=1, max_size=4
)


@given(changes=st.lists(st.tuples(LEVELS, st.integers(1, 3), st.booleans()), max_size=60))
def test_however_changes_are_merged_the_book_is_the_same(changes):
    """A quick client is told of every change, a slow one whenever `takes` says so; both keep the book they build."""
    quick: dict[LevelKey, int] = {}
    slow: dict[LevelKey, int] = {}
    pending, sequence, seen = Pending(), 0, 0

    for levels, step, takes in changes:
        previous, sequence = sequence, sequence + step
        quick |= levels
        pending.change_book("AAPL", previous, sequence, [(key, (key, quantity)) for key, quantity in levels.items()])
        if takes:
            pending, shown = Pending(), pending.shown()["books"]["AAPL"]
            assert shown["previous_sequence"] == seen
            seen = shown["sequence"]
            slow |= dict(shown["levels"])
            assert slow == quick
    if pending:
        slow |= dict(pending.shown()["books"]["AAPL"]["levels"])

    assert slow == quick
