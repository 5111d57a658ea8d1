"""Functions that run with their owner's rights filter by the caller's tenant themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemaproof.attack import ENDED, TIMEOUT, Attacker, Gain, functions_attacked, injected, said, script, suspects
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import callers, names, require_tenants
from schemaproof.findings import Finding, Level
from schemaproof.surface import Routine

__all__ = ["functions"]

_REMEDIES = {
    "reach": "Filter by the caller's tenant in its body, or revoke execute from the roles that requests come as (and"
    " from PUBLIC).",
    "injection": "Put values in by USING, names by format's %I.",
    "timeout": "Look at what it waits for; what it would have answered is not known.",
    "ended": "Take out of it what ends sessions; what it would have answered is not known.",
}
_UNFINISHED = {TIMEOUT: ("timeout", "does not end"), ENDED: ("ended", "ends its own session")}
_GUESSED = ("timeout", "ended")


@check(level=Level.ERROR)
def functions(context: Context) -> Iterator[Finding]:
    """A function hands out or changes another tenant's rows to whoever calls it.

    A SECURITY DEFINER function whose owner bypasses row-level security sees everything, and so must filter by the
    caller itself. Each one that a request may call is called as a member of A, as a visitor and as a login without
    claims, with B's keys, empty and wildcard texts, NULL and the literals of its body. What it answers is searched for
    B's values, B's rows are counted before and after, and a text argument that is put unquoted into dynamic SQL is told
    by a quote.
    """
    require_tenants(context)
    found: dict[str, list[_Found]] = {}
    for attacker in callers(context):
        called = suspects(context.arena.routines, attacker.identity.role)
        context.proved["functions"] += len([routine for routine in called if routine.label not in found])
        for each in (*_reached(context, attacker, called), *_injected(context, attacker, called)):
            found.setdefault(each.routine.label, []).append(each)
        for routine in called:
            found.setdefault(routine.label, [])
    if not found:
        raise NotApplicable("no role that requests come as may call a function that runs with other rights")
    yield from (_finding(context, several) for several in found.values() if several)


@dataclass(frozen=True)
class _Found:
    """What one attacker got out of a routine: the `case` of its remedy, and a sentence about it."""

    routine: Routine
    gain: Gain
    case: str
    summary: str


def _reached(context: Context, attacker: Attacker, routines: Sequence[Routine]) -> Iterator[_Found]:
    told: set[str] = set()
    for routine, gain in functions_attacked(context.campaign, attacker, routines, "B"):
        context.proved["probes"] += 1
        if routine.label in told:
            continue
        if gain.harm and (routine.definer or not _brings_sql(context)):
            told.add(routine.label)
            yield _Found(routine, gain, "reach", f"it {gain.harm} of another tenant")
        elif gain.answer.sqlstate in _UNFINISHED:
            told.add(routine.label)
            case, what = _UNFINISHED[gain.answer.sqlstate]
            yield _Found(routine, gain, case, f"it {what} ({gain.answer.sqlstate}): it was not attacked to the end")


def _brings_sql(context: Context) -> bool:
    """Tell whether callers run SQL of their own: what a function sets with their rights, they set without it."""
    return context.arena.cast.anonymous is None


def _injected(context: Context, attacker: Attacker, routines: Sequence[Routine]) -> Iterator[_Found]:
    for routine, argument, gain in injected(context.campaign, attacker, routines):
        yield _Found(routine, gain, "injection", f"what is given for {argument.name or 'its argument'} is run as SQL")


def _finding(context: Context, found: Sequence[_Found]) -> Finding:
    """One finding a routine, of the gravest case, for all who got so far."""
    worst = min(found, key=lambda each: list(_REMEDIES).index(each.case))
    attackers = [each.gain.attacker for each in found if each.case == worst.case]
    routine = worst.routine
    return Finding(
        "functions",
        routine.label,
        f"{routine.kind} {routine.label}: called by {names(attackers)}, {worst.summary}",
        _REMEDIES[worst.case],
        level=Level.WARNING if worst.case in _GUESSED else Level.ERROR,
        detail=script(worst.gain.attacker, worst.gain.statement) + said(worst.gain.answer),
        location=context.locate(routine.kind, routine.label),
        key=f"functions:{routine.label}:{worst.case}",
        audience=tuple(dict.fromkeys(attacker.name for attacker in attackers)),
    )
