"""What people can see of a text."""

from __future__ import annotations

import unicodedata

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for first, last in ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for code in range(first, last + 1)
}
"""Marks, letters and symbols in Unicode's books that show nothing, or only change what stands before them."""


def is_visible(character: str) -> bool:
    """Whether it shows something: not white space, no control or format character, not unassigned or private."""
    return character.isprintable() and character != " " and character not in _BLANK


def is_plain(text: str) -> bool:
    """Whether people see all of it: visible characters and single spaces between them, no mark without its letter.

    Two texts that look alike and are not, or one that turns round what is written beside it, deceive their readers.
    """
    words = text.split(" ")
    return all(map(is_visible, text.replace(" ", ""))) and all(
        word and not unicodedata.category(word[0]).startswith("M") for word in words
    )


def visible_length(text: str) -> int:
    """How many characters people see; a space between two words is one, however long, and none at the ends."""
    shown = "".join(character for character in text if is_visible(character) or character.isspace())
    return len(" ".join(shown.split()))
