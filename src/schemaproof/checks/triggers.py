"""What a member writes into its own rows changes and copies nothing of another tenant's."""

from collections.abc import Iterator

from schemaproof.attack import Borrowing
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import require_tenants, written_by_member
from schemaproof.findings import Finding, Level

__all__ = ["triggers"]


@check(level=Level.ERROR)
def triggers(context: Context) -> Iterator[Finding]:
    """A trigger changes rows of another tenant, or copies from them, when a member writes a row of its own.

    A trigger function that is SECURITY DEFINER sees everything and believes what the row says. A member of A inserts
    rows of its own with B's values in each column; B's rows are counted before and after, and the new row is searched
    for what was not given.
    """
    require_tenants(context)
    tried = [found for found in context.borrowings if found.answer.sqlstate is None]
    if not tried:
        raise NotApplicable("no member may insert a row")
    context.proved["writes"] += len(tried)
    seen = {row.relation for row in context.campaign.visible_to(context.member)}
    told = set()
    for found in tried:
        changed = [label for label in found.changed if label not in seen or label == found.relation.label]
        if (changed or found.shown) and found.relation.label not in told:
            told.add(found.relation.label)
            yield _finding(context, found, changed)


def _finding(context: Context, found: Borrowing, changed: list[str]) -> Finding:
    columns = sorted({place for _, place in found.shown})
    what = (
        f"changes rows of another tenant in {', '.join(changed)}"
        if changed
        else f"copies {', '.join(columns[:3])} of another"
    )
    trigger = context.first_trigger(found.relation.label)
    return Finding(
        "triggers",
        found.relation.label,
        f"{found.relation.label}: {context.member.name} inserts a row of its own with another tenant's"
        f" {', '.join(found.columns)}, and it {what}",
        "Have the trigger's function compare the tenant of each row that it touches or reads with the new row's.",
        detail=written_by_member(context, found),
        location=context.locate("trigger", trigger) if trigger else context.locate("table", found.relation.label),
        key=f"triggers:{found.relation.label}",
    )
