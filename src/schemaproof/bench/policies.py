"""Row-level security written out: the same query for a role that bypasses, with the policies' conditions in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pglast
import psycopg
from pglast.ast import ColumnRef, RangeSubselect, RangeVar
from pglast.stream import RawStream
from pglast.visitors import Visitor
from psycopg import sql

from schemaproof.identity import Identity, acting_as
from schemaproof.plan import Statement

__all__ = ["Policies"]

# As pg_get_expr writes `(select private.current_tenant())` in a policy: what is in it, and its name.
_CLAIM = re.compile(r"\( SELECT (?P<expression>.+?)(?: AS [\w\"]+)?\)", re.DOTALL)
_POLICIES = """
    select p.polrelid::regclass::text, pg_get_expr(p.polqual, p.polrelid)
    from pg_policy as p
    join pg_class as c on c.oid = p.polrelid and c.relrowsecurity
    where p.polpermissive and p.polcmd in ('r', '*') and p.polqual is not null
        and (0 = any (p.polroles) or exists (
            select from unnest(p.polroles) as r (role) where pg_has_role(%(role)s, r.role, 'usage')
        ))
"""


@dataclass
class Policies:
    """The policies of a database, as conditions that a role which bypasses them can write out."""

    connection: psycopg.Connection
    _conditions: dict[Identity, Mapping[str, str]] = field(default_factory=dict)

    def bypasses(self, role: str) -> bool:
        """Tell whether no policy holds for a role."""
        query = "select rolsuper or rolbypassrls from pg_roles where rolname = %s"
        row = self.connection.execute(query, [role]).fetchone()
        return row is None or bool(row[0])

    def written_out(self, statement: Statement, identity: Identity) -> str | None:
        """Return the statement with each table replaced by the rows that the identity may read; None without any.

        Its parameters are numbered. The claims are written out as constants, so that what is left of the price is the
        order in which conditions must be met, and what that keeps from an index.
        """
        tree = pglast.parse_sql(statement.numbered)
        replaced = _Replacement(self._of(identity))
        replaced(tree)
        return RawStream()(tree) if replaced.count else None

    def _of(self, identity: Identity) -> Mapping[str, str]:
        """Return the condition of each table's policies for an identity, once for all its queries."""
        if identity not in self._conditions:
            found: dict[str, list[str]] = {}
            with self.connection.transaction():
                self.connection.execute("set local search_path = ''")
                for table, condition in self.connection.execute(_POLICIES, {"role": identity.role}).fetchall():
                    found.setdefault(table, []).append(f"({condition})")
            parts = {table: " or ".join(conditions) for table, conditions in found.items()}
            values = self._values({text for part in parts.values() for text, _ in _claims(part)}, identity)
            self._conditions[identity] = {table: _constant(part, values) for table, part in parts.items()}
        return self._conditions[identity]

    def _values(self, expressions: Iterable[str], identity: Identity) -> Mapping[str, str]:
        """Return each expression's value for an identity, as a constant."""
        found = {}
        with self.connection.transaction(force_rollback=True), acting_as(self.connection, identity):
            # The role may lack the schema in which a function lies, which a policy does not ask for.
            self.connection.execute("reset role")
            for text in expressions:
                query = f"select x::text, pg_typeof(x)::text from (select {text}) as s (x)"  # noqa: S608 - the schema's own
                row = self.connection.execute(query.encode()).fetchone()
                assert row is not None
                found[text] = f"({sql.Literal(row[0]).as_string()}::{row[1]})"
        return found


def _claims(condition: str) -> Iterator[tuple[str, slice]]:
    """Yield what stands in each sub-select of a condition that reads no table, and where."""
    for start in (found.start() for found in re.finditer(r"\( SELECT ", condition)):
        depth = 0
        for end in range(start, len(condition)):
            depth += {"(": 1, ")": -1}.get(condition[end], 0)
            if depth == 0:
                break
        found = _CLAIM.fullmatch(condition[start : end + 1])
        if found and " FROM " not in found["expression"]:
            yield found["expression"], slice(start, end + 1)


def _constant(condition: str, values: Mapping[str, str]) -> str:
    for text, place in reversed(list(_claims(condition))):
        condition = condition[: place.start] + values[text] + condition[place.stop :]
    return condition


class _Replacement(Visitor):
    def __init__(self, conditions: Mapping[str, str]) -> None:
        self._conditions = conditions
        self.count = 0

    def visit_RangeVar(self, ancestors: Any, node: RangeVar) -> Any:  # noqa: N802 - pglast's name
        name = f"{node.schemaname or 'public'}.{node.relname}"
        if name not in self._conditions or _is_target(ancestors, node):
            return None
        text = f"select * from {name} where {self._conditions[name]}"  # noqa: S608 - the schema's own
        inner: Any = pglast.parse_sql(text)[0].stmt
        alias = node.alias or pglast.ast.Alias(aliasname=node.relname)
        self.count += 1
        return RangeSubselect(lateral=False, subquery=inner, alias=alias)

    def visit_ColumnRef(self, _: Any, node: ColumnRef) -> Any:  # noqa: N802 - pglast's name
        """A column that is named with its schema is named with its table's alias alone."""
        fields = node.fields or ()
        return ColumnRef(fields=fields[1:]) if len(fields) == 3 else None


def _is_target(ancestors: Any, node: RangeVar) -> bool:
    """Tell whether the table is what a statement writes to, which stays as it is."""
    parent = ancestors.node if hasattr(ancestors, "node") else None
    return getattr(parent, "relation", None) is node
