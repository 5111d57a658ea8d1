"""Readers and writers that ask tables by their keys, and remember which queries were slow and which refused."""

import itertools
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from schemaproof.database import Database
from schemaproof.locks.model import Relation
from schemaproof.locks.probe import Connection

__all__ = ["Query", "Refusal", "Slow", "Worker", "queries_of", "working"]

_COLUMNS = """
    select array(
            select a.attname::text from unnest(i.indkey::int2[]) with ordinality as k (number, place)
            join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number order by k.place
        ),
        array(
            select a.attname::text from pg_attribute as a
            where a.attrelid = i.indrelid and a.attnum > 0 and not a.attisdropped order by a.attnum
        ),
        array(
            select a.attname::text from pg_attribute as a
            where a.attrelid = i.indrelid and a.attnum > 0 and not a.attisdropped
              and a.attgenerated = '' and a.attidentity <> 'a' and a.attnum <> all (i.indkey::int2[]) order by a.attnum
        )
    from pg_index as i
    where i.indrelid = %s and i.indisprimary
"""
_KEYS = 100


@dataclass(frozen=True)
class Query:
    """A query of a table by its key, as an application keeps it prepared; `keys` are of rows that are there."""

    table: str
    action: str
    text: sql.Composed
    keys: Sequence[tuple[object, ...]]


@dataclass(frozen=True)
class Slow:
    """A query that was answered: whose, when, for how long (in seconds of one clock)."""

    query: Query
    pid: int
    started: float
    seconds: float


@dataclass(frozen=True)
class Refusal:
    """A query that was refused."""

    query: Query
    sqlstate: str
    message: str
    at: float


@dataclass
class Worker:
    """One client on a connection of its own; it goes on after a refusal, as a service does."""

    connection: Connection
    queries: Sequence[Query]
    done: int = 0
    slow: list[Slow] = field(default_factory=list)
    refusals: dict[tuple[str, str, str], Refusal] = field(default_factory=dict)

    @property
    def is_there(self) -> bool:
        """Whether its connection is."""
        return not self.connection.closed

    def ask(self, number: int) -> None:
        """Send the next query."""
        query = self.queries[number % len(self.queries)]
        key = query.keys[number % len(query.keys)]
        started = time.monotonic()
        try:
            self.connection.execute(query.text, key, prepare=True)
        except psycopg.Error as error:
            if self.connection.closed:
                raise
            found = Refusal(query, error.sqlstate or "", str(error).splitlines()[0], started)
            self.refusals.setdefault((query.table, query.action, found.sqlstate), found)
        seconds = time.monotonic() - started
        self.slow = sorted((*self.slow, Slow(query, self.connection.info.backend_pid, started, seconds)), key=_seconds)[
            -5:
        ]
        self.done += 1

    def forget(self) -> None:
        """Start anew to remember."""
        self.done, self.slow, self.refusals = 0, [], {}


def queries_of(connection: Connection, tables: Sequence[Relation]) -> Mapping[str, list[Query]]:
    """Return a query that reads and one that writes each table with a primary key and rows, but for refused ones."""
    found: dict[str, list[Query]] = {"select": [], "update": []}
    for table in tables:
        row = connection.execute(_COLUMNS, (table.oid,)).fetchone()
        if row is None:
            continue
        key, columns, written = row
        name = sql.SQL(table.name)
        picked = sql.SQL("select {} from {} limit {}").format(_list(key), name, sql.Literal(_KEYS))
        keys = connection.execute(picked).fetchall()
        where = sql.SQL(" and ").join(sql.SQL("{} = %s").format(sql.Identifier(each)) for each in key)
        same = sql.SQL(", ").join(sql.SQL("{0} = {0}").format(sql.Identifier(each)) for each in written or key)
        texts = {
            "select": sql.SQL("select {} from {} where {}").format(_list(columns), name, where),
            "update": sql.SQL("update {} set {} where {}").format(name, same, where),
        }
        for action, text in texts.items():
            if keys and _works(connection, text, keys[0]):
                found[action].append(Query(table.name, action, text, keys))
    return found


@contextmanager
def working(database: Database, queries: Mapping[str, list[Query]], clients: int) -> Iterator[list[Worker]]:
    """Have `clients` readers and as many writers work during the block."""
    stop = threading.Event()
    workers = [Worker(database.connect(), asked) for asked in queries.values() if asked for _ in range(clients)]
    threads = [threading.Thread(target=_work, args=(worker, stop), daemon=True) for worker in workers]
    for thread in threads:
        thread.start()
    try:
        yield workers
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for worker in workers:
            worker.connection.close()


def _work(worker: Worker, stop: threading.Event) -> None:
    for number in itertools.count():
        if stop.wait(0.001):
            return
        worker.ask(number)


def _works(connection: Connection, text: sql.Composed, key: tuple[object, ...]) -> bool:
    try:
        connection.execute(text, key)
    except psycopg.Error:
        return False
    return True


def _list(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _seconds(slow: Slow) -> float:
    return slow.seconds
