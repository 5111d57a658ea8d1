from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from schemaproof.database import Database, unique_name
from schemaproof.server import Server
from schemaproof.surface import read_relations, read_routines
from schemaproof.tenancy import Discovery, discover

# The platform's functions that tell who is asking: their bodies need no reading.
_PLATFORM = """
    create schema auth;
    create table auth.users (id uuid primary key);
    create function auth.uid() returns uuid stable language sql as 'select null::uuid';
    create function auth.jwt() returns jsonb stable language sql as 'select null::jsonb';
"""


@pytest.fixture(scope="session")
def empty(supabase_server: Server) -> Iterator["psycopg.Connection[Any]"]:
    """A superuser's connection to a database with nothing but the platform's functions."""
    database = Database.create(supabase_server, unique_name("tenancy"))
    with database.connect() as connection:
        connection.execute(_PLATFORM.encode())
        yield connection
    database.drop()


@pytest.fixture
def discovered(empty: "psycopg.Connection[Any]") -> Callable[..., Discovery]:
    """Make a schema in `public` and read how its tenants are told apart; nothing of it stays."""

    def read(schema: str, **settings: Any) -> Discovery:
        with empty.transaction(force_rollback=True):
            empty.execute(schema.encode())
            relations = read_relations(empty, ["public", "auth"], ["authenticated"])
            routines = read_routines(empty, ["public"], ["authenticated"])
        return discover(relations, routines, ["public"], **settings)

    return read


@pytest.fixture
def policy(discovered: Callable[..., Discovery]) -> Callable[..., Discovery]:
    """Read one policy of a table of notes, beside whatever else is there."""

    def read(expression: str, *, before: str = "") -> Discovery:
        columns = "id uuid, tenant_id uuid, owner text, doc jsonb, hidden boolean, ends_at timestamptz"
        return discovered(f"create table notes ({columns});{before};create policy p on notes using ({expression})")

    return read
