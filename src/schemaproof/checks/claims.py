"""Tokens and settings that are missing, empty, malformed or of another shape open nothing."""

from collections.abc import Iterator

from schemaproof.attack import Kind
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import by_relation, finding, names, ordinary, require_tenants
from schemaproof.findings import Finding, Level

__all__ = ["claims"]


@check(level=Level.ERROR)
def claims(context: Context) -> Iterator[Finding]:
    """A token or setting that is missing, empty or malformed opens the rows of all tenants.

    A pooled connection leaves the setting empty and not absent; a coalesce, an `is not distinct from` or a cast makes
    something of it. Every claim that policies read is tried empty, null, as another type, malformed, in other case,
    under another name and in the wrong place of the token.
    """
    require_tenants(context)
    cells = list(context.campaign.of(Kind.TOKEN))
    if not cells:
        raise NotApplicable("no policy reads a claim or a setting that tells tenants apart")
    context.proved["identities"] += len({cell.attacker.name for cell in cells})
    context.proved["probes"] += sum(len(cell.outcomes) for cell in cells)
    known = ordinary(context)
    left = [cell for cell in cells if cell.reached and (cell.relation.label, cell.command) not in known]
    for label, found in by_relation(left):
        commands = ", ".join(dict.fromkeys(cell.command.upper() for cell in found))
        summary = f"callers with {names(cell.attacker for cell in found)} reach rows by {commands} ({found[0].worst})"
        yield finding(context, "claims", found, summary, key=f"claims:{label}")
