"""Functions that run with their owner's rights filter by the caller's tenant themselves."""

from collections.abc import Iterator, Sequence

from schemaproof.attack import ENDED, TIMEOUT, Attacker, Gain, functions_attacked, injected, said, script, suspects
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import callers, require_tenants
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
    routines = context.arena.routines
    told: set[str] = set()
    for attacker in callers(context):
        called = [r for r in suspects(routines, attacker.identity.role) if r.label not in told]
        context.proved["functions"] += len(called)
        yield from _reached(context, attacker, called, told)
        yield from _injected(context, attacker, called, told)
    if not context.proved["functions"]:
        raise NotApplicable("no role that requests come as may call a function that runs with other rights")


def _reached(context: Context, attacker: Attacker, routines: Sequence[Routine], told: set[str]) -> Iterator[Finding]:
    for routine, gain in functions_attacked(context.campaign, attacker, routines, "B"):
        context.proved["probes"] += 1
        if gain.harm and routine.label not in told and (routine.definer or not _brings_sql(context)):
            told.add(routine.label)
            summary = f"{attacker.name} calls it and it {gain.harm} of another tenant"
            yield _finding(context, routine, gain, summary, "reach")
        elif gain.answer.sqlstate in _UNFINISHED and routine.label not in told:
            told.add(routine.label)
            case, what = _UNFINISHED[gain.answer.sqlstate]
            summary = f"{attacker.name} calls it and it {what} ({gain.answer.sqlstate}): it was not attacked to the end"
            yield _finding(context, routine, gain, summary, case, level=Level.WARNING)


def _brings_sql(context: Context) -> bool:
    """Tell whether callers run SQL of their own: what a function sets with their rights, they set without it."""
    return context.arena.cast.anonymous is None


def _injected(context: Context, attacker: Attacker, routines: Sequence[Routine], told: set[str]) -> Iterator[Finding]:
    for routine, argument, gain in injected(context.campaign, attacker, routines):
        if routine.label not in told:
            told.add(routine.label)
            summary = f"what {attacker.name} gives for {argument.name or 'its argument'} is run as SQL"
            yield _finding(context, routine, gain, summary, "injection")


def _finding(
    context: Context, routine: Routine, gain: Gain, summary: str, case: str, *, level: Level = Level.ERROR
) -> Finding:
    return Finding(
        "functions",
        routine.label,
        f"{routine.kind} {routine.label}: {summary}",
        _REMEDIES[case],
        level=level,
        detail=script(gain.attacker, gain.statement) + said(gain.answer),
        location=context.locate(routine.kind, routine.label),
        key=f"functions:{routine.label}:{case}",
    )
