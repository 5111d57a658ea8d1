"""Deleting and restoring by the API's functions, and every row of a tenant before and after."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from schemaproof.identity import Identity, member, service
from suites.dictionary.declared import table, tables

__all__ = ["DELETABLE", "PUBLIC", "deleter", "id_column", "live_row", "live_rows", "restore", "rows", "soft_delete"]

PUBLIC = [name for name in tables() if name.startswith("public.")]
# Tables whose rows have an id of their own within the tenant.
DELETABLE = [name for name in PUBLIC if len(table(name).primary_key) <= 2]
_NOT_FOR_MEMBERS = ("public.tenants", "public.usage_statistics")

Connection = psycopg.Connection[Any]


def id_column(name: str) -> str:
    """Return the column of a table's own id."""
    return table(name).primary_key[-1]


def deleter(name: str, tenant: UUID) -> Identity:
    """Return who may delete from a table: a member of the tenant where members may, else the back end."""
    return service() if name in _NOT_FOR_MEMBERS else member(tenant)


def soft_delete(connection: Connection, name: str, row_id: object, *tenant: object) -> UUID:
    """Delete a row of `public.<table>` softly and return the deletion."""
    return _call(connection, "soft_delete", name, row_id, tenant)  # type: ignore[no-any-return]  # a uuid, by its signature


def restore(connection: Connection, name: str, row_id: object, *tenant: object) -> int:
    """Restore the deletion of a row of `public.<table>` and return how many rows came back."""
    return int(_call(connection, "restore", name, row_id, tenant))


def _call(connection: Connection, function: str, name: str, row_id: object, tenant: tuple[object, ...]) -> Any:
    arguments = [name.removeprefix("public."), row_id, *tenant]
    places = sql.SQL(", ").join(sql.Placeholder() for _ in arguments)
    call = sql.SQL("select {}({})").format(sql.Identifier("public", function), places)
    row = connection.execute(call, arguments).fetchone()
    assert row is not None
    return row[0]


def live_row(db: Connection, name: str, tenant: UUID, *conditions: str) -> Any:
    """Return the id of the tenant's oldest live row that meets the conditions."""
    return live_rows(db, name, tenant, *conditions)[0]


def live_rows(db: Connection, name: str, tenant: UUID, *conditions: str) -> list[Any]:
    """Return the ids of a tenant's live rows that meet the conditions, oldest first."""
    where = sql.SQL(" and ").join(map(sql.SQL, ("deleted_at is null", *conditions)))
    query = sql.SQL("select {} from {} where tenant_id = {} and {} order by created_at")
    key, relation = sql.Identifier(id_column(name)), sql.Identifier(*name.split("."))
    return [row_id for (row_id,) in db.execute(query.format(key, relation, sql.Literal(tenant), where))]


def rows(db: Connection, *conditions: str, without: tuple[str, ...] = ("updated_at",)) -> set[tuple[str, str]]:
    """Return every row of the API's tables that meets the conditions: its table, and its text but for some columns."""
    found = set()
    where = sql.SQL(" and ").join(map(sql.SQL, ("true", *conditions)))
    for name in PUBLIC:
        query = sql.SQL("select (to_jsonb(t) - {}::text[])::text from {} as t where {}").format(
            sql.Literal(list(without)), sql.Identifier(*name.split(".")), where
        )
        found |= {(name, text) for (text,) in db.execute(query)}
    return found
