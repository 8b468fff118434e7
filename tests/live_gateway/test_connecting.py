"""Who may connect, for how long, and what becomes of those who may not."""

from __future__ import annotations

import json
import time

import jwt
import pytest
import socketio  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.identity import LEEWAY_S
from tests.live_gateway.builders import ALICE, BOB, filled, placed
from tests.live_gateway.rig import House, tell
from tests.live_gateway.wire import RawClient, get


@pytest.fixture
def url(house: House) -> str:
    return house.gateway(live_recheck_ms=500)


def test_whoever_has_a_token_is_let_in_and_told_at_once_how_things_stand(house, url):
    with RawClient(url, {"token": house.accounts.token(ALICE)}) as client:
        client.until(lambda: client.updates)

        assert client.updates[0]["number"] == 1
        assert client.updates[0]["bus_connected"] is True


def test_whoever_has_an_api_key_is_let_in_as_its_account(house, url):
    with RawClient(url, {"key_id": "PK1", "secret": "secret"}) as client:
        client.until(lambda: client.updates)
        tell(house.bus, placed("hers", ALICE))

        client.until(lambda: client.all_orders())
        assert client.all_orders()[0]["order_id"] == "hers"


def forged() -> str:
    claims = {"iss": "stock-exchange", "sub": ALICE, "name": "x", "operator": False, "sid": "s", "exp": 2**33}
    return jwt.encode(claims, Ed25519PrivateKey.generate(), algorithm="EdDSA")


@pytest.mark.parametrize(
    ("auth", "name"),
    [
        ({}, "unauthenticated"),
        ([], "unauthenticated"),
        ("x", "unauthenticated"),
        ({"token": "nonsense"}, "unauthenticated"),
        ({"token": forged()}, "unauthenticated"),
        ({"key_id": "PK1", "secret": "another"}, "unauthenticated"),
    ],
)
def test_nobody_else_is(house, url, auth, name):
    with RawClient(url, auth) as client:
        assert client.connected == {}
        assert client.refusal["data"]["name"] == name
        assert client.refusal["message"] == client.refusal["data"]["message"]
        assert client.refusal["message"].endswith(".")


def test_neither_with_an_ended_token_nor_with_one_of_an_ended_session(house, url):
    house.accounts.log_out("over")

    with RawClient(url, {"token": house.accounts.token(ALICE, lasts_s=-60)}) as client:
        assert client.refusal["data"]["name"] == "unauthenticated"
    with RawClient(url, {"token": house.accounts.token(ALICE, session="over")}) as client:
        assert client.refusal["data"]["name"] == "session_ended"


def test_who_has_not_connected_hears_nothing_and_can_ask_for_nothing(house, url):
    with RawClient(url) as stranger, RawClient(url, {"token": house.accounts.token(ALICE)}) as alice:
        stranger.say('421["subscribe",{"prices":["AAPL"]}]')
        tell(house.bus, placed("hers", ALICE))
        alice.until(lambda: alice.all_orders())
        stranger.say("40")
        stranger.until(lambda: stranger.refusal)

        assert stranger.updates == []
        assert stranger.answers == {}


def test_when_a_token_ends_its_client_is_told_and_sent_away(house, url):
    with RawClient(url, {"token": house.accounts.token(ALICE, lasts_s=2.5 - LEEWAY_S)}) as client:
        client.until(lambda: client.is_disconnected)

        assert client.farewell["name"] == "unauthenticated"


def test_when_a_session_is_over_its_client_is_told_and_sent_away(house, url):
    with RawClient(url, {"token": house.accounts.token(ALICE, session="short")}) as client:
        client.until(lambda: client.updates)
        house.accounts.log_out("short")
        client.until(lambda: client.is_disconnected)

        assert client.farewell["name"] == "session_ended"
        tell(house.bus, placed("hers", ALICE))
        with RawClient(url, {"token": house.accounts.token(ALICE)}) as other:
            tell(house.bus, placed("later", ALICE))
            other.until(lambda: other.all_orders())
        assert client.all_orders() == []


def test_a_renewed_token_keeps_the_connection(house, url):
    ends_s = time.time() + 2.5
    with RawClient(url, {"token": house.accounts.token(ALICE, lasts_s=2.5 - LEEWAY_S)}) as client:
        assert client.ask("renew", {"token": house.accounts.token(ALICE)}) == {}
        client.until(lambda: time.time() > ends_s + 1.0)

        assert client.farewell == {}
        assert client.ask("subscribe", {}) == {"prices": [], "markets": []}


def test_anothers_token_renews_nothing_and_shows_nothing(house, url):
    with RawClient(url, {"token": house.accounts.token(BOB)}) as bob:
        answer = bob.ask("renew", {"token": house.accounts.token(ALICE)})
        tell(house.bus, placed("hers", ALICE), placed("his", BOB))
        bob.until(lambda: bob.all_orders())

        assert answer["error"]["name"] == "not_permitted"
        assert [event["order_id"] for event in bob.all_orders()] == ["his"]


def test_there_is_room_for_so_many_connections_of_an_account_and_of_all(house):
    url = house.gateway(live_connections=6, live_connections_per_account=3)
    token = {name: {"token": house.accounts.token(name)} for name in (ALICE, BOB, "carol", "dave")}
    clients = [RawClient(url, token[name]) for name in (ALICE, ALICE, ALICE, BOB, BOB)]

    with RawClient(url, token[ALICE]) as fourth:
        assert fourth.refusal["data"]["name"] == "too_many_requests"
    clients.append(RawClient(url, token["carol"]))
    clients.append(RawClient(url, token["dave"]))
    assert clients[-1].connected
    clients[0].until(lambda: clients[0].is_disconnected)
    assert clients[0].farewell["name"] == "too_many_requests"
    with RawClient(url, token[BOB]) as third:
        assert third.refusal["data"]["name"] == "unavailable"
    clients.pop().close()
    deadline_s = time.monotonic() + 20.0
    while True:
        with RawClient(url, token[BOB]) as again:
            if again.connected or time.monotonic() > deadline_s:
                break
    assert again.connected
    for client in clients:
        client.close()


def test_anything_but_a_websocket_is_refused_in_words(house, url):
    status, page = get(url, "/socket.io/?EIO=4&transport=polling")

    body = json.loads(page)
    assert (status, body["name"]) == (422, "invalid_request")
    assert "websocket" in body["message"]


def test_the_usual_client_gets_along(house, url):
    client, seen = socketio.Client(reconnection=False), []
    client.on("update", lambda update: seen.append(update))
    client.connect(url, auth={"token": house.accounts.token(ALICE)}, transports=["websocket"])

    answer = client.call("subscribe", {"prices": ["AAPL"], "markets": []}, timeout=10)
    tell(house.bus, filled("hers", ALICE))

    deadline_s = time.monotonic() + 20.0
    while not any("orders" in update for update in seen) and time.monotonic() < deadline_s:
        client.sleep(0.02)
    client.disconnect()
    assert answer == {"prices": ["AAPL"], "markets": []}
    assert [update["number"] for update in seen] == [*range(1, len(seen) + 1)]
    assert [event["order_id"] for update in seen for event in update.get("orders", ())] == ["hers"]
