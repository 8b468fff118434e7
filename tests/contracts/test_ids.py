"""Ids are UUIDv7: valid, sorted by time, never the same."""

from __future__ import annotations

from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.ids import uuid7

MILLISECONDS = st.integers(min_value=0, max_value=2**48 - 1)


@given(MILLISECONDS)
def test_an_id_is_a_valid_uuid_of_version_seven_that_tells_its_time(now_ms):
    made = UUID(uuid7(now_ms))

    assert made.version == 7
    assert made.variant == RFC_4122
    assert made.int >> 80 == now_ms


@given(MILLISECONDS, MILLISECONDS)
def test_a_later_id_sorts_after_an_earlier_one(one_ms, other_ms):
    if one_ms != other_ms:
        assert (uuid7(one_ms) < uuid7(other_ms)) == (one_ms < other_ms)


def test_ids_of_one_millisecond_differ():
    assert len({uuid7(1) for _ in range(10_000)}) == 10_000


def test_an_id_is_written_as_postgresql_writes_it():
    made = uuid7(1_750_000_000_000)

    assert str(UUID(made)) == made
