"""Where the databases of a running exchange are, for the tools that look at them from outside."""

from __future__ import annotations

import os
from pathlib import Path

from standalone.embedded_postgres import EmbeddedPostgres

SERVICES = ("user_accounts", "user_portfolio", "stock_data", "stock_ordering", "order_matching")
"""Every service that has a database, which has its name."""


def data_folder() -> Path:
    """The folder DATA names, where `make run` keeps everything."""
    return Path(os.environ.get("DATA", "data")).resolve()


def url_of(service: str) -> str:
    """A service's database: DATABASE_URL_<SERVICE> where it is set, the data folder's otherwise."""
    return os.environ.get(f"DATABASE_URL_{service.upper()}") or EmbeddedPostgres(data_folder()).url(service)
