"""No function of the project is trusted to see rows before the policies do."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["leakproof"]


@check(level=Level.WARNING)
def leakproof(context: Context) -> Iterator[Finding]:
    """A function sees every row, those of others included, before row-level security filters them.

    LEAKPROOF promises that a function tells nothing of its arguments, not even by an error (manual, CREATE FUNCTION),
    so that it may run before the policies. PostgreSQL believes it; hardly any function of SQL or PL/pgSQL can keep it.
    """
    routines = context.routines.of(context.schemas)
    context.count("functions", len(routines), "the project has no function")
    for routine in routines:
        if routine.leakproof:
            yield Finding(
                "leakproof",
                routine.label,
                f"{routine.label} is LEAKPROOF: it is called with rows that the policies hide from the caller",
                f"alter {routine.kind} {routine.label} not leakproof;",
                level=Level.WARNING,
                location=context.locate(routine.kind, routine.label),
            )
