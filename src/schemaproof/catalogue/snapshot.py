"""Take the snapshot of a database: the sections under `sql/`, joined into one statement."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from schemaproof.catalogue.grants import spell_out
from schemaproof.catalogue.model import Catalogue, Json, ObjectKey

__all__ = ["take_catalogue"]

# Names are written qualified whatever the session's search_path, and values as in every other session. JIT would
# spend a second on compiling a query that runs for milliseconds.
_SETTINGS = {
    "search_path": "pg_catalog, pg_temp",
    "jit": "off",
    "quote_all_identifiers": "off",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "3",
    "bytea_output": "hex",
}
_JOBS_READABLE = """
    select c.oid is not null and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
    from pg_catalog.pg_namespace as n
    join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = 'job'
    where n.nspname = 'cron'
"""


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
    # A savepoint that is rolled back takes the settings with it; one that is released would leave them.
    with connection.transaction(force_rollback=True), psycopg.RawCursor(connection, row_factory=tuple_row) as cursor:
        if idle:
            cursor.execute("set transaction isolation level repeatable read")
        cursor.execute(_set_locally())
        scope = list(schemas) if schemas is not None else None
        rows = cursor.execute(_statement(connection.info.server_version), [scope]).fetchall()
        if scope is None and cursor.execute(_JOBS_READABLE).fetchone() == (True,):
            rows += cursor.execute(_section("_cron")).fetchall()
    return Catalogue(dict(_objects(rows)))


def _objects(rows: Iterable[tuple[str, str, dict[str, Json]]]) -> Iterator[tuple[ObjectKey, dict[str, Json]]]:
    for kind, name, columns in rows:
        properties: dict[str, Json] = {column: value for column, value in columns.items() if value is not None}
        if "grants" in properties:
            properties["grants"] = list(spell_out(tuple(cast(list[str], properties["grants"]))))
        yield ObjectKey(kind, name), properties


@lru_cache
def _set_locally() -> str:
    calls = [f"pg_catalog.set_config('{name}', '{value}', true)" for name, value in _SETTINGS.items()]
    return "select " + ", ".join(calls)


@lru_cache
def _statement(version: int) -> str:
    names = sorted(
        path.name.removesuffix(".sql")
        for path in (files(__package__) / "sql").iterdir()
        if path.name.endswith(".sql") and not path.name.startswith("_")
    )
    sections = [text for text in map(_section, names) if _applies(text, version)]
    return _section("_scope") + "\nunion all\n".join(sections)


@lru_cache
def _section(name: str) -> str:
    return (files(__package__) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def _applies(section: str, version: int) -> bool:
    """Tell whether a section is for this server: its first line may say `-- since N` or `-- before N`."""
    words = section.split("\n", 1)[0].split()
    if words[1] == "since":
        return version >= int(words[2])
    return words[1] != "before" or version < int(words[2])
