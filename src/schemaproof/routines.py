"""Functions and procedures as checks read them: whose rights, who may call them, and what their bodies refer to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import psycopg
from psycopg.rows import class_row

from schemaproof.references import Name, References, refer, refer_plpgsql

__all__ = ["Routine", "Routines", "read_routines"]

_QUERY = """
    select p.oid::int8 as oid, p.oid::regprocedure::text as key, n.nspname::text as schema, p.proname::text as name,
           case p.prokind when 'p' then 'procedure' else 'function' end as kind, l.lanname::text as language,
           p.prosecdef as definer, p.proleakproof as leakproof, p.provolatile::text as volatility,
           p.prorettype in ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype) as is_trigger,
           array(
               select substr(s, strpos(s, '=') + 1) from unnest(p.proconfig) as s
               where split_part(s, '=', 1) = 'search_path'
           ) as search_path,
           p.prosqlbody is not null as bound,
           p.prosrc as body, pg_catalog.pg_get_functiondef(p.oid) as definition,
           o.rolname::text as owner, o.rolsuper or o.rolbypassrls as owner_bypasses,
           array(
               select r.name from unnest(%(roles)s::text[]) as r (name)
               where pg_catalog.has_function_privilege(r.name, p.oid, 'execute')
                   and pg_catalog.has_schema_privilege(r.name, n.oid, 'usage')
           ) as callers
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    join pg_catalog.pg_language as l on l.oid = p.prolang
    join pg_catalog.pg_roles as o on o.oid = p.proowner
    where
        p.prokind in ('f', 'p')
        and n.nspname <> 'information_schema'
        and not starts_with(n.nspname, 'pg_')
        and not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
        )
    order by 2
"""
# Functions of the platform and of PostgreSQL that tell who is asking.
_WHO = {"uid", "jwt", "role", "email"}


@dataclass(frozen=True)
class Routine:
    """A function or procedure.

    Args:
        key: its name in the catalogue, with the types of its arguments.
        volatility: `i`, `s` or `v`.
        search_path: the value that it is pinned to, if it is.
        bound: a body of the standard's form, whose names were resolved when it was made.
        callers: which of the roles asked for may execute it, in a schema that they may use.
    """

    oid: int
    key: str
    schema: str
    name: str
    kind: str
    language: str
    definer: bool
    leakproof: bool
    volatility: str
    is_trigger: bool
    search_path: list[str]
    bound: bool
    body: str
    definition: str
    owner: str
    owner_bypasses: bool
    callers: list[str]

    @cached_property
    def references(self) -> References:
        """What its body refers to; not readable in a language other than SQL and PL/pgSQL."""
        if self.language == "plpgsql":
            return refer_plpgsql(self.definition)
        if self.language == "sql":
            return refer(self.definition if self.bound else self.body)
        return References(readable=False)


class Routines(Mapping[Name, tuple[Routine, ...]]):
    """The routines of a database by name; several share one where they are overloaded."""

    def __init__(self, routines: Iterable[Routine]) -> None:
        self._routines: dict[Name, tuple[Routine, ...]] = {}
        for routine in routines:
            key = Name(routine.schema, routine.name)
            self._routines[key] = (*self._routines.get(key, ()), routine)
            bare = Name(None, routine.name)
            self._routines[bare] = (*self._routines.get(bare, ()), routine)

    def __getitem__(self, name: Name) -> tuple[Routine, ...]:
        return self._routines[name]

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._routines)

    def __len__(self) -> int:
        return len(self._routines)

    def of(self, schemas: Iterable[str]) -> tuple[Routine, ...]:
        """Return those of some schemas, in the order of their names."""
        wanted = set(schemas)
        found = {routine.oid: routine for several in self._routines.values() for routine in several}
        return tuple(sorted((each for each in found.values() if each.schema in wanted), key=lambda each: each.key))

    def reached(self, references: References) -> References:
        """Return what a text refers to, with all that the routines which it calls refer to."""
        seen: set[int] = set()
        found, waiting = references, set(references.calls)
        while waiting:
            for routine in self._routines.get(waiting.pop(), ()):
                if routine.oid not in seen:
                    seen.add(routine.oid)
                    found |= routine.references
                    waiting |= routine.references.calls
        return found

    def asks_who(self, references: References) -> bool:
        """Tell whether a text looks at who is asking, itself or through what it calls."""
        reached = self.reached(references)
        named = any(call.name == "current_setting" or (call.schema, call.name) in _IDENTITY for call in reached.calls)
        return named or reached.asks_who


_IDENTITY = {("auth", name) for name in _WHO}


def read_routines(connection: psycopg.Connection, roles: Iterable[str]) -> Routines:
    """Return the database's own routines, and which of `roles` may call each."""
    with connection.cursor(row_factory=class_row(Routine)) as cursor:
        return Routines(cursor.execute(_QUERY, {"roles": list(roles)}).fetchall())
