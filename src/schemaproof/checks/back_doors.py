"""Nothing that a caller can choose opens the rows of another tenant: own metadata, headers, settings."""

from collections.abc import Iterator
from dataclasses import replace

from schemaproof.attack import Cell, Kind
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import finding, ordinary, require_tenants
from schemaproof.findings import Finding, Level

__all__ = ["back_doors"]


@check(level=Level.ERROR)
def back_doors(context: Context) -> Iterator[Finding]:
    """A policy trusts what the caller can choose: user_metadata, a header, a setting of no token.

    Users edit their own user_metadata; request headers are the caller's; a custom setting can be set by whoever can
    run SQL or call a function that sets it. A member of A brings each along with B's key, or with the value that the
    policy waits for. Where tenants are told apart by a setting anyway, whoever sets that one can set the others: such
    a door is then a warning.
    """
    require_tenants(context)
    cells = list(context.campaign.of(Kind.BACK_DOOR))
    if not cells:
        raise NotApplicable("no policy reads anything that a caller could choose")
    context.proved["doors"] += len({cell.attacker.name for cell in cells})
    context.proved["probes"] += sum(len(cell.outcomes) for cell in cells)
    known = ordinary(context)
    doors: dict[str, list[Cell]] = {}
    for cell in cells:
        if cell.reached and (cell.relation.label, cell.command) not in known:
            doors.setdefault(cell.attacker.name.partition(" with ")[2], []).append(cell)
    level = Level.WARNING if context.arena.cast.anonymous is None else None
    for door, found in doors.items():
        tables = list(dict.fromkeys(cell.relation.label for cell in found))
        more = f" and {len(tables) - 1} more tables" if len(tables) > 1 else ""
        summary = f"a caller with {door} reaches another tenant's rows here{more}"
        made = finding(context, "back_doors", found, summary, key=f"back_doors:{door}", level=level)
        yield replace(made, remedy="Trust only what the issuer of the token sets, such as app_metadata.")
