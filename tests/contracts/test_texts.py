"""What people cannot see is not taken for a text."""

from __future__ import annotations

import pytest

from contracts.texts import is_plain, visible_length


@pytest.mark.parametrize(
    "text", ["a", "my bot", "naïve", "e\u0301t\u00e9", "株式", "order-1:2/3", "100 %", "🚀", "שלום"]
)
def test_what_people_see_is_plain(text):
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "  ", " a", "a ", "a  b", "a\tb", "a\nb", "a\u00a0b", "a\u2003b", "a\u2028b"],
        *["a\u200bb", "a\u200db", "a\u2060b", "\ufeffa", "a\u00adb", "a\u034fb"],
        *["a\u202eb", "a\u2066b", "\u200fa", "a\u061cb"],
        *["\u0301", "a \u0301b", "\u3164", "\u115fa", "\u2800", "a\ufe0fb", "a\U000e0100"],
        *["a\u0000b", "a\u007fb", "a\u0085b", "a\ue000b", "a\U000f0000", "a\u0378b", "a\uffffb", "a\ud800b"],
        *["a\U000e0041b"],
    ],
)
def test_what_hides_something_is_not(text):
    assert not is_plain(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("          ", 0),
        ("\u200b" * 10, 0),
        ("\u3164" * 10, 0),
        ("\u0000" * 10, 0),
        ("a         b", 3),
        (" correct horse ", 13),
        ("pass\u200bword", 8),
        ("p\u00e4ssw\u00f6rter", 10),
    ],
)
def test_only_what_is_seen_counts_as_long(text, length):
    assert visible_length(text) == length
