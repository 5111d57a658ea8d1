"""Samples who waits for a lock, for which, and what the one that holds it was doing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from schemaproof.database import Database
from schemaproof.locks.polling import polled

__all__ = ["Wait", "sampling"]

_PAUSE_SECONDS = 0.004
_WAITS = """
    select l.pid, l.mode, coalesce(format('%%I.%%I', n.nspname, c.relname), l.locktype), b.query
    from pg_catalog.pg_locks as l
    join pg_catalog.pg_stat_activity as b on b.pid = any (pg_catalog.pg_blocking_pids(l.pid))
    left join pg_catalog.pg_class as c on c.oid = l.relation
    left join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where not l.granted and b.pid = %s
"""


@dataclass(frozen=True)
class Wait:
    """A backend that was seen waiting for what another holds, or waits for before it."""

    pid: int
    at: float
    mode: str
    relation: str
    behind: str


@contextmanager
def sampling(database: Database, holder: int) -> Iterator[list[Wait]]:
    """Lend the list of who was seen waiting behind the backend `holder` during the block."""
    seen: list[Wait] = []
    with database.connect() as connection:

        def look() -> None:
            at = time.monotonic()
            seen.extend(Wait(pid, at, *rest) for pid, *rest in connection.execute(_WAITS, (holder,)))

        with polled(look, pause=_PAUSE_SECONDS):
            yield seen
