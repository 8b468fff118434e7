"""Recognises a pooler that shares sessions, in front of a database that needs sessions of our own.

Locks, notices and settings belong to a session. Where PostgreSQL's sessions are lent for one transaction each, a relay
loses its lock to another one without a word, and statements have no time limit. It is refused before anything is made.
"""

from __future__ import annotations

import psycopg

from chassis.connections import connection_options
from chassis.settings import SettingsError

_REFUSED_BY_PGBOUNCER = "unsupported startup parameter"
_SESSION = "select pg_backend_pid(), inet_server_addr()::text, current_setting('statement_timeout')"


def connect_past_no_pooler(url: str) -> psycopg.Connection:
    """A connection to the database; SettingsError where a pooler is seen in between.

    Two connections that are open at once and have the same process over there share it: that is proof. A busy pooler
    may have given them two; then it is seen only if it also keeps our settings to itself, as PgBouncer does.
    """
    try:
        connection = psycopg.connect(**connection_options(url))
    except psycopg.OperationalError as error:
        if _REFUSED_BY_PGBOUNCER in str(error):
            raise _refusal("it refuses our settings") from error
        raise
    try:
        wanted = connection.execute(_SESSION).fetchone()
        with psycopg.connect(**connection_options(url)) as other:
            theirs = other.execute(_SESSION).fetchone()
        if wanted is None or theirs is None or wanted[:2] == theirs[:2]:
            raise _refusal("two connections were given one session")
        if "0" in (wanted[2], theirs[2]):
            raise _refusal("our settings do not reach PostgreSQL")
    except BaseException:
        connection.close()
        raise
    return connection


def _refusal(seen: str) -> SettingsError:
    return SettingsError(
        f"DATABASE_URL leads to a pooler that shares sessions ({seen}):"
        " name PostgreSQL itself, the exchange has pools of its own"
    )
