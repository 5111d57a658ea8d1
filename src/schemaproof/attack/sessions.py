"""One connection, two requests: what a pool's next user finds of the last one's identity."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.calls import calls
from schemaproof.attack.marks import Canaries
from schemaproof.attack.statements import quoted, reading
from schemaproof.attack.wire import Answer, Wire
from schemaproof.identity import Identity, acting_as
from schemaproof.surface import Relation, Routine
from schemaproof.tenancy import Setting

__all__ = ["Reuse", "prepared", "setting_for_long", "sticky"]

_SETS_FOR_LONG = re.compile(
    r"set_config\s*\([^;]*?,\s*false\s*\)|(?<!\w)set\s+(?:session\s+)?(?!local\b)[a-z_]+\.[a-z_]+\s*(?:=|to)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Reuse:
    """What the second request saw of the first one's tenant."""

    relation: Relation
    statements: tuple[str, ...]
    shown: tuple[tuple[str, str], ...]


def prepared(arena: Arena, first: Attacker, second: Attacker) -> Iterator[tuple[Relation, Reuse | None]]:
    """PREPARE and EXECUTE under one identity, then EXECUTE under another, with a plan that is kept."""
    role = second.identity.role
    for relation in arena.readable(role) if first.identity.role == role else ():
        if not arena.held(relation.label, "A"):
            continue
        query = reading(relation, role)
        with arena.trial():
            answer = _executed_twice(arena, first.identity, second.identity, query)
        with arena.trial(), acting_as(arena.connection, second.identity):
            anyway = arena.wire.after(query)
        shown = Canaries(arena, "A").shown(set(answer.rows) - set(anyway.rows))
        statements = ("set plan_cache_mode = force_generic_plan", f"prepare q as {query}", "execute q")
        yield relation, Reuse(relation, statements, tuple(shown.items())) if shown else None


def _executed_twice(arena: Arena, first: Identity, second: Identity, query: str) -> Answer:
    wire = arena.wire
    wire.after("set local plan_cache_mode = force_generic_plan")
    with acting_as(arena.connection, first):
        answer = wire.after(f"prepare schemaproof_query as {query}")
        if answer.sqlstate is None:
            answer = wire.after("execute schemaproof_query")
    if answer.sqlstate is not None:
        return Answer()
    with acting_as(arena.connection, second):
        answer = wire.after("execute schemaproof_query")
    wire.after("deallocate schemaproof_query")
    return answer if answer.sqlstate is None else Answer()


def sticky(arena: Arena, caller: Attacker) -> Iterator[tuple[Routine, Reuse | None]]:
    """Call what changes a setting for the session, commit, and look at the tables as the next request would.

    It runs in a session of its own on the filled database, which is dropped afterwards.
    """
    routines = [
        routine
        for routine in arena.routines
        if _SETS_FOR_LONG.search(routine.body) and caller.identity.role in routine.executable_by and not routine.trigger
    ]
    for routine in routines:
        with arena.second_session() as connection:
            yield routine, _after(arena, connection, caller, routine)


def setting_for_long(arena: Arena) -> list[Routine]:
    """Routines that set, for the session, a setting that policies read."""
    names = {node.name for node in arena.discovery.facts.read if isinstance(node, Setting)}
    return [
        routine
        for routine in arena.routines
        if _SETS_FOR_LONG.search(routine.body) and any(name in routine.body for name in names)
        if set(arena.cast.callers) & routine.executable_by
    ]


def _after(arena: Arena, connection: psycopg.Connection, caller: Attacker, routine: Routine) -> Reuse | None:
    wire = Wire(connection)
    wire.after("set statement_timeout = '5s'; set lock_timeout = '1s'")
    role, canaries = caller.identity.role, Canaries(arena, "A")
    for call in calls(arena, routine, "A"):
        if _request(wire, role, call).sqlstate is not None:
            continue
        for relation in arena.readable(role):
            query = reading(relation, role)
            if shown := canaries.shown(_request(wire, role, query).rows):
                return Reuse(relation, (call, "commit", "begin", query), tuple(shown.items()))
    return None


def _request(wire: Wire, role: str, statement: str) -> Answer:
    wire.after(f"set role {quoted(role)}")
    answer = wire.after(statement)
    wire.after("reset role")
    return answer
