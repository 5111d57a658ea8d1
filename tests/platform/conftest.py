"""The supabase platform on each kind of server that can be had."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from schemaproof.database import Database, unique_name
from schemaproof.server import Server, ServerSpec
from tests.installed import open_or_skip
from tests.platform.statements import SUPABASE, installed


@pytest.fixture(scope="session", params=["embedded", "system"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with open_or_skip(ServerSpec(kind=request.param, extensions=SUPABASE.extensions)) as running:
        with running.connect() as connection:
            SUPABASE.create_roles(connection)
        yield running


@pytest.fixture(scope="session")
def template(server: Server) -> Database:
    return installed(server)


@pytest.fixture
def database(template: Database) -> Iterator[Database]:
    """A database of the test's own."""
    clone = Database.create(template.server, unique_name("test"), template=template.name)
    yield clone
    clone.drop()


@pytest.fixture
def session(template: Database) -> Iterator[Callable[[str], psycopg.Connection]]:
    """Log in as a role, in a transaction that is rolled back."""
    connections: list[psycopg.Connection] = []

    def log_in(role: str) -> psycopg.Connection:
        connection = template.connect(role=role, autocommit=False)
        # Opens the transaction, so that what follows are savepoints. Two sessions must not wait for each other.
        connection.execute("set lock_timeout = '5s'")
        connections.append(connection)
        return connection

    yield log_in
    for connection in connections:
        connection.rollback()
        connection.close()


@pytest.fixture
def migrator(session: Callable[[str], psycopg.Connection]) -> psycopg.Connection:
    """The non-superuser postgres, in a transaction that is rolled back."""
    return session("postgres")


@pytest.fixture
def superuser(session: Callable[[str], psycopg.Connection]) -> psycopg.Connection:
    """The superuser, in a transaction that is rolled back."""
    return session("supabase_admin")
