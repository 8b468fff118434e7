"""An order desk on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stock_ordering.settings import Settings
from tests.stock_ordering.desk import Desk


@pytest.fixture
def desk(fresh_database_url: str) -> Iterator[Desk]:
    desk = Desk(fresh_database_url, Settings(largest_wait_s=5.0))
    yield desk
    desk.database.close()
