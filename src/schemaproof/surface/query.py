"""The queries of the catalogue that the surface is read by, each in a file beside this one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

__all__ = ["read_rows"]


def read_rows(
    connection: psycopg.Connection, file: str, schemas: Sequence[str], roles: Sequence[str]
) -> list[dict[str, Any]]:
    """Return what a query tells of `schemas` and of what `roles` may do there, a dictionary a row."""
    query = Path(__file__).with_name(file).read_bytes()
    with connection.transaction(force_rollback=True), connection.cursor(row_factory=dict_row) as cursor:
        # Expressions are written with qualified names only where the search path does not find them.
        cursor.execute("set local search_path = pg_catalog")
        return cursor.execute(query, {"schemas": list(schemas), "roles": list(roles)}).fetchall()
