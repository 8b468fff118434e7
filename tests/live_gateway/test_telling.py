"""Everybody is told what concerns them, in order and merged, and nothing that concerns somebody else alone."""

from __future__ import annotations

import pytest

from contracts import facts
from contracts.orders import Side
from tests.live_gateway.builders import ALICE, BOB, NOON_US, change, filled, placed, portfolio_changed, trade
from tests.live_gateway.rig import House, tell, tell_together
from tests.live_gateway.wire import RawClient


@pytest.fixture
def url(house: House) -> str:
    return house.gateway()


@pytest.fixture
def alice(house, url):
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        yield client


@pytest.fixture
def bob(house, url):
    with RawClient(url, {"token": house.accounts.token(BOB)}) as client:
        yield client


def test_an_orders_life_is_told_to_its_account_in_order(house, alice):
    tell(house.bus, placed("o1"), filled("o1", remaining=6), filled("o1", remaining=0))

    alice.until(lambda: len(alice.all_orders()) == 3)
    assert [event["event"] for event in alice.all_orders()] == ["placed", "filled", "filled"]
    assert [event.get("remaining") for event in alice.all_orders()] == [None, 6, 0]


def test_nobody_is_told_of_anothers_orders_whatever_is_asked(house, alice, bob):
    """Regression 13: every user's orders and portfolio went to every browser."""
    wishes = [
        {"prices": ["AAPL"], "markets": ["AAPL"]},
        {"prices": [ALICE], "markets": []},
        {"orders": [ALICE]},
        {"prices": [], "markets": [], "account_id": ALICE},
        {"account_id": ALICE},
        [ALICE],
        ALICE,
    ]
    for wish in wishes:
        bob.ask("subscribe", wish)
    bob.ask("subscribe", wishes[0])
    bob.ask("renew", {"token": house.accounts.token(ALICE)})
    bob.ask("renew", {"token": house.accounts.token(BOB), "account_id": ALICE})
    for room in (ALICE, alice.connected["sid"]):
        bob.say(f'42["join",{{"room":"{room}"}}]')
        bob.say(f'42["update",{{"room":"{room}"}}]')

    tell(
        house.bus, placed("hers", ALICE), filled("hers", ALICE), portfolio_changed(ALICE), placed("his", BOB), trade(9)
    )

    alice.until(lambda: alice.news("portfolio_changed"))
    bob.until(lambda: bob.all_orders() and bob.news("trades"))
    assert [event["order_id"] for event in alice.all_orders()] == ["hers", "hers"]
    assert [event["order_id"] for event in bob.all_orders()] == ["his"]
    assert "hers" not in str(bob.updates)
    assert ALICE not in str(bob.updates)
    assert not any(bob.news("portfolio_changed"))


def test_all_of_an_accounts_connections_are_told(house, url, alice):
    with RawClient(url, {"token": house.accounts.token(ALICE, session="another")}) as phone:
        tell(house.bus, placed("o1"))

        for client in (alice, phone):
            client.until(lambda client=client: client.all_orders())


def test_prices_are_told_of_what_is_subscribed(house, alice):
    assert alice.subscribe(["AAPL"]) == {"prices": ["AAPL"], "markets": []}

    tell(house.bus, trade(1, "MSFT"), trade(1, "AAPL", quantity=3))

    alice.until(lambda: alice.news("prices"))
    [prices] = alice.news("prices")
    assert prices == {
        "AAPL": {"price": "100.05", "size": 3, "number": 1, "volume": 3, "at": "2025-06-15T15:06:40.000000Z"}
    }
    assert alice.news("trades") == []


def test_a_market_is_its_book_and_every_trade(house, alice):
    alice.subscribe(markets=["AAPL"])

    tell_together(house.bus, [trade(1), change(4, 6, (Side.BUY, 1_000_000, 5), (Side.SELL, 1_010_000, 0))])

    alice.until(lambda: alice.news("books"))
    assert alice.news("books") == [
        {"AAPL": {"previous_sequence": 4, "sequence": 6, "levels": [["buy", "100.00", 5, 1], ["sell", "101.00", 0, 0]]}}
    ]
    [trades] = alice.news("trades")
    assert [each["number"] for each in trades["AAPL"]["trades"]] == [1]
    assert trades["AAPL"]["missed"] == 0


def test_a_new_subscription_takes_the_place_of_the_old_one(house, alice):
    alice.subscribe(["AAPL"], ["AAPL"])
    alice.subscribe(["MSFT"])

    tell(house.bus, trade(1, "AAPL"), trade(1, "MSFT"))

    alice.until(lambda: alice.news("prices"))
    assert [set(prices) for prices in alice.news("prices")] == [{"MSFT"}]
    assert alice.news("trades") == []


def test_a_refused_subscription_changes_nothing(house, alice):
    alice.subscribe(["AAPL"])

    answer = alice.subscribe(["nonsense!"])
    tell(house.bus, trade(1, "AAPL"))

    assert (answer["error"]["code"], answer["error"]["name"]) == (42210000, "invalid_request")
    alice.until(lambda: alice.news("prices"))


def test_halts_and_new_instruments_are_told_to_everybody(house, alice, bob):
    listed = facts.InstrumentListed(
        symbol="NEWCO", asset_id="n", name="New", tick=100, lot=1, reference_price=1, at_us=NOON_US
    )
    tell(house.bus, facts.InstrumentHalted(symbol="AAPL", at_us=NOON_US), listed)

    for client in (alice, bob):
        client.until(lambda client=client: client.news("listed"))
        assert client.news("listed") == [["NEWCO"]]
        assert client.news("halts") == [{"AAPL": True}]


def test_a_halt_told_once_more_after_its_resume_is_no_news(house, alice):
    """By a relay that was cut off from the broker and does not know what was confirmed."""
    halted = facts.InstrumentHalted(symbol="AAPL", at_us=NOON_US + 1, sequence=1)
    tell(house.bus, halted, facts.InstrumentResumed(symbol="AAPL", at_us=NOON_US, sequence=2), halted)
    tell(house.bus, facts.InstrumentHalted(symbol="LAST", at_us=NOON_US))

    alice.until(lambda: any("LAST" in halts for halts in alice.news("halts")))

    told = [halts["AAPL"] for halts in alice.news("halts") if "AAPL" in halts]
    assert told[-1] is False


def test_updates_are_counted_and_come_now_and_then_even_if_nothing_happens(house):
    url = house.gateway(live_pulse_ms=100)
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        client.until(lambda: len(client.updates) == 5)

        assert [update["number"] for update in client.updates] == [1, 2, 3, 4, 5]
        assert set(client.updates[-1]) == {"number", "at", "bus_connected"}


def test_whoever_does_not_acknowledge_is_told_nothing_more_until_then_and_then_all_of_it_merged(house, url, bob):
    with RawClient(url, {"token": house.accounts.token(ALICE)}, lazy=True) as slow:
        slow.subscribe(["AAPL"], ["AAPL"])
        slow.until(lambda: slow.updates)
        bob.subscribe(["AAPL"], ["AAPL"])
        for number in range(1, 301):
            told = [trade(number, quantity=1), change(number - 1, number, (Side.BUY, 1_000_000 + number % 5, number))]
            tell_together(house.bus, told)
        bob.until(
            lambda: sum(len(each["AAPL"]["trades"]) + each["AAPL"]["missed"] for each in bob.news("trades")) == 300
        )
        assert len(slow.updates) == 1

        slow.acknowledge()

        slow.until(lambda: len(slow.updates) == 2)
        news = slow.updates[1]
        assert news["prices"]["AAPL"]["number"] == 300
        assert news["prices"]["AAPL"]["volume"] == 300
        assert news["trades"]["AAPL"]["missed"] == 100
        assert [each["number"] for each in news["trades"]["AAPL"]["trades"]] == [*range(101, 301)]
        book = news["books"]["AAPL"]
        assert (book["previous_sequence"], book["sequence"]) == (0, 300)
        assert len(book["levels"]) == 5


def test_whoever_never_acknowledges_is_cut_off_and_holds_nobody_up(house):
    url = house.gateway(live_ack_limit_ms=500, live_pulse_ms=100)
    with (
        RawClient(url, {"token": house.accounts.token(ALICE)}, lazy=True) as dead,
        RawClient(url, {"token": house.accounts.token(BOB)}) as lively,
    ):
        lively.until(lambda: len(lively.updates) > 12)
        dead.until_cut()

        assert len(dead.updates) == 1
        assert house.metric(url, "live_slow_disconnects_total") == 1


def test_what_happens_while_nobody_is_there_is_not_even_read(local_house):
    house, url = local_house, local_house.gateway()
    tell(house.bus, trade(1))
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        tell(house.bus, placed("o1"))
        client.until(lambda: client.all_orders())

    assert house.metric(url, "live_messages_heard_total") == 1
