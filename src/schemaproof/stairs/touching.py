"""Which trigger changed what the migration's own statements do not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from schemaproof.contents import Change, Kind, name_of

__all__ = ["Trigger", "read_triggers", "toucher"]

_QUERY = """
    select
        format('%I.%I', n.nspname, c.relname), t.tgname::text, p.prosrc,
        t.tgtype & 19 = 19, encode(t.tgargs, 'escape')
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_proc as p on p.oid = t.tgfoid
    where not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgparentid = 0
    order by 1, 2
"""


@dataclass(frozen=True)
class Trigger:
    """A trigger that fires.

    Args:
        table: its table.
        name: its name.
        source: its function's body.
        rewrites: it fires before each row that is updated, and may change it.
        arguments: as the catalogue keeps them.
    """

    table: str
    name: str
    source: str
    rewrites: bool
    arguments: str

    def touches(self, change: Change) -> bool:
        """Tell whether it makes such a change, by its function's text."""
        table = re.escape(name_of(change.table)[-1])
        if change.kind is Kind.ADDED:
            return re.search(rf"insert\s+into\s[^;(]*\b{table}\b", self.source, re.IGNORECASE) is not None
        if change.column is None:
            return False
        column = re.escape(change.column)
        if self.table == change.table and self.rewrites:
            own = rf'\bnew\s*\.\s*"?{column}"?\s*:?='
            arguments = self.arguments.split("\\000")
            return re.search(own, self.source, re.IGNORECASE) is not None or change.column in arguments
        other = rf'\bupdate\s[^;]*\b{table}\b[^;]*\bset\b[^;]*\b{column}"?\s*='
        return re.search(other, self.source, re.IGNORECASE) is not None


def read_triggers(connection: psycopg.Connection[Any]) -> tuple[Trigger, ...]:
    """Return the triggers of a database that fire."""
    return tuple(Trigger(*row) for row in connection.execute(_QUERY))


def toucher(
    triggers: Iterable[Trigger], change: Change, texts: Iterable[str], *, nothing_else: bool = False
) -> Trigger | None:
    """Return the trigger that makes such a change, of a table that `texts` name if one is; None: there is none.

    Args:
        triggers: those of the database.
        change: of a column that no statement gives values to.
        texts: of the files that ran.
        nothing_else: only a trigger can have done it, so that its text need not say so.
    """
    able = [trigger for trigger in triggers if trigger.touches(change)]
    named = [trigger for trigger in able if any(name_of(trigger.table)[-1] in text for text in texts)]
    left = [trigger for trigger in triggers if nothing_else and trigger.rewrites and trigger.table == change.table]
    return next(iter(named or able or left), None)
