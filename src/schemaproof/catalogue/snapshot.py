"""Take the snapshot of a database: one statement, made of the sections for what there is to see."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from schemaproof.catalogue.grants import spell_out
from schemaproof.catalogue.model import Catalogue, Json, ObjectKey
from schemaproof.catalogue.sections import presence, statement

__all__ = ["take_catalogue"]

# Names are written qualified whatever the session's search_path, and values as in every other session. The statement
# is long and its joins stand in a good order: JIT and the search for another order would take longer than the answer.
_SETTINGS = {
    "search_path": "pg_catalog, pg_temp",
    "jit": "off",
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "quote_all_identifiers": "off",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "3",
    "bytea_output": "hex",
}
_SET_LOCALLY = "select " + ", ".join(
    f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items()
)


def take_catalogue(connection: psycopg.Connection[Any], *, schemas: Sequence[str] | None = None) -> Catalogue:
    """Take one consistent snapshot of the connection's database.

    The session is left as it was: in a transaction or not, with autocommit or without. What the connection's role may
    not read (cron jobs, options of user mappings) is absent: connect as a superuser for the whole of it.

    Args:
        connection: to a PostgreSQL of version 14 to 18.
        schemas: look only at what lives in these schemas; roles, extensions, publications, the database itself and
            whatever else has no schema are then left out. None: everything but PostgreSQL's own schemas.
    """
    idle = connection.info.transaction_status == TransactionStatus.IDLE
    version = connection.info.server_version
    # A savepoint that is rolled back takes the settings with it; one that is released would leave them.
    with connection.transaction(force_rollback=True), psycopg.RawCursor(connection, row_factory=tuple_row) as cursor:
        if idle:
            cursor.execute("set transaction isolation level repeatable read")
        cursor.execute(_SET_LOCALLY)
        present = cursor.execute(presence(version)).fetchone() or ()
        rows = cursor.execute(statement(version, present), [None if schemas is None else list(schemas)]).fetchall()
    return Catalogue(dict(_objects(rows)))


def _objects(rows: Iterable[tuple[str, str, dict[str, Json]]]) -> Iterator[tuple[ObjectKey, dict[str, Json]]]:
    for kind, name, properties in rows:
        if "grants" in properties:
            properties["grants"] = list(spell_out(tuple(cast(list[str], properties["grants"]))))
        yield ObjectKey(kind, name), properties
