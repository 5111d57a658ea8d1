"""Tokens and settings that are missing, empty, malformed or of another shape open nothing."""

from collections.abc import Iterator

from schemaproof.attack import ROLE_CLAIM, Cell, Kind
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
    yield from _by_role_claim(context, cells)
    left = [cell for cell in cells if cell.reached and (cell.relation.label, cell.command) not in known]
    for label, found in by_relation(left):
        commands = ", ".join(dict.fromkeys(cell.command.upper() for cell in found))
        if all(cell.attacker.name == ROLE_CLAIM for cell in found):
            continue
        summary = f"callers with {names(cell.attacker for cell in found)} reach rows by {commands} ({found[0].worst})"
        yield finding(context, "claims", found, summary, key=f"claims:{label}")


def _by_role_claim(context: Context, cells: list[Cell]) -> Iterator[Finding]:
    tables = dict.fromkeys(c.relation.label for c in cells if c.reached and c.attacker.name == ROLE_CLAIM)
    if tables and not ordinary(context):
        yield Finding(
            "claims",
            next(iter(tables)),
            f"policies of {', '.join(tables)} trust the claim `role`: they hold only where role and claim are of one"
            " token",
            "Nothing behind an API that takes both from one token; else write the policy to the role.",
            level=Level.NOTE,
            key="claims:role",
        )
