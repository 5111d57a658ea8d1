"""Row-level security is switched on, and forced on owners, for every table of the project."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["row_security"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname), c.relrowsecurity, c.relforcerowsecurity
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = any (%(schemas)s) and c.relkind in ('r', 'p')
    order by 1
"""


@check(level=Level.ERROR)
def row_security(context: Context) -> Iterator[Finding]:
    """A table without row-level security is open to every role that a grant, or a default privilege, lets in.

    Enabled: the policies hold for everyone but the owner. Forced: for the owner too, unless it has BYPASSRLS.
    """
    for label, enabled, forced in context.connection.execute(_QUERY, {"schemas": list(context.schemas)}):
        context.proved["tables"] += 1
        if enabled and forced:
            continue
        word, level = ("not forced", Level.WARNING) if enabled else ("not enabled", Level.ERROR)
        verb = "force" if enabled else "enable"
        yield Finding(
            "row_security",
            label,
            f"row-level security is {word} on {label}",
            f"alter table {label} {verb} row level security;",
            level=level,
            location=context.locate("table", label),
            key=f"row_security:{label}:{verb}",
        )
