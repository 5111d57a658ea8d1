"""What tells of other tenants beside the rows: notifications and large objects."""

import re
from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import require_tenants
from schemaproof.findings import Finding, Level

__all__ = ["side_channels"]

_NOTIFIES = re.compile(r"\bpg_notify\s*\(|\bnotify\s+[a-z_]", re.IGNORECASE)
_ROW = re.compile(r"\b(?:new|old)\b", re.IGNORECASE)


@check(level=Level.NOTE)
def side_channels(context: Context) -> Iterator[Finding]:
    """A channel that no policy governs carries what belongs to one tenant.

    Whoever may connect may LISTEN to any channel, and reads what a trigger sends of a row. Large objects have owners
    and no policies. What is open in every database is not told here but on the page: EXPLAIN's estimates, sizes of
    relations, and the time that an answer takes.
    """
    require_tenants(context)
    routines = context.arena.routines
    if not routines:
        raise NotApplicable("the schema has no functions")
    context.proved["functions"] += len(routines)
    for routine in routines:
        if _NOTIFIES.search(routine.body) and (_ROW.search(routine.body) or routine.trigger):
            yield Finding(
                "side_channels",
                routine.label,
                f"function {routine.label} sends what it knows of a row to everybody who listens (NOTIFY)",
                "Send a key and nothing else, on a channel whose name cannot be guessed, or nothing at all.",
                level=Level.NOTE,
                location=context.locate("function", routine.label),
                key=f"side_channels:{routine.label}",
            )
