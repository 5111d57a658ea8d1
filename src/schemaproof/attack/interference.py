"""The second oracle: what a caller can observe is the same with another tenant's rows there and with them gone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemaproof.attack.arena import Arena
from schemaproof.attack.attackers import Attacker
from schemaproof.attack.calls import calls
from schemaproof.attack.campaign import Campaign
from schemaproof.attack.marks import Canaries
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import reading, removal, unnoticed
from schemaproof.attack.wire import ENDED, TIMEOUT, Answer
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
            depends = _same(answer, again[statement]) and not _same(answer, gone[statement])
            if depends and not canaries.shown(answer.rows, given=statement):
                yield Difference(attacker, thing, statement, answer, gone[statement])


def _same(one: Answer, other: Answer) -> bool:
    return (one.sqlstate, sorted(one.rows, key=str)) == (other.sqlstate, sorted(other.rows, key=str))


def _observations(arena: Arena, attacker: Attacker, victim: str) -> Iterator[tuple[str, Thing]]:
    role = attacker.identity.role
    for relation in arena.discovery.relations:
        if relation.lets(role, "select"):
            yield reading(relation, role), relation
    for routine in arena.routines:
        if role in routine.executable_by and routine.definer and not routine.trigger and not routine.procedure:
            for statement in calls(arena, routine, victim):
                yield statement, routine


def _observed(arena: Arena, attacker: Attacker, statements: Mapping[str, Thing]) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    late: dict[str, Answer] = {}  # what did not end is not asked again
    with standing_as(arena, attacker):
        for statement, thing in statements.items():
            answers[statement] = answer = late.get(thing.label) or arena.wire.run(statement)
            if answer.sqlstate in (TIMEOUT, ENDED):
                late[thing.label] = answer
    return answers


def _take_away(arena: Arena, victim: str) -> None:
    """Delete the victim's rows everywhere, without triggers and foreign keys noticing, and refresh what was copied."""
    discovery = arena.discovery
    tables = [each for each in (*discovery.relations, *discovery.outside) if not each.parent]
    removals = [
        removal(relation, places)
        for relation in tables
        if (places := [row.place for row in arena.held(relation.label, victim)])
    ]
    refreshes = [
        f"refresh materialized view {relation.identifier.as_string(None)}"
        for relation in discovery.relations
        if relation.kind == "m"
    ]
    for statement in (*unnoticed(*removals), *refreshes):
        arena.wire.after("savepoint gone")
        if arena.wire.after(statement).sqlstate is not None:
            arena.wire.after("rollback to savepoint gone")
