"""A membership opens its own tenant and no other, and only while it lasts."""

from collections.abc import Iterator

from schemaproof.attack import Kind
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import by_relation, finding, names, ordinary, require_tenants
from schemaproof.findings import Finding, Level

__all__ = ["memberships"]


@check(level=Level.ERROR)
def memberships(context: Context) -> Iterator[Finding]:
    """A user whose membership has ended still reaches the tenant's rows, or one of two tenants reaches a third.

    Where policies look memberships up in a table, a member's row is taken away, marked as ended in each way that the
    table knows, or joined by a second one, and the tables are attacked again.
    """
    require_tenants(context)
    cells = list(context.campaign.of(Kind.MEMBERSHIP))
    if not cells:
        raise NotApplicable("no policy looks a membership up in a table")
    context.proved["identities"] += len({cell.attacker.name for cell in cells})
    context.proved["probes"] += sum(len(cell.outcomes) for cell in cells)
    known = ordinary(context)
    left = [cell for cell in cells if cell.reached and (cell.relation.label, cell.command) not in known]
    for label, found in by_relation(left):
        commands = ", ".join(dict.fromkeys(cell.command.upper() for cell in found))
        summary = f"{names(cell.attacker for cell in found)} still reaches rows by {commands} ({found[0].worst})"
        yield finding(context, "memberships", found, summary, key=f"memberships:{label}")
