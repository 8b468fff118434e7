"""A PostgreSQL of the exchange's own: nothing to install, nothing to configure, data in one folder."""

from standalone.embedded_postgres.refusal import PostgresGone, PostgresRefused
from standalone.embedded_postgres.server import EmbeddedPostgres
from standalone.embedded_postgres.watchdog import Watchdog

__all__ = ["EmbeddedPostgres", "PostgresGone", "PostgresRefused", "Watchdog"]
