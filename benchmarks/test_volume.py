"""What making and loading volume costs over the server's own COPY, CREATE INDEX and ANALYZE of the same rows."""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemaproof.server.account import server_account
from schemaproof.session import Session
from schemaproof.volume import copy_stream, load, load_model, open_streams

MODEL = """
main = "public.messages"
until = 2026-11-01T00:00:00Z

[profiles]
400k = 400_000

[pools]
tenant = { format = "{{uuid4}}", size = 500 }
text = { format = "{{sentence}} {{sentence}}", size = 1000 } # 80 characters
document = { format = '{"campaign": "{{word}}", "language": "{{language_code}}"}', size = 500 }

[tables."public.messages"]
rows = { share = 1.0 }
[tables."public.messages".columns]
message_id = { uuid = true }
tenant_id = { pool = "tenant", skew = 0.8 }
phone_number = { template = "+4915{random:d8}" }
body = { pool = "text" }
metadata = { pool = "document", skew = 0.5 }
created_at = { arrival = ["-365 days", "0 days"] }
updated_at = { from = "created_at", plus = ["0 days", "2 days"] }
"""
TABLE = """
create table public.messages (
    message_id uuid not null, tenant_id uuid not null, phone_number text not null, body text not null,
    metadata jsonb not null, created_at timestamptz not null, updated_at timestamptz not null
)
"""
Connection = psycopg.Connection[Any]
Measure = Callable[..., None]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A directory that the server can write to and read from."""
    made, account = Path(tempfile.mkdtemp(prefix="volume-")), server_account()
    account.give(made)
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def test_generation_and_copy_against_copy_from_a_file(measure: Measure, session: Session, folder: Path) -> None:
    """At least 0.75 of the rows a second that the server reads from a file: no more than 1.33 times as long."""
    path = folder / "model.toml"
    path.write_text(MODEL)
    model, file = load_model(path), folder / "messages"
    with session.scratch(session.base) as database, database.connect() as connection:
        connection.execute(TABLE)
        with open_streams(database, model, "400k") as streams:
            stream = streams["public.messages"]
            names = ", ".join(column.name for column in stream.columns)
            copy_stream(connection, stream)
            connection.execute(f"copy public.messages ({names}) to '{file}' (format binary)".encode())

            def ours() -> None:
                connection.execute("truncate public.messages")
                copy_stream(connection, stream)

            def bare() -> None:
                connection.execute("truncate public.messages")
                connection.execute(f"copy public.messages ({names}) from '{file}' (format binary)".encode())

            measure(ours, bare, limit=1 / 0.75, pairs=15)


def test_a_million_messages_of_the_canonical_model_against_bare_statements(
    measure: Measure, session: Session, folder: Path
) -> None:
    """All tables, indexes, proofs and statistics; the floor reads the same rows from files, and proves nothing."""
    model = session.volume_model()
    tables = list(model.tables)
    with session.scratch(session.fresh) as source:
        load(source, model, "1M")
        with source.connect() as connection:
            for table in tables:
                connection.execute(f"copy {table} to '{folder / table}' (format binary)".encode())

    def ours() -> float:
        with session.scratch(session.fresh) as database:
            return _timed(lambda: load(database, model, "1M"))

    def bare() -> float:
        with session.scratch(session.fresh) as database, database.connect() as connection:
            indexes = _bare_tables(connection, tables)
            return _timed(lambda: _load_bare(connection, folder, tables, indexes))

    measure(ours, bare, limit=1.6, pairs=3)


def _bare_tables(connection: Connection, tables: list[str]) -> list[str]:
    """Drop constraints, indexes and triggers; return what makes the indexes."""
    connection.execute("create temporary table loaded as select unnest(%s::regclass[]) as oid", [tables])
    indexes = connection.execute("select pg_get_indexdef(indexrelid) from pg_index join loaded on oid = indrelid")
    statements = [row[0] for row in indexes]
    drops = connection.execute("""
        select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname)
        from pg_constraint where conrelid in (select oid from loaded) and contype in ('f', 'p', 'u')
        union all
        select format('alter table %s disable trigger user', oid::regclass) from loaded
    """).fetchall()
    others = """
        select 'drop index ' || indexrelid::regclass from pg_index where indrelid in (select oid from loaded)
    """
    for (statement,) in drops:
        with contextlib.suppress(psycopg.errors.UndefinedObject):  # gone with another one
            connection.execute(statement)
    for (statement,) in connection.execute(others).fetchall():
        connection.execute(statement)
    return statements


def _load_bare(connection: Connection, folder: Path, tables: list[str], indexes: list[str]) -> None:
    connection.execute("set maintenance_work_mem = '256MB'")
    for table in tables:
        connection.execute(f"copy {table} from '{folder / table}' (format binary)".encode())
    for statement in indexes:
        connection.execute(statement.encode())
    connection.execute(f"analyze {', '.join(tables)}".encode())


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
