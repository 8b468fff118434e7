"""A PostgreSQL of the exchange's own: nothing to install, nothing to configure, data in one folder."""

from standalone.embedded_postgres.refusal import PostgresRefused
from standalone.embedded_postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "PostgresRefused"]
