"""A server of each kind that can be had, with the database of base.sql on it."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from schemaproof.server import Server, ServerSpec
from tests.installed import open_or_skip

BASE = "base"
BASE_SQL = Path(__file__).with_name("base.sql").read_text(encoding="utf-8")
ROLES = """
    create role base_owner;
    create role base_reader;
    create role base_writer;
    grant base_owner to base_reader;
"""


@pytest.fixture(scope="session", params=["embedded", "system"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    opened = open_or_skip(ServerSpec(kind=request.param))
    with opened as running:
        with running.connect() as connection:
            connection.execute(ROLES)
            connection.execute(f"create database {BASE}")
        with running.connect(BASE) as connection:
            connection.execute(BASE_SQL)
        yield running


@pytest.fixture(scope="session")
def base_connection(server: Server) -> Iterator[psycopg.Connection]:
    with server.connect() as connection:  # a clone of its own: nobody may be connected to a template
        connection.execute(f"create database rolled_back template {BASE}")
    with server.connect("rolled_back", autocommit=False) as connection:
        yield connection


@pytest.fixture
def base(base_connection: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """In a transaction that is rolled back."""
    yield base_connection
    base_connection.rollback()
