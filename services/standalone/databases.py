"""Where the databases of a running exchange are, for the tools that look at them from outside."""

from __future__ import annotations

import os
from pathlib import Path

from standalone.embedded_postgres import EmbeddedPostgres
from standalone.stack_file import read_stack

SERVICES = ("user_accounts", "user_portfolio", "stock_data", "stock_ordering", "order_matching")
"""Every service that has a database, which has its name."""


def data_folder() -> Path:
    """The folder DATA names, where `make run`, or `make stack`, keeps everything."""
    return Path(os.environ.get("DATA", "data")).resolve()


def url_of(service: str) -> str:
    """A service's database: DATABASE_URL_<SERVICE> where it is set, or what the folder's stack uses, or its own."""
    named = os.environ.get(f"DATABASE_URL_{service.upper()}")
    if named:
        return named
    stack = read_stack(data_folder())
    return str(stack["databases"][service]) if stack else EmbeddedPostgres(data_folder()).url(service)


def broker_url() -> str:
    """The broker between the services: RABBITMQ_URL, or the one of the folder's stack; empty in one process."""
    stack = read_stack(data_folder())
    return os.environ.get("RABBITMQ_URL") or (str(stack["rabbitmq_url"]) if stack else "")
