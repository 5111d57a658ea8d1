"""The error of a duplicate key tells one tenant nothing of another."""

import re
from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import require_tenants, written_by_member
from schemaproof.findings import Finding, Level

__all__ = ["existence"]

_UNGUESSABLE = re.compile(r"token|secret|hash|nonce|uuid|digest|signature", re.IGNORECASE)


@check(level=Level.WARNING)
def existence(context: Context) -> Iterator[Finding]:
    """A duplicate key's error tells a tenant what another one holds.

    Unique and exclusion constraints pass row-level security by: one without the tenant's column answers a member of A
    who writes a value of B's with 23505 or 23P01. Keys that nobody can guess (UUIDs, tokens) and the tenants' own
    names tell nothing. It is a warning: a name that is unique for all may be meant so.
    """
    require_tenants(context)
    tried = context.borrowings
    if not tried:
        raise NotApplicable("no member may insert a row")
    context.proved["writes"] += len(tried)
    told = set()
    for found in tried:
        relation, answer = found.relation, found.answer
        types = {column.name: column.type for column in relation.columns}
        if not found.met or (relation.label, answer.constraint) in told:
            continue
        key = next((key for key in relation.keys if key.name == answer.constraint), None)
        columns = key.made_of if key else found.columns
        if all(types[name] == "uuid" or _UNGUESSABLE.search(name) for name in columns):
            continue
        told.add((relation.label, answer.constraint))
        yield Finding(
            "existence",
            f"{relation.label}.{answer.constraint}",
            f"{relation.label}: {answer.sqlstate} of {answer.constraint} tells a member of A that another tenant has"
            f" this {', '.join(columns)}",
            "Put the tenant's column into the key; if the value is unique for all on purpose, exclude this with the"
            " reason.",
            level=Level.WARNING,
            detail=written_by_member(context, found),
            location=context.locate("index", f"{relation.schema}.{answer.constraint}"),
            key=f"existence:{relation.label}:{answer.constraint}",
        )
