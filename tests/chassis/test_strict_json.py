"""JSON is read exactly, and what says a thing twice is refused, whatever its spelling and however deep."""

from __future__ import annotations

import json
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import strict_json

NAMES = st.text(alphabet='ab:\\"\u00e9\n ', max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | NAMES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":1,"b":2,"a":3}',
        '{"a":1,"\\u0061":2}',
        '{"\\u003a":1,":":2}',
        '{"a":1,"a":"\\u003a"}',
        '{"a":"\\u003a","a":1,"b":"\\u003a\\u003a"}',
        '{"a":{"b":[{"c":1,"c":2}]}}',
        '{"a":{"b":1,"b":2},"a":3}',
        '{"":1,"":2}',
        '{"\u00e9":1,"\\u00e9":2}',
        '{"\U0001f600":1,"\\ud83d\\ude00":2}',
        '{"a":null,"a":null}',
        '[{"a":{},"a":[]}]',
    ],
)
def test_a_name_that_stands_twice_in_one_object_is_refused_in_words(text):
    with pytest.raises(ValueError, match="stands twice in one object"):
        strict_json.decode(text.encode())


@pytest.mark.parametrize(
    "text",
    ['{"a":{"a":1}}', '[{"a":1},{"a":1}]', '{"a":"a:b","b":"::"}', '{"a":"\\"a\\":1","b":1}', '{"a":1,"A":2}', '":"'],
)
def test_the_same_name_in_two_objects_or_within_a_text_is_no_repeat(text):
    assert strict_json.decode(text.encode()) == json.loads(text)


def test_a_long_number_beside_an_escape_is_still_read_exactly():
    text = '{"note":"\\u00e9","price":100.050000000000000000000001,"whole":12345678901234567890123}'

    assert strict_json.decode(text)["price"] == Decimal("100.050000000000000000000001")


@given(VALUES, st.booleans())
def test_whatever_says_nothing_twice_is_read_as_it_is(value, ascii_only):
    assert strict_json.decode(json.dumps(value, ensure_ascii=ascii_only)) == value


@given(st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), st.booleans(), st.data())
def test_whatever_says_something_twice_is_refused(value, ascii_only, data):
    repeated = data.draw(st.sampled_from(sorted(value)))
    members = [json.dumps(name) + ":" + json.dumps(each, ensure_ascii=ascii_only) for name, each in value.items()]
    again = data.draw(st.integers(0, len(members)))
    members.insert(again, json.dumps(repeated, ensure_ascii=ascii_only) + ":" + json.dumps(data.draw(VALUES)))

    with pytest.raises(ValueError, match="stands twice"):
        strict_json.decode('{"in":[{' + ",".join(members) + "}]}")


@pytest.mark.parametrize(
    "number",
    [
        "1E9999999999999999999",
        "-1e-9999999999999999999",
        "1e999999999",
        "0E999999999",
        "0e-99999999999999999999",
        "1e401",
        "1." + "0" * 100,
        "9" * 100_000,
    ],
    ids=lambda number: number[:30],
)
def test_a_number_that_is_short_to_send_and_long_to_write_out_is_refused(number: str) -> None:
    with pytest.raises((msgspec.MsgspecError, ValueError)):
        strict_json.decode(f'{{"price": {number}}}')


@pytest.mark.parametrize("number", ["1e400", "-1.5E-60", "0.0", "1e0", "123456789012345678901234567890.5"])
def test_a_number_of_ordinary_size_is_read_exactly(number: str) -> None:
    assert strict_json.decode(f"[{number}]") == [Decimal(number)]
