"""A function that runs with its owner's rights means the objects that it names, and no caller's of the same name."""

from collections.abc import Iterator

from schemaproof.attack import Shadow, script, shadowed
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import callers, require_tenants
from schemaproof.findings import Finding, Level
from schemaproof.surface import Routine

__all__ = ["search_path"]


@check(level=Level.ERROR)
def search_path(context: Context) -> Iterator[Finding]:
    """A caller puts an object of its own before the one that a function means, and its code runs as the owner.

    Names without a schema are looked up on the caller's search_path, temporary objects first, unless the function pins
    it with pg_temp last (manual, Writing SECURITY DEFINER Functions Safely). Each such function is called with a
    temporary view, or a function in a schema that the caller may create in, under the name that its body uses. Where
    requests come through an API that runs no SQL of theirs, what only temporary objects can do is a warning.
    """
    require_tenants(context)
    arena = context.arena
    told: set[str] = set()
    for attacker in callers(context):
        routines = [
            routine
            for routine in arena.routines
            if routine.definer and not routine.trigger and attacker.identity.role in routine.executable_by
            if routine.label not in told
        ]
        for routine, shadow in shadowed(arena, attacker, routines):
            context.proved["functions"] += 1
            if shadow is not None:
                told.add(routine.label)
                yield _finding(context, routine, shadow, script(attacker, *shadow.statements))
    if not context.proved["functions"]:
        raise NotApplicable("no role that requests come as may call a function that runs with its owner's rights")


def _finding(context: Context, routine: Routine, shadow: Shadow, detail: str) -> Finding:
    by_api = context.arena.cast.anonymous is not None and shadow.schema == "pg_temp"
    what = "temporary objects" if shadow.schema == "pg_temp" else f"functions in {shadow.schema}"
    return Finding(
        "search_path",
        routine.label,
        f"{routine.kind} {routine.label}: {what} of a caller stand before what its body names, and run as"
        f" {shadow.role}",
        f"alter {routine.kind} {routine.label} set search_path = ''; and write every name with its schema.",
        level=Level.WARNING if by_api else Level.ERROR,
        detail=detail,
        location=context.locate(routine.kind, routine.label),
        key=f"search_path:{routine.label}",
    )
