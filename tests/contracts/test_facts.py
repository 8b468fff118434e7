"""The words services share stay what they are: the file beside this one is what is on the wire and in outboxes."""

from __future__ import annotations

import dataclasses
import json
import typing
from pathlib import Path

import pytest

from chassis.codec import decode_facts, encode_facts, split_facts
from contracts import facts
from contracts.streams import ROUTES, Stream

GOLDEN = json.loads((Path(__file__).parent / "facts.golden.json").read_text())
KINDS = typing.get_args(facts.Fact)
BY_NAME = {route.name: kind for kind, route in ROUTES.items()}


def wire(*named_fields):
    return json.dumps(named_fields, separators=(",", ":")).encode()


def test_every_fact_has_a_route_and_a_golden_sample():
    assert set(ROUTES) == set(KINDS)
    assert [name for name, _ in GOLDEN] == [route.name for route in ROUTES.values()]


@pytest.mark.parametrize(("name", "fields"), GOLDEN, ids=[name for name, _ in GOLDEN])
def test_a_fact_is_on_the_wire_as_it_always_was(name, fields):
    [fact] = decode_facts(wire([name, fields]))

    assert type(fact) is BY_NAME[name]
    assert encode_facts([fact]) == wire([name, fields])


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_cannot_be_changed_once_told(kind):
    name = ROUTES[kind].name
    [fact] = decode_facts(wire([name, dict(GOLDEN)[name]]))

    with pytest.raises(dataclasses.FrozenInstanceError):
        fact.at_us = 0


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_that_keeps_facts_in_order_is_one_of_their_fields(kind):
    fields = {field.name: field.type for field in dataclasses.fields(kind)}

    assert fields[ROUTES[kind].key] == "str"


def test_all_facts_of_a_stream_are_kept_in_order_by_the_same_kind_of_key():
    keys = {stream: {route.key for route in ROUTES.values() if route.stream is stream} for stream in Stream}

    assert all(len(kinds) == 1 for kinds in keys.values())


def test_a_message_of_many_facts_is_read_in_order():
    told = decode_facts(wire(*GOLDEN))

    assert encode_facts(told) == wire(*GOLDEN)
    assert [name for name, _ in split_facts(wire(*GOLDEN))] == [name for name, _ in GOLDEN]


def test_an_opened_account_reads_as_it_was_told():
    [fact] = decode_facts(wire(GOLDEN[0]))

    assert fact == facts.AccountOpened(
        account_id="0197a3f0-0000-7000-8000-00000000000a", name="alice", at_us=1_750_000_000_000_001
    )


def test_a_field_a_newer_version_added_is_passed_over():
    [fact] = decode_facts(wire(["instrument.halted", {"symbol": "AAPL", "at_us": 1, "why": "news"}]))

    assert fact == facts.InstrumentHalted(symbol="AAPL", at_us=1)


def test_a_field_that_came_later_has_its_default_in_older_facts():
    fields = {name: value for name, value in dict(GOLDEN)["order.refused"].items() if name != "sequence"}

    [fact] = decode_facts(wire(["order.refused", fields]))

    assert fact.sequence == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]]",
        wire(["order.eaten", {}]),
        wire(["instrument.halted", {"symbol": "AAPL"}]),
        wire(["instrument.halted", {"symbol": 7, "at_us": 1}]),
        wire(["instrument.halted", {"symbol": "AAPL", "at_us": 1.5}]),
        wire(["order.rested", {**dict(GOLDEN)["order.rested"], "remaining": "10"}]),
        wire(["order.placed", {**dict(GOLDEN)["order.placed"], "side": "hold"}]),
    ],
)
def test_what_is_no_fact_is_refused(body):
    with pytest.raises(ValueError):
        decode_facts(body)
