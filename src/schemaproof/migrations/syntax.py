"""Has the server judge the grammar of every file before anything of them runs."""

from collections.abc import Iterable
from typing import Any

import psycopg

from schemaproof.migrations.connection import refuse_busy, speak_utf8
from schemaproof.migrations.failure import refused_by_server
from schemaproof.migrations.script import Migration, Script

__all__ = ["check_scripts", "check_syntax"]

_STOP = "select 1 operator(pg_catalog./) 0;\n"


def check_syntax(connection: psycopg.Connection[Any], migrations: Iterable[Migration]) -> None:
    """Refuse migrations and rollbacks that do not parse; nothing of them is executed.

    Raises:
        MigrationError: the first one that does not, with its place.
    """
    scripts = (script for migration in migrations for script in (migration.script, migration.undo) if script)
    check_scripts(connection, scripts)


def check_scripts(connection: psycopg.Connection[Any], scripts: Iterable[Script]) -> None:
    """Refuse the first script that does not parse."""
    refuse_busy(connection)
    speak_utf8(connection)
    for script in scripts:
        _ = script.statements  # refuses what only psql understands by its name
        _check(connection, script)


def _check(connection: psycopg.Connection[Any], script: Script) -> None:
    """Send a division by zero with the file behind it, as one simple query.

    The server parses the whole string before it executes the first statement of it ("Multiple Statements in a Simple
    Query" in the protocol's manual), so the division fails if, and only if, the file's grammar is right.
    """
    try:
        connection.execute((_STOP + script.text).encode())
    except psycopg.errors.DivisionByZero:
        return
    except psycopg.Error as error:
        raise refused_by_server(error, script, None, start=len(_STOP)) from error
