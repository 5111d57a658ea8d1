"""The second oracle: whatever a caller can observe must be the same with another tenant's rows there and with them gone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.calls import calls
from schemaproof.attack.campaign import Campaign
from schemaproof.attack.marks import Canaries
from schemaproof.attack.reach import standing_as
from schemaproof.attack.wire import Answer
from schemaproof.surface import Relation, Routine

__all__ = ["Difference", "interfere"]

Thing = Relation | Routine


@dataclass(frozen=True)
class Difference:
    """An answer that depends on the victim's rows, without showing any of their values."""

    attacker: Attacker
    thing: Thing
    statement: str
    there: Answer
    gone: Answer


def interfere(campaign: Campaign, attackers: Sequence[Attacker], victim: str) -> Iterator[Difference]:
    """Observe everything twice with the victim's rows there, to leave out what differs by itself, and once without."""
    arena = campaign.arena
    canaries = Canaries(arena, victim)
    for attacker in attackers:
        statements = dict(_observations(arena, attacker, victim))
        there = _observed(arena, attacker, statements)
        again = _observed(arena, attacker, statements)
        with arena.trial():
            _take_away(arena, victim)
            gone = _observed(arena, attacker, statements)
        for statement, thing in statements.items():
            answer = there[statement]
            if _same(answer, again[statement]) and not _same(answer, gone[statement]):
                if not canaries.shown(answer.rows, statement):
                    yield Difference(attacker, thing, statement, answer, gone[statement])


def _same(one: Answer, other: Answer) -> bool:
    return (one.sqlstate, sorted(one.rows, key=str)) == (other.sqlstate, sorted(other.rows, key=str))


def _observations(arena: Arena, attacker: Attacker, victim: str) -> Iterator[tuple[str, Thing]]:
    role = attacker.identity.role
    for relation in arena.discovery.relations:
        if (role, "select") in relation.privileges:
            names = sql.SQL(", ").join(sql.Identifier(c.name) for c in relation.allowed(role, "select"))
            yield sql.SQL("select {} from {}").format(names, relation.identifier).as_string(None), relation
    for routine in arena.routines:
        if role in routine.executable_by and routine.definer and not routine.trigger and not routine.procedure:
            for statement in calls(arena, routine, victim):
                yield statement, routine


def _observed(arena: Arena, attacker: Attacker, statements: Mapping[str, Thing]) -> dict[str, Answer]:
    with standing_as(arena, attacker):
        return {statement: arena.wire.run(statement) for statement in statements}


def _take_away(arena: Arena, victim: str) -> None:
    """Delete the victim's rows everywhere, without triggers and foreign keys noticing, and refresh what was copied."""
    connection = arena.connection
    connection.execute("set local session_replication_role = replica")
    for label, rows in arena.rows.items():
        places = [row.place for row in rows if row.world == victim]
        relation = next((r for r in (*arena.discovery.relations, *arena.discovery.outside) if r.label == label), None)
        if places and relation is not None and not relation.parent:
            delete = sql.SQL("delete from {} where tableoid::text || ctid::text = any ({})")
            arena.wire.after(
                f"savepoint gone; {delete.format(relation.identifier, sql.Literal(places)).as_string(None)}"
            )
            if connection.info.transaction_status.name == "INERROR":
                arena.wire.after("rollback to savepoint gone")
    connection.execute("set local session_replication_role = origin")
    for relation in arena.discovery.relations:
        if relation.kind == "m":
            arena.wire.after("savepoint gone")
            refreshed = arena.wire.after(f"refresh materialized view {relation.identifier.as_string(None)}")
            if refreshed.sqlstate is not None:
                arena.wire.after("rollback to savepoint gone")
