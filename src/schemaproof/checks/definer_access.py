"""Functions with their owner's rights that anyone may call look at who calls."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._paste import to
from schemaproof.findings import Finding, Level
from schemaproof.surface import Routine

__all__ = ["definer_access"]


@check(level=Level.WARNING)
def definer_access(context: Context) -> Iterator[Finding]:
    """A visitor reads or writes past every policy, by calling a function that was meant for others.

    PostgreSQL grants EXECUTE on each new function to everyone (manual, GRANT), and its owner's rights pass row-level
    security by. Named is what visitors may call, touches tables, and asks nowhere who is calling, as far as its body
    and what that calls can be read: a guess. What it gives away, only a call shows.
    """
    if not (visitors := {context.target.roles.anonymous, "public"}.intersection(context.asking_roles)):
        raise NotApplicable("no role here is a visitor's")
    definers = [each for each in context.routines.of(context.schemas) if each.definer and not each.trigger]
    context.count("functions", len(definers), "no function of the project has its owner's rights")
    for routine in definers:
        callers = sorted(visitors.intersection(routine.executable_by))
        reached = context.routines.reached(routine.references)
        if callers and routine.bypasses and reached.relations and not context.routines.asks_who(routine.references):
            yield _finding(context, routine, callers, writes=bool(reached.written))


def _finding(context: Context, routine: Routine, callers: list[str], *, writes: bool) -> Finding:
    who = " and ".join(callers)
    revoked = dict.fromkeys(("public", *callers))
    tells = writes or routine.label.endswith("()")
    return Finding(
        "definer_access",
        routine.label,
        f"{who} may call {routine.label}, which {'writes' if writes else 'reads'} with its owner's rights"
        " and never asks who calls",
        f"revoke execute on {routine.kind} {routine.label} from {to(*revoked)}; then grant it to who needs it.",
        level=Level.WARNING if tells else Level.NOTE,
        location=context.locate(routine.kind, routine.label),
        audience=tuple(callers),
    )
