"""Accounts of the resident market on a real exchange: let in, kept in, and known to be gone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from chassis.clock import FixedClock
from contracts.orders import Side, TimeInForce
from loadtest.exchange_process import ExchangeProcess, exchange_on
from market_feed.clients.desk import HttpDesk
from market_feed.clients.exchange import HttpExchange
from market_feed.clients.line import Line
from market_feed.domain.market import Wish
from market_feed.ports import Away, Credential, Hasty, Unknown

OURS = Credential("maker-1", "a password of ours")


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ExchangeProcess]:
    settings = {"MARKET": "off", "LOGIN_ATTEMPTS_PER_MINUTE": "6"}
    with exchange_on(tmp_path_factory.mktemp("exchange") / "data", settings) as running:
        yield running


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def door(exchange: ExchangeProcess, clock: FixedClock) -> Iterator[HttpExchange]:
    line = Line(f"http://{exchange.host}:{exchange.port}")
    yield HttpExchange(line, clock)
    line.close()


def entered(door: HttpExchange, credential: Credential = OURS) -> HttpDesk:
    desk = door.enter(credential)
    assert desk is not None
    return desk


def test_who_signed_up_before_logs_in_to_the_same_account(door):
    first = entered(door)
    first.place([Wish("AAPL", Side.BUY, 1, 1_000_000, TimeInForce.GTC)])

    assert len(entered(door).standing("AAPL")) == 1
    assert first.cancel_all() == 1


def test_somebody_elses_name_stays_shut(door):
    entered(door)

    assert door.enter(Credential("maker-1", "another password")) is None


def test_a_desk_tells_what_is_there(door):
    desk = entered(door, Credential("maker-2", "a password of ours"))
    instruments = {each.symbol: each for each in desk.instruments()}
    aapl = instruments["AAPL"]

    ids = desk.place(
        [
            Wish("AAPL", Side.BUY, 2, aapl.reference_price - 100, TimeInForce.GTC),
            Wish("AAPL", Side.SELL, 3, aapl.reference_price + 100, TimeInForce.GTC),
            Wish("NOSUCH", Side.BUY, 1, 100, TimeInForce.GTC),
        ]
    )

    assert len(instruments) == 12
    assert (aapl.tick, aapl.lot, aapl.reference_price) == (100, 1, 1_900_000)
    assert [bool(each) for each in ids] == [True, True, False]
    assert {(each.side, each.price, each.remaining) for each in desk.standing("AAPL")} == {
        (Side.BUY, 1_899_900, 2),
        (Side.SELL, 1_900_100, 3),
    }
    assert desk.last_prices(["AAPL"]) == {}
    desk.cancel(ids[0])
    desk.cancel(ids[0])
    assert desk.cancel_all() == 1


def test_what_is_held_is_not_free(door, exchange):
    desk = entered(door, Credential("maker-3", "a password of ours"))
    desk.place(
        [Wish("IBM", Side.BUY, 2, 1_000_000, TimeInForce.GTC), Wish("IBM", Side.SELL, 3, 9_000_000, TimeInForce.GTC)]
    )
    exchange.wait_until_settled()

    owned = desk.holdings()
    quote = desk.quotes(["IBM", "AMD"])["IBM"]

    assert (owned.cash, owned.buying_power) == (1_000_000_000, 998_000_000)
    assert (owned.shares["IBM"], owned.available["IBM"]) == (100, 97)
    assert (quote.bid, quote.ask) == (1_000_000, 9_000_000)


def test_a_token_is_changed_before_it_ends(door, clock):
    desk = entered(door, Credential("maker-4", "a password of ours"))
    first = desk._session._refresh_token  # the test is about what nobody sees

    for _ in range(3):
        clock.advance(13 * 60)
        assert desk.is_cleared()

    assert desk._session._refresh_token != first


def test_a_session_that_was_ended_is_begun_again(door, exchange):
    desk = entered(door, Credential("maker-5", "a password of ours"))
    token = desk._session._access_token
    assert exchange.connect(token).request("POST", "/v2/auth/logout-all").status == 204

    assert desk.is_cleared()


def test_a_refresh_token_that_is_worth_nothing_leads_to_a_login(door, clock):
    desk = entered(door, Credential("maker-6", "a password of ours"))
    desk._session._refresh_token = "gone"
    clock.advance(13 * 60)

    assert desk.is_cleared()


def test_an_account_that_cannot_be_entered_any_more_is_unknown(door, exchange):
    desk = entered(door, Credential("maker-7", "a password of ours"))
    connection = exchange.connect(desk._session._access_token)
    change = {"old": "a password of ours", "new": "a password of theirs"}
    assert connection.request("POST", "/v2/auth/password", change).status == 204
    assert connection.request("POST", "/v2/auth/logout-all").status == 204

    with pytest.raises(Unknown):
        desk.is_cleared()


def test_who_tries_too_often_is_told_how_long_to_wait(door):
    ours = Credential("maker-8", "a password of ours")
    for _ in range(7):
        entered(door, ours)

    with pytest.raises(Hasty) as told:
        door.enter(ours)

    assert 1 <= told.value.pause_s <= 60


def test_a_symbol_that_is_gone_is_no_reason_to_fall(door):
    desk = entered(door, Credential("maker-9", "a password of ours"))

    with pytest.raises(Away, match="404"):
        desk.quotes(["NOSUCH"])


def test_an_order_sent_twice_is_placed_once(door):
    desk = entered(door, Credential("maker-10", "a password of ours"))
    desk._order_names = iter(["the same", "the same"])
    wish = Wish("AAPL", Side.BUY, 1, 1_000_000, TimeInForce.GTC)

    first, second = desk.place([wish]), desk.place([wish])

    assert first == second
    assert len(desk.standing("AAPL")) == 1


@pytest.fixture
def stranger() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_nobody_at_the_address_is_away(stranger):
    port = stranger.getsockname()[1]
    stranger.close()

    with pytest.raises(Away):
        Line(f"http://127.0.0.1:{port}").ask("GET", "/readyz")


def test_somebody_who_does_not_answer_is_away(stranger):
    line = Line(f"http://127.0.0.1:{stranger.getsockname()[1]}", timeout_s=0.2)

    with pytest.raises(Away, match="in time"):
        line.ask("GET", "/readyz")
    line.close()


@pytest.mark.parametrize(
    ("answer", "pause_s"),
    [
        (b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", 7.0),
        (b"HTTP/1.1 503 Busy\r\nRetry-After: 99999999999\r\nContent-Length: 0\r\n\r\n", 120.0),
        (b"HTTP/1.1 502 Broken\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n", 0.0),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnot json!", 0.0),
        (b"SSH-2.0 hello\r\n", 0.0),
    ],
    ids=["busy", "busy for ever", "a broken gateway", "nonsense", "another protocol"],
)
def test_who_cannot_answer_properly_is_away(stranger, answer, pause_s):
    def serve() -> None:
        connection, _ = stranger.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(answer)

    server = threading.Thread(target=serve)
    server.start()
    line = Line(f"http://127.0.0.1:{stranger.getsockname()[1]}")

    with pytest.raises(Away) as away:
        line.ask("GET", "/readyz")

    server.join()
    line.close()
    assert away.value.pause_s == pause_s
