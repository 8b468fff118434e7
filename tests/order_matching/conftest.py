"""Looks inside every book a test has made, after the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from order_matching.domain.book import Book
from tests.order_matching.builders import assert_valid


@pytest.fixture(autouse=True)
def _every_book_stays_valid(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Off for tests marked as doing their own looking."""
    made: list[Book] = []
    born = Book.__init__

    def note(book: Book, *args: Any, **kwargs: Any) -> None:
        born(book, *args, **kwargs)
        made.append(book)

    monkeypatch.setattr(Book, "__init__", note)
    yield
    for book in made:
        assert_valid(book)
