"""What stands before the tables shows no more than they do: views, materialised views, foreign tables."""

from collections.abc import Iterator

from schemaproof.attack import Gain, script, views_attacked
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import callers, require_tenants
from schemaproof.findings import Finding, Level
from schemaproof.surface import Relation

__all__ = ["views"]

_KINDS = {"v": "view", "m": "materialised view", "f": "foreign table"}


@check(level=Level.ERROR)
def views(context: Context) -> Iterator[Finding]:
    """A view shows or changes rows of another tenant.

    A view reads with the rights of its owner unless it is made with security_invoker; a materialised view and a
    foreign table know no row-level security at all. Each one that a request may read is read as a member of A, as a
    visitor and as a login without claims, and what it shows is searched for B's values; each one that can be written
    is written through.
    """
    require_tenants(context)
    found = [relation for relation in context.arena.discovery.relations if relation.kind in _KINDS]
    if not found:
        raise NotApplicable("the schema has no views, materialised views or foreign tables")
    context.proved["views"] += len(found)
    by_api = context.arena.cast.anonymous is not None
    told: dict[tuple[str, str], tuple[Relation, Gain]] = {}
    for attacker in callers(context):
        for relation, gain in views_attacked(context.campaign, attacker, found, "B"):
            context.proved["probes"] += 1
            if gain.harm:
                told.setdefault((relation.label, "change" if gain.changed else "read"), (relation, gain))
    for (label, what), (relation, gain) in told.items():
        yield Finding(
            "views",
            label,
            f"{_KINDS[relation.kind]} {label}: {gain.attacker.name} {what}s another tenant's rows ({gain.harm})",
            _remedy(relation),
            # Behind an API nobody makes functions of his own.
            level=Level.WARNING if by_api and "pg_temp.spy" in gain.statement else Level.ERROR,
            detail=script(gain.attacker, gain.statement),
            location=context.locate(_KINDS[relation.kind].replace("materialised", "materialized"), label),
            key=f"views:{label}:{what}",
        )


def _remedy(relation: Relation) -> str:
    if relation.kind == "v":
        return f"alter view {relation.label} set (security_invoker = on); or filter by the caller's tenant in it."
    return "Revoke it from the roles that requests come as, and give them a function that filters by the tenant."
