"""A membership opens its own tenant and no other, and only while it lasts."""

from collections.abc import Iterator, Sequence

from psycopg import sql

from schemaproof.attack import Cell, Kind, admit, script, text
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import by_relation, finding, names, ordinary, place, require_tenants
from schemaproof.findings import Finding, Level
from schemaproof.surface import Policy, Relation

__all__ = ["memberships"]


@check(level=Level.ERROR)
def memberships(context: Context) -> Iterator[Finding]:
    """A user whose membership has ended still reaches the tenant's rows, or one lets himself in.

    Where policies look memberships up in a table, a member's row is taken away, marked as ended in each way that the
    table knows, or joined by a second one, and the tables are attacked again. A user also tries to write the row that
    would let him in.
    """
    require_tenants(context)
    cells = list(context.campaign.of(Kind.MEMBERSHIP))
    if not context.arena.discovery.memberships:
        raise NotApplicable("no policy looks a membership up in a table")
    context.proved["tables"] += len(context.arena.discovery.memberships)
    context.proved["identities"] += len({cell.attacker.name for cell in cells})
    context.proved["probes"] += sum(len(cell.outcomes) for cell in cells)
    known = ordinary(context)
    left = [cell for cell in cells if cell.reached and (cell.relation.label, cell.command) not in known]
    contrasts, reached = {cell.attacker.contrast for cell in cells}, _reached_by_name(cells)
    left = [cell for cell in left if cell.attacker.name not in contrasts and not _contrasts(cell, reached)]
    yield from _self_made(context)
    for label, found in by_relation(left):
        commands = ", ".join(dict.fromkeys(cell.command.upper() for cell in found))
        summary = f"{names(cell.attacker for cell in found)} still reaches rows by {commands} ({found[0].worst})"
        yield finding(context, "memberships", found, summary, key=f"memberships:{label}")


def _reached_by_name(cells: Sequence[Cell]) -> set[tuple[str, str, str]]:
    return {(cell.attacker.name, cell.relation.label, cell.command) for cell in cells if cell.reached}


def _contrasts(cell: Cell, reached: set[tuple[str, str, str]]) -> bool:
    """Tell whether the same is reached without the row that was marked: by another right of the user's."""
    # What goes into the table of memberships itself has no like without the row that was marked.
    itself = cell.command == "insert" and cell.attacker.contrast.endswith(f" {cell.relation.label}")
    return itself or (cell.attacker.contrast, cell.relation.label, cell.command) in reached


def _self_made(context: Context) -> Iterator[Finding]:
    """Rows by which a user lets himself in: into a tenant, a project, somebody's share."""
    known = tuple(context.campaign.visible_to(context.member))
    told = set()
    for found in admit(context.arena, context.member, "B", known):
        context.proved["probes"] += 1
        label = found.relation.label
        if not found.opened or label in told:
            continue
        told.add(label)
        opened = sorted({place.rpartition(".")[0] for _, place in found.opened})
        yield Finding(
            "memberships",
            label,
            f"{label}: {context.member.name} inserts a row that lets him in, and reads another tenant's rows of"
            f" {', '.join(opened)}",
            "Let only those insert who are in already, or a function that checks an invitation.",
            detail=script(context.member, found.statement, text("select * from {}", sql.SQL(opened[0]))),
            location=place(context, found.relation, _insert_policy(context, found.relation)),
            key=f"memberships:{label}:self-made",
        )


def _insert_policy(context: Context, relation: Relation) -> Policy | None:
    role = context.arena.cast.member
    return next(
        (policy for policy in relation.policies if policy.permissive and policy.applies("insert", [role])), None
    )
