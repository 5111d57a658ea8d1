"""The data that queries are measured on: a profile of the volume's model, or the sample; loaded once, then copied."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from schemaproof.database import Database, unique_name
from schemaproof.session import Session

__all__ = ["SAMPLE", "Data", "load_data"]

# The profile that is the project's sample data.
SAMPLE = "sample"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_SIZE = """
    select coalesce(sum(greatest(reltuples, 0)), 0)::bigint, pg_database_size(current_database())
    from pg_class where relkind = 'r' and relnamespace::regnamespace::text = any (%s)
"""
_TABLES = """
    select relnamespace::regnamespace || '.' || relname, greatest(reltuples, 0)::bigint
    from pg_class where relkind = 'r' and relnamespace::regnamespace::text = any (%s) order by 1
"""
# By the server's clock, which the queries' now() goes by.
_PRESENT = "select date_trunc('day', now(), 'UTC') - interval '1 hour'"
# What neither the model nor autovacuum has looked at: the planner would guess at ten pages.
_UNKNOWN = """
    select format('%I.%I', relnamespace::regnamespace::text, relname)
    from pg_class where relkind = 'r' and reltuples < 0 and relnamespace >= 2200
"""


@dataclass(frozen=True)
class Data:
    """A profile's rows in a database that is only copied.

    Args:
        until: the data's present; the model's times are moved so that it is an hour before the day of the load, in UTC.
        rows: of each table.
    """

    session: Session
    template: Database
    profile: str
    seed: int
    until: datetime
    rows: Mapping[str, int]
    bytes: int
    seconds: float

    @property
    def total(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """Lend a copy, and drop it afterwards."""
        name = unique_name("measured", run=self.session.run)
        database = Database.create(self.session.server, name, template=self.template.name)
        try:
            yield database
        finally:
            database.drop()


def load_data(session: Session, profile: str, *, seed: int, tell: Callable[[str], None]) -> Data:
    """Load a profile into a database of the session.

    Queries speak of now(): were the data to lie where the model puts it, their plans would change with the calendar.
    They speak of days too, and of the last hour: were the data to end at any hour, what these hold would change with
    the clock.

    Raises:
        UsageError: no such profile, or a model of the volume that breaks a constraint.
    """
    started, until = time.perf_counter(), _present(session)
    database = session.sampled() if profile == SAMPLE else _loaded(session, profile, seed, until, tell)
    with database.connect() as connection:
        for (name,) in connection.execute(_UNKNOWN).fetchall():
            connection.execute(f"analyze {name}".encode())
        rows: dict[str, int] = dict(connection.execute(_TABLES, [list(session.target.schemas)]).fetchall())
        found = connection.execute(_SIZE, [list(session.target.schemas)]).fetchone()
    assert found is not None
    return Data(session, database, profile, seed, until, rows, found[1], round(time.perf_counter() - started, 3))


def _present(session: Session) -> datetime:
    with session.server.connect() as connection:
        row = connection.execute(_PRESENT).fetchone()
    assert row is not None
    found: datetime = row[0]
    return found.astimezone(UTC)


def _loaded(session: Session, profile: str, seed: int, until: datetime, tell: Callable[[str], None]) -> Database:
    model = session.volume_model()
    model.main_rows(profile)  # refuses an unknown one before anything is made
    from schemaproof.volume import load  # here: it needs numpy

    moment = round((until - _EPOCH).total_seconds() * 1_000_000)
    database = session.fresh()
    load(
        database,
        replace(model, until=moment),
        profile,
        seed=seed,
        progress=lambda what, done, of: tell(f"{profile}: {what} {done:,} of {of:,}"),
    )
    return database
