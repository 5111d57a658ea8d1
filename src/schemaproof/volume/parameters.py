"""Values of a loaded database to ask queries with: tenants by size, one that is not there, rows that are."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from schemaproof.errors import UsageError
from schemaproof.volume.facts import identifier

__all__ = ["TenantSizes", "row_of", "tenant_sizes"]


_COUNT = sql.SQL("select count(*) from {table} where {condition}")
_MIDDLE = sql.SQL("select * from {table} where {condition} order by {order} offset %(middle)s limit 1")
_NOBODY = UUID("ffffffff-ffff-4fff-bfff-ffffffffffff")


@dataclass(frozen=True)
class TenantSizes:
    """Tenants of a table by the number of their rows there; `missing` has none."""

    largest: Any
    median: Any
    smallest: Any
    missing: UUID = _NOBODY


def tenant_sizes(connection: psycopg.Connection[Any], table: str, column: str) -> TenantSizes:
    """Return the tenants with the most, the fewest and middling rows in `table` (`public.notes`); ties go by the id.

    Raises:
        UsageError: the table is empty.
    """
    query = sql.SQL("select {0} from {1} where {0} is not null group by {0} order by count(*) desc, {0}")
    tenants = [row[0] for row in connection.execute(query.format(sql.Identifier(column), identifier(table)))]
    if not tenants:
        raise UsageError(f"{table} has no rows to sample from", remedy="Describe the table in the volume model.")
    return TenantSizes(tenants[0], tenants[len(tenants) // 2], tenants[-1])


def row_of(
    connection: psycopg.Connection[Any], table: str, *, condition: str = "true", order: str = "ctid", **values: Any
) -> dict[str, Any] | None:
    """Return the middle one of a table's rows that meet a condition in SQL, by an order: the same in every load.

    Args:
        connection: of a role that sees the rows.
        table: `public.notes`.
        condition: SQL with `%(name)s` for the values given.
        order: SQL of what they are ordered by.
        values: of the condition.
    """
    where = {"table": identifier(table), "condition": sql.SQL(condition), "order": sql.SQL(order)}
    found = connection.execute(_COUNT.format(**where), values).fetchone()
    assert found is not None
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_MIDDLE.format(**where), {**values, "middle": found[0] // 2}).fetchone()
