"""An empty database, owned by a role that is no superuser, on a server of each kind that can be had."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg
import pytest

from schemaproof.database import Database, unique_name
from schemaproof.migrations import Migration, read_migrations
from schemaproof.server import Server, ServerSpec
from tests.installed import open_or_skip

MIGRATOR = "postgres"
Project = Callable[..., tuple[Migration, ...]]


@pytest.fixture(scope="session", params=["embedded", "system"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    opened = open_or_skip(ServerSpec(kind=request.param))
    with opened as running:
        with running.connect() as connection:
            connection.execute(f"create role {MIGRATOR} login createdb createrole bypassrls")
            connection.execute(f"create role helper; grant helper to {MIGRATOR}")
        yield running


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    made = Database.create(server, unique_name("migrations"), owner=MIGRATOR)
    yield made
    made.drop()


@pytest.fixture
def connection(database: Database) -> Iterator[psycopg.Connection]:
    with database.connect(role=MIGRATOR) as opened:
        yield opened


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Write migrations, and rollbacks if any are given, and read them."""

    def write(files: Mapping[str, str | bytes], rollbacks: Mapping[str, str] | None = None) -> tuple[Migration, ...]:
        folder = fill(tmp_path / "migrations", files)
        if rollbacks is not None:
            fill(tmp_path / "rollbacks", rollbacks)
        return read_migrations(folder)

    return write


def fill(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def tables(connection: psycopg.Connection) -> set[str]:
    """Names of the tables in `public`."""
    query = "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
    return {name for (name,) in connection.execute(query)}


def ledger(connection: psycopg.Connection) -> list[tuple[str, str, list[str]]]:
    """Rows of the ledger, none where there is no ledger."""
    if connection.execute("select to_regclass('supabase_migrations.schema_migrations')").fetchone() == (None,):
        return []
    query = "select version, name, statements from supabase_migrations.schema_migrations order by version"
    return connection.execute(query).fetchall()
