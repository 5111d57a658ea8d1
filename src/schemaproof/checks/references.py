"""No row of one tenant can refer to a row of another."""

from collections.abc import Iterator

from schemaproof.attack import Borrowing
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import require_tenants, written_by_member
from schemaproof.findings import Finding, Level

__all__ = ["references"]


@check(level=Level.ERROR)
def references(context: Context) -> Iterator[Finding]:
    """A row of one tenant hangs under a row of another.

    Referential integrity checks pass row-level security by (manual, Row Security Policies). A member of A inserts a row
    of its own with B's parent: where nothing stops it, A learns which keys exist, keeps B from deleting the parent or
    loses rows with it, and whatever joins the two mixes tenants.
    """
    require_tenants(context)
    tried = [
        found
        for found in context.borrowings
        if found.foreign_key and found.foreign_key.to in context.arena.discovery.owned
    ]
    if not tried:
        raise NotApplicable("no member may insert a row that refers to a row of a tenant")
    context.proved["foreign keys"] += len(tried)
    member = context.member
    seen = {row.relation for row in context.campaign.visible_to(member)}
    boundary = context.arena.discovery.boundary
    for found in tried:
        key = found.foreign_key
        if key is None or found.answer.sqlstate is not None or key.to in seen:
            continue
        of_users = boundary is None or boundary.of_users
        yield _finding(context, found, Level.WARNING if of_users else Level.ERROR)


def _finding(context: Context, found: Borrowing, level: Level) -> Finding:
    key, label = found.foreign_key, found.relation.label
    name, to = (key.name, key.to) if key else ("", "")
    return Finding(
        "references",
        f"{label}.{name}",
        f"{label}: {context.member.name} puts a row of its own under a row of another tenant in {to} (foreign key"
        f" {name})",
        f"Put the tenant's column into the foreign key, or have a policy check the row of {to}.",
        level=level,
        detail=written_by_member(context, found),
        location=context.locate("constraint", f"{label}.{name}"),
        key=f"references:{label}:{name}",
    )
