"""Row-level security policies as checks read them: for whom, for what, and their expressions parsed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg
from psycopg.rows import class_row

from schemaproof.references import Name, call_of, nodes, parse_expression, text_of

__all__ = ["Policy", "read_policies"]

# The platform's tables are looked at too: on them only migrations make policies. On an extension's, the extension does.
_QUERY = """
    select format('%I.%I', n.nspname, c.relname) as table, n.nspname::text as schema, quote_ident(p.polname) as name,
           case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
               else 'all' end as command,
           p.polpermissive as permissive, c.relrowsecurity as enabled,
           array(
               select coalesce(r.rolname::text, 'public')
               from unnest(p.polroles) as o (id) left join pg_catalog.pg_roles as r on r.oid = o.id
               order by 1
           ) as roles,
           pg_catalog.pg_get_expr(p.polqual, p.polrelid) as using,
           pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as check,
           array(
               select a.attname::text from pg_catalog.pg_attribute as a
               where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
           ) as columns
    from pg_catalog.pg_policy as p
    join pg_catalog.pg_class as c on c.oid = p.polrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where
        not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
    order by 1, 3
"""


@dataclass(frozen=True)
class Policy:
    """A policy: `table` and `name` as PostgreSQL writes them, `command` may be `all`, a role may be `public`."""

    table: str
    schema: str
    name: str
    command: str
    permissive: bool
    enabled: bool
    roles: list[str]
    using: str | None
    check: str | None
    columns: list[str]

    @property
    def key(self) -> str:
        """Its name in the catalogue."""
        return f"{self.table}.{self.name}"

    @property
    def expressions(self) -> tuple[str, ...]:
        """USING and WITH CHECK, those that it has."""
        return tuple(text for text in (self.using, self.check) if text is not None)

    @cached_property
    def trees(self) -> tuple[Any, ...]:
        """Its expressions, parsed; one that the grammar rejects is left out."""
        return tuple(tree for text in self.expressions if (tree := parse_expression(text)) is not None)

    def governs(self, command: str) -> bool:
        """Tell whether it is about a command."""
        return self.command in (command, "all")

    def is_for(self, role: str) -> bool:
        """Tell whether it is about a role, memberships aside."""
        return role in self.roles or "public" in self.roles

    def lets_all(self, command: str) -> bool:
        """Tell whether it lets every row pass for a command: its expression there is the constant true."""
        written = command == "insert" or (command == "update" and self.check is not None)
        new = self.check if self.check is not None else self.using
        return (command == "insert" or self.using == "true") and (not written or new == "true")

    @cached_property
    def calls(self) -> frozenset[Name]:
        """The functions that its expressions call."""
        return frozenset(name for node in nodes(self.trees) if (name := call_of(node)) is not None)

    def constants(self) -> Iterator[str]:
        """Give the string literals of its expressions."""
        yield from (text for node in nodes(self.trees) if (text := text_of(node)) is not None)


def read_policies(connection: psycopg.Connection) -> tuple[Policy, ...]:
    """Return the database's policies; the session's search_path decides which names in them are qualified."""
    with connection.cursor(row_factory=class_row(Policy)) as cursor:
        return tuple(cursor.execute(_QUERY).fetchall())
