from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from schemaproof.database import Database, unique_name
from schemaproof.rows import Filling, Guidance, fill
from schemaproof.server import Server
from tests.rows.worlds import WORLDS


@pytest.fixture
def connection(supabase_server: Server) -> Iterator["psycopg.Connection[Any]"]:
    """A superuser's connection to an empty database."""
    database = Database.create(supabase_server, unique_name("rows"))
    with database.connect() as opened:
        yield opened
    database.drop()


@pytest.fixture
def filled(connection: "psycopg.Connection[Any]") -> Callable[..., Filling]:
    """Run a schema's SQL and fill its schema public for two worlds."""

    def run(schema: str, guidance: Guidance | None = None, **options: Any) -> Filling:
        connection.execute(schema.encode())
        return fill(connection, ["public"], WORLDS, guidance, **options)

    return run
