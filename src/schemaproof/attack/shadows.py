"""Puts objects of the caller's own before those that a definer's function means, and looks whose code runs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.calls import calls
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import piece, quoted, text
from schemaproof.surface import Relation, Routine

__all__ = ["Shadow", "shadowed"]

_SEEN = "schemaproof runs as "
# Schemas in which a role may create.
_CREATABLE = """
    select nspname::text from pg_catalog.pg_namespace
    where nspname = any ({}) and pg_catalog.has_schema_privilege({}, oid, 'create')
"""


@dataclass(frozen=True)
class Shadow:
    """A proof that a caller's code ran with a function's rights.

    Args:
        statements: what the caller did.
        role: whose rights the code had.
        temporary: the caller's objects were temporary; else they stood in `schema`.
    """

    statements: tuple[str, ...]
    role: str
    schema: str


def shadowed(arena: Arena, attacker: Attacker, routines: Sequence[Routine]) -> Iterator[tuple[Routine, Shadow | None]]:
    """Try each routine that runs with its owner's rights: with temporary relations, then functions in open schemas."""
    with standing_as(arena, attacker):
        for routine in routines:
            yield routine, next(iter(_tried(arena, attacker, routine)), None)


def _tried(arena: Arena, attacker: Attacker, routine: Routine) -> Iterator[Shadow]:
    for relation in _unqualified(arena, routine):
        yield from _by_view(arena, attacker, routine, relation)
    for schema in _open_schemas(arena, attacker, routine):
        for other in _called(arena, routine):
            yield from _by_function(arena, attacker, routine, other, schema)


def _unqualified(arena: Arena, routine: Routine) -> list[Relation]:
    """Relations that the body names without their schema."""
    body = _without_literals(routine.body)
    return [
        relation
        for relation in arena.discovery.relations
        if re.search(rf'(?<![\w."]){re.escape(relation.name)}(?![\w"(])', body, re.IGNORECASE)
        and re.search(rf'\b(?:from|join|into|update|only)\s+"?{re.escape(relation.name)}\b', body, re.IGNORECASE)
    ]


def _without_literals(body: str) -> str:
    return re.sub(r"--[^\n]*", "", re.sub(r"'(?:[^']|'')*'", "''", body))


def _by_view(arena: Arena, attacker: Attacker, routine: Routine, relation: Relation) -> Iterator[Shadow]:
    columns = sql.SQL(", ").join(
        piece("pg_temp.schemaproof_spy()::text::{} as {}", sql.SQL(c.type), sql.Identifier(c.name))
        for c in relation.columns
    )
    view = text("create temporary view {} as select {}", sql.Identifier(relation.name), columns)
    grant = text("grant all on {} to public", sql.Identifier("pg_temp", relation.name))
    yield from _run(arena, attacker, routine, (_spy("pg_temp"), view, grant), "pg_temp")


def _spy(schema: str, *, name: str = "schemaproof_spy", arguments: str = "", result: str = "text") -> str:
    return (
        f"create function {schema}.{name}({arguments}) returns {result} language plpgsql as "
        f"$spy$ begin raise exception '{_SEEN}%', current_user; end $spy$"
    )


def _run(
    arena: Arena, attacker: Attacker, routine: Routine, statements: tuple[str, ...], schema: str
) -> Iterator[Shadow]:
    for call in list(calls(arena, routine, "A"))[:3]:
        arena.wire.back()
        for statement in statements:
            if arena.wire.after(statement).sqlstate is not None:
                return
        arena.wire.sent += 1
        answer = arena.wire.after(call)
        role = answer.message.removeprefix(_SEEN)
        if answer.message.startswith(_SEEN) and role != attacker.identity.role:
            yield Shadow((*statements, call), role, schema)


def _open_schemas(arena: Arena, attacker: Attacker, routine: Routine) -> list[str]:
    """Schemas on the routine's path in which the caller may create, before the one that the function means."""
    path = next((s.partition("=")[2] for s in routine.settings if s.startswith("search_path=")), '"$user", public')
    names = [name.strip().strip('"') for name in path.split(",")]
    arena.wire.back()
    found = arena.wire.after(text(_CREATABLE, sql.Literal(names), sql.Literal(attacker.identity.role)))
    return [name for (name,) in found.rows if name]


def _called(arena: Arena, routine: Routine) -> list[Routine]:
    """Functions of the project that the body calls without their schema."""
    body = _without_literals(routine.body)
    return [
        other
        for other in arena.routines
        if other is not routine and re.search(rf'(?<![\w."]){re.escape(other.name)}\s*\(', body, re.IGNORECASE)
    ]


def _by_function(arena: Arena, attacker: Attacker, routine: Routine, other: Routine, schema: str) -> Iterator[Shadow]:
    if schema == other.schema:
        return
    arguments = ", ".join(argument.type for argument in other.arguments)
    spy = _spy(quoted(schema), name=quoted(other.name), arguments=arguments, result=other.result)
    yield from _run(arena, attacker, routine, (spy,), schema)
