"""Looks inside every book a test has made, after the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from order_matching.domain.book import Book
from tests.order_matching.builders import assert_valid
from tests.order_matching.rig import Rig, build_rig, listed


@pytest.fixture(autouse=True)
def _every_book_stays_valid(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:

    made: list[Book] = []
    born = Book.__init__

    def note(book: Book, *args: Any, **kwargs: Any) -> None:
        born(book, *args, **kwargs)
        made.append(book)

    monkeypatch.setattr(Book, "__init__", note)
    yield
    for book in made:
        assert_valid(book)


@pytest.fixture
def build(fresh_database_url: str) -> Iterator[Callable[..., Rig]]:
    """Builds a replica with these settings; called again it is another one on the same database."""
    built: list[Rig] = []

    def make(**settings: Any) -> Rig:
        built.append(build_rig(fresh_database_url, **settings))
        return built[-1]

    yield make
    for rig in built:
        rig.database.close()


@pytest.fixture
def rig(build: Callable[..., Rig]) -> Rig:
    """One replica; AAPL is listed and nobody has traded yet."""
    made = build()
    made.hear(listed())
    return made
