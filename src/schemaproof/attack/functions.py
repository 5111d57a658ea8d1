"""Calls what runs with its owner's rights, as those who may call it, with arguments that lead to the victim."""

import re
from collections.abc import Iterator, Sequence

from schemaproof.attack.attackers import Attacker
from schemaproof.attack.calls import calls, takes_sql
from schemaproof.attack.campaign import Campaign
from schemaproof.attack.gain import Gain
from schemaproof.attack.marks import Canaries, Marks
from schemaproof.attack.standing import standing_as
from schemaproof.attack.statements import reading
from schemaproof.attack.wire import ENDED, TIMEOUT
from schemaproof.surface import Argument, Relation, Routine

__all__ = ["functions_attacked", "injected", "suspects"]

_SETS = re.compile(r"\bset_config\s*\(|\bset\s+(?:local\s+|session\s+)?[a-z_]+\.[a-z_]+", re.IGNORECASE)
_TABLES = 40


def suspects(routines: Sequence[Routine], role: str) -> list[Routine]:
    """Return what a role may call that runs with other rights than its own, or that changes settings."""
    return [
        routine
        for routine in routines
        if role in routine.executable_by and not routine.trigger and (routine.definer or _SETS.search(routine.body))
    ]


def functions_attacked(
    campaign: Campaign, attacker: Attacker, routines: Sequence[Routine], victim: str
) -> Iterator[tuple[Routine, Gain]]:
    """Call each routine in many ways; what it shows of the victim, changes of it, or opens by a setting is a gain."""
    canaries = Canaries(campaign.arena, victim, known=campaign.visible_to(attacker))
    with standing_as(campaign.arena, attacker):
        for routine in routines:
            marks = Marks(campaign.arena, _concerned(campaign, routine), victim)
            campaign.arena.wire.back()
            marks.take()
            for statement in calls(campaign.arena, routine, victim):
                gain = _called(campaign, attacker, routine, statement, canaries, marks)
                yield routine, gain
                if gain.answer.sqlstate in (TIMEOUT, ENDED):
                    break  # the others would take as long, or end the session too


def _called(
    campaign: Campaign, attacker: Attacker, routine: Routine, statement: str, canaries: Canaries, marks: Marks
) -> Gain:
    answer = campaign.arena.wire.run(statement)
    if answer.sqlstate is not None:
        return Gain(attacker, statement, answer)
    shown = canaries.shown(answer.rows, given=statement)
    if not shown and _SETS.search(routine.body):
        shown = _opened(campaign, canaries, attacker)
    changed = marks.changed() if routine.volatility == "v" else ()
    return Gain(attacker, statement, answer, tuple(shown.items()), changed)


def _opened(campaign: Campaign, canaries: Canaries, attacker: Attacker) -> dict[str, str]:
    """What the attacker sees in a tenant table after a call that changed a setting."""
    role, wire = attacker.identity.role, campaign.arena.wire
    for relation in campaign.arena.readable(role, most=_TABLES):
        answer = wire.after(reading(relation, role))
        if answer.sqlstate is not None:
            return {}
        if found := canaries.shown(answer.rows):
            return found
    return {}


def _concerned(campaign: Campaign, routine: Routine) -> list[Relation]:
    """The tenant tables that a body may be about: those that it names, or all where it names them in another way."""
    owned = campaign.arena.owned
    named = [r for r in owned if re.search(rf"(?<!\w){re.escape(r.name)}(?!\w)", routine.body, re.IGNORECASE)]
    return (named or owned)[:_TABLES]


def injected(
    campaign: Campaign, attacker: Attacker, routines: Sequence[Routine]
) -> Iterator[tuple[Routine, Argument, Gain]]:
    """Yield the text arguments that are run as SQL: a quote in one ends in a syntax error of the server."""
    with standing_as(campaign.arena, attacker):
        for routine in routines:
            for argument, statement in takes_sql(routine):
                answer = campaign.arena.wire.run(statement)
                if answer.sqlstate == "42601":
                    yield routine, argument, Gain(attacker, statement, answer)
                    break
