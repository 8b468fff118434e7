"""Who gets a place where places are short: the rules by themselves."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from contracts.refusals import Refusal, Refused
from live_gateway.api.lobby import Lobby
from live_gateway.domain.room import Room


class Everybody:
    """Connections by account and address, as whoever lets them in keeps them: the oldest first."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.accounts: dict[str, dict[str, None]] = {}
        self.addresses: dict[str, dict[str, None]] = {}
        self._where: dict[str, tuple[str, str]] = {}

    def come(self, account: str, address: str = "a") -> str | None:
        gone = self._room.make(account, address, self.accounts, self.addresses)
        if gone is not None:
            self._forget(gone)
        who = f"{account}-{len(self._where)}"
        self._where[who] = account, address
        self.accounts.setdefault(account, {})[who] = None
        self.addresses.setdefault(address, {})[who] = None
        return gone

    def count(self, account: str) -> int:
        return len(self.accounts.get(account, ()))

    def _forget(self, who: str) -> None:
        account, address = self._where[who]
        for groups, name in ((self.accounts, account), (self.addresses, address)):
            del groups[name][who]
            if not groups[name]:
                del groups[name]


def test_the_account_with_the_most_gives_its_oldest_when_all_places_are_taken():
    everybody = Everybody(Room(4, 3))
    for account in ("mallory", "mallory", "mallory", "bob"):
        assert everybody.come(account) is None

    assert everybody.come("alice") == "mallory-0"


def test_whoever_has_almost_as_many_as_the_most_takes_nobodys_place():
    everybody = Everybody(Room(4, 3))
    for account in ("mallory", "mallory", "bob", "carol"):
        everybody.come(account)

    with pytest.raises(Refused) as refused:
        everybody.come("bob")

    assert refused.value.refusal is Refusal.UNAVAILABLE


def test_where_accounts_are_even_the_address_with_the_most_gives_way():
    everybody = Everybody(Room(4, 3))
    for number in range(4):
        everybody.come(f"account{number}", "one house")

    assert everybody.come("alice", "elsewhere") == "account0-0"
    with pytest.raises(Refused):
        everybody.come("account9", "one house")


@pytest.mark.parametrize(("room", "limit"), [(Room(9, 2), "account"), (Room(9, 9, 2), "address")])
def test_an_account_and_an_address_have_bounds_of_their_own(room, limit):
    everybody = Everybody(room)
    everybody.come("alice")
    everybody.come("alice")

    with pytest.raises(Refused, match=limit) as refused:
        everybody.come("alice")

    assert refused.value.refusal is Refusal.TOO_MANY_REQUESTS


@pytest.mark.parametrize("seed", range(20))
def test_whatever_one_person_does_with_her_accounts_everybody_else_gets_in(seed):
    chance, everybody = random.Random(seed), Everybody(Room(64, 20))
    for _ in range(500):
        account = f"mallory{chance.randrange(chance.choice((1, 4, 20)))}"
        try:
            everybody.come(account, "hers")
        except Refused:
            continue

    for number in range(20):
        everybody.come(f"person{number}", f"home{number}")

    assert all(everybody.count(f"person{number}") == 1 for number in range(20))
    assert sum(map(len, everybody.accounts.values())) <= 64


def test_in_the_lobby_the_busiest_address_gives_way_and_its_oldest_first():
    lobby: Lobby[str] = Lobby(3)
    for who, address in (("m1", "hers"), ("m2", "hers"), ("alice", "home")):
        assert lobby.enter(who, address) is None

    assert lobby.enter("m3", "hers") == "m1"
    assert lobby.enter("bob", "office") == "m2"


def test_the_lobby_forgets_who_has_left_once():
    lobby: Lobby[str] = Lobby(1)
    lobby.enter("alice", "home")
    for _ in range(2):
        lobby.leave("alice", "home")

    assert lobby.enter("bob", "home") is None
    assert lobby.enter("carol", "home") == "bob"


def test_the_lobby_never_holds_more_than_it_may_whoever_comes_and_goes():
    lobby, chance, inside = Lobby[int](5), random.Random(1), dict[int, str]()
    for number in range(2_000):
        address = chance.choice("abc")
        gone = lobby.enter(number, address)
        if gone is not None:
            assert Counter(inside.values()).most_common(1)[0][1] == Counter(inside.values())[inside[gone]]
            del inside[gone]
        inside[number] = address
        assert len(inside) <= 5
        if chance.random() < 0.3:
            leaving = chance.choice([*inside])
            lobby.leave(leaving, inside.pop(leaving))
