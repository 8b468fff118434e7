"""All SQL of user_portfolio: the unit that takes facts in, and the reader behind the API."""

from user_portfolio.store.reading import StoreReader
from user_portfolio.store.unit import Store

__all__ = ["Store", "StoreReader"]
