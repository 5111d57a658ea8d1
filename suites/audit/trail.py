"""The audit trail as a superuser reads it: what was written since a mark."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

__all__ = ["SYSTEM", "Entry", "Trail"]

SYSTEM = UUID(int=0)


@dataclass(frozen=True)
class Entry:
    """One entry, but for its id and time."""

    tenant_id: UUID
    actor_role: str
    actor_id: UUID | None
    action: str
    table_name: str
    row_id: str | None
    changed_columns: list[str]


class Trail:
    """What is written to the trail from now on: `entries()` as often as wanted."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        row = connection.execute("select coalesce(max(audit_log_id), 0) from private.audit_logs").fetchone()
        self._mark = row[0] if row else 0

    def entries(self) -> list[Entry]:
        """Return what has been written since, in order."""
        query = """
            select tenant_id, actor_role, actor_id, action, table_name, row_id, changed_columns
            from private.audit_logs where audit_log_id > %s order by audit_log_id
        """
        return self._connection.cursor(row_factory=class_row(Entry)).execute(query, [self._mark]).fetchall()
