"""Opening servers and databases of the platform, and asking single statements of them."""

import psycopg

from schemaproof.database import Database, unique_name
from schemaproof.platform import load_platform
from schemaproof.server import Server

SUPABASE = load_platform("supabase")


def installed(server: Server) -> Database:
    database = Database.create(server, unique_name("platform"), owner="postgres")
    with database.connect() as connection:
        SUPABASE.install(connection)
    return database


def sqlstate(connection: psycopg.Connection, statement: str, *values: object) -> str | None:
    """What a statement fails with, None when it passes; its effects stay only then."""
    try:
        with connection.transaction():
            connection.execute(statement, values)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def value(connection: psycopg.Connection, query: str, *values: object) -> object:
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return row[0]
