"""Runs on a server that stays: each holds a lock while it lives, and the databases of those that were killed go."""

import contextlib
import secrets
from collections.abc import Iterable

import psycopg

from schemaproof.database import NAME_FORM, Database
from schemaproof.server import Server

__all__ = ["Claim", "drop_leftovers", "new_run"]

# An advisory lock of two keys: this one, and the run's id. It ends with its session, however that ends.
_LOCK_CLASS = int.from_bytes(b"schm", "big")
_CLAIM = """
select
    set_config('application_name', 'schemaproof run ' || %(run)s, false),
    set_config('idle_session_timeout', '0', false),
    pg_advisory_lock(%(class)s, %(key)s)
"""
_OF_RUN = "select datname::text from pg_database where substring(datname from %(form)s) = %(run)s"
# A run takes its lock before it makes a database, and pg_locks is read after the names: a name whose run has no lock is
# a dead run's. pg_locks shows the locks of all databases, so that the DSNs of two runs may name different ones.
_LEFT = """
select datname::text
from pg_database
where datname ~ %(form)s
    and not exists (
        select
        from pg_locks
        where locktype = 'advisory' and objsubid = 2 and classid = %(class)s
            and objid = ('x' || substring(datname from %(form)s))::bit(32)::bigint::oid
    )
"""


def new_run() -> str:
    """Return the id of a new run, as its databases' names hold it: 8 hexadecimal digits."""
    return secrets.token_hex(4)


class Claim:
    """The lock of `run` on `server`: until it is closed, no other run drops the run's databases."""

    def __init__(self, server: Server, run: str) -> None:
        self._server = server
        self._run = run
        self._connection = server.connect()
        key = int.from_bytes(bytes.fromhex(run), "big", signed=True)
        self._connection.execute(_CLAIM, {"run": run, "class": _LOCK_CLASS, "key": key})

    def close(self) -> None:
        """Drop every database of the run, those of its processes that were killed too, and give up the lock."""
        with self._connection as connection:
            _drop(self._server, _names(connection, _OF_RUN, {"form": NAME_FORM, "run": self._run}))


def drop_leftovers(server: Server) -> None:
    """Drop the databases of runs that have ended without doing so; never a running run's, nor one of another name."""
    with server.connect() as connection:
        _drop(server, _names(connection, _LEFT, {"form": NAME_FORM, "class": _LOCK_CLASS}))


def _names(connection: "psycopg.Connection[tuple[str]]", query: str, values: dict[str, object]) -> list[str]:
    return [name for (name,) in connection.execute(query, values)]


def _drop(server: Server, names: Iterable[str]) -> None:
    for name in names:
        # A subscription or a prepared transaction in it keeps it: it is no reason to refuse the run.
        with contextlib.suppress(psycopg.errors.ObjectInUse):
            Database(server, name).drop()
