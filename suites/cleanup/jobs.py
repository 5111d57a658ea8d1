"""How the cleanup suites run jobs and read what the jobs logged."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from fixtures.row import Row
from schemaproof.database import Database
from suites.dictionary.declared import table, tables
from suites.waiting import await_value

__all__ = [
    "Connection",
    "batch",
    "call",
    "gate",
    "keys",
    "problems",
    "purged_tables",
    "runs",
    "value",
]

Connection = psycopg.Connection[Any]
_GATE = 4711


def batch(db: Connection, job: str, *, size: int | None = None) -> tuple[int, bool]:
    """Run one batch in the caller's transaction, whose now() counts: rows affected, and whether it was the last."""
    statement = sql.SQL(
        "select b.affected, b.is_last from private.jobs as j,"
        " lateral private.{}(jsonb_populate_record(j, jsonb_strip_nulls(%s)), null) as b where j.job_name = %s"
    ).format(sql.Identifier(f"{job}_batch"))
    (affected, is_last), *_ = db.execute(statement, [Jsonb({"batch_size": size}), job]).fetchall()
    return affected, is_last


def value(connection: Connection, query: LiteralString, *parameters: object) -> Any:
    """Return the only value of a query's only row."""
    ((found,),) = connection.execute(query, parameters or None).fetchall()
    return found


def call(connection: Connection, job: str, size: int | None = None) -> None:
    """Call a job's procedure, as pg_cron does, outside a transaction."""
    connection.execute(sql.SQL("call private.{}({})").format(sql.Identifier(job), sql.Literal(size)))


def runs(connection: Connection, job: str) -> list[Row]:
    """Return the job's runs in the order of their start."""
    return (
        connection.cursor(row_factory=dict_row)
        .execute("select * from private.job_runs where job_name = %s order by job_run_id", [job])
        .fetchall()
    )


def problems(connection: Connection) -> dict[tuple[str, str], Any]:
    """Return since when each job has each problem, by job and problem."""
    found = connection.execute("select job_name, problem, since from public.job_problems()")
    return {(job, problem): since for job, problem, since in found}


def purged_tables() -> list[str]:
    """Return the declared tables whose rows are deleted softly, so for good some time later."""
    return [name for name in tables() if "deletion_id" in table(name).columns]


def keys(db: Connection, name: str, where: LiteralString = "true", *parameters: object) -> set[tuple[Any, ...]]:
    """Return the primary keys of a table's rows."""
    columns = sql.SQL(", ").join(map(sql.Identifier, table(name).primary_key))
    statement = sql.SQL("select {} from {} where ").format(columns, sql.Identifier(*name.split("."))) + sql.SQL(where)
    return set(db.execute(statement, parameters or None).fetchall())


@contextmanager
def gate(database: Database, name: str, where: LiteralString) -> Iterator[Callable[[int], None]]:
    """Hold up whoever deletes a row of table `name` that is `where`, until the block ends.

    Yields a function that waits until `n` sessions are held up.
    """
    with database.connect() as keeper:
        keeper.execute("select pg_advisory_lock(%s)", [_GATE])
        keeper.execute(
            sql.SQL(
                "create function public.wait_at_gate() returns trigger language plpgsql as"
                " 'begin perform pg_advisory_xact_lock_shared({}); return old; end'"
            ).format(_GATE)
        )
        keeper.execute(
            sql.SQL(
                "create trigger gate before delete on {} for each row when ({}) execute function public.wait_at_gate()"
            ).format(sql.Identifier(*name.split(".")), sql.SQL(where))
        )

        def held(count: int) -> None:
            waiting = "select count(*) = %s from pg_locks where locktype = 'advisory' and objid = %s and not granted"
            await_value(keeper, waiting, count, _GATE)

        yield held
