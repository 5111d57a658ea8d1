"""Calls what runs with its owner's rights, as those who may call it, with arguments that lead to the victim."""

import re
from collections.abc import Iterator, Sequence

from psycopg import sql

from schemaproof.attack.attackers import Attacker
from schemaproof.attack.calls import calls, takes_sql
from schemaproof.attack.campaign import Campaign
from schemaproof.attack.marks import Canaries, Marks
from schemaproof.attack.reach import Reach, standing_as, visible
from schemaproof.surface import Argument, Relation, Routine

__all__ = ["injected", "routines_attacked", "suspects"]

_SETS = re.compile(r"\bset_config\s*\(|\bset\s+(?:local\s+|session\s+)?[a-z_]+\.[a-z_]+", re.IGNORECASE)
_TABLES = 40


def suspects(routines: Sequence[Routine], role: str) -> list[Routine]:
    """Return what a role may call that runs with other rights than its own, or that changes settings."""
    return [
        routine
        for routine in routines
        if role in routine.executable_by and not routine.trigger and (routine.definer or _SETS.search(routine.body))
    ]


def routines_attacked(
    campaign: Campaign, attacker: Attacker, routines: Sequence[Routine], victim: str
) -> Iterator[tuple[Routine, Reach]]:
    """Call each routine in many ways; what it shows of the victim, changes of it, or opens by a setting is a reach."""
    arena = campaign.arena
    canaries = Canaries(arena, victim, known=visible(campaign, attacker))
    with standing_as(arena, attacker):
        for routine in routines:
            marks = Marks(arena, _concerned(campaign, routine), victim)
            before = marks.before
            for statement in calls(arena, routine, victim):
                answer = arena.wire.run(statement)
                shown = tuple(canaries.shown(answer.rows, statement).items())
                changed: tuple[str, ...] = ()
                if answer.sqlstate is None and _SETS.search(routine.body):
                    shown = shown or tuple(_opened(campaign, canaries, attacker).items())
                if answer.sqlstate is None and routine.volatility == "v" and before:
                    changed = marks.changed()
                yield routine, Reach(attacker, statement, answer, shown, changed)


def _opened(campaign: Campaign, canaries: Canaries, attacker: Attacker) -> dict[str, str]:
    """What the attacker sees in a tenant table after a call that changed a setting."""
    arena = campaign.arena
    for label in list(arena.discovery.owned)[:_TABLES]:
        relation = arena.relations[label]
        if (attacker.identity.role, "select") in relation.privileges:
            names = sql.SQL(", ").join(
                sql.Identifier(c.name) for c in relation.allowed(attacker.identity.role, "select")
            )
            answer = arena.wire.after(sql.SQL("select {} from {}").format(names, relation.identifier).as_string(None))
            if answer.sqlstate is not None:
                return {}
            if found := canaries.shown(answer.rows):
                return found
    return {}


def _concerned(campaign: Campaign, routine: Routine) -> list[Relation]:
    """The tenant tables that a body may be about: those that it names, or all where it names them in another way."""
    arena = campaign.arena
    owned = [relation for relation in arena.discovery.tables if relation.label in arena.discovery.owned]
    named = [r for r in owned if re.search(rf"(?<!\w){re.escape(r.name)}(?!\w)", routine.body, re.IGNORECASE)]
    return (named or owned)[:_TABLES]


def injected(
    campaign: Campaign, attacker: Attacker, routines: Sequence[Routine]
) -> Iterator[tuple[Routine, Argument, Reach]]:
    """Yield the text arguments that are run as SQL: a quote in one ends in a syntax error of the server."""
    with standing_as(campaign.arena, attacker):
        for routine in routines:
            for argument, statement in takes_sql(routine):
                answer = campaign.arena.wire.run(statement)
                if answer.sqlstate == "42601":
                    yield routine, argument, Reach(attacker, statement, answer)
                    break
