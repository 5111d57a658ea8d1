"""Tables with row-level security and no policy that lets anyone in."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.checks._paste import to
from schemaproof.findings import Finding, Level

__all__ = ["policyless_tables"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label,
           exists (select from pg_catalog.pg_policy as p where p.polrelid = c.oid and p.polpermissive) as permissive,
           exists (select from pg_catalog.pg_policy as p where p.polrelid = c.oid) as restrictive
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    where c.relkind in ('r', 'p') and not c.relispartition and c.relrowsecurity
    order by 1
"""


@check(level=Level.WARNING)
def policyless_tables(context: Context) -> Iterator[Finding]:
    """Every request finds the table empty, without an error, and nobody knows why.

    Row-level security without a permissive policy denies all (manual, Row Security Policies); restrictive ones only
    narrow what permissive ones let in. That is right for a table that no request is granted, and such a one is not
    named.
    """
    tables = context.read(_QUERY)
    context.count("tables", len(tables), "no table has row-level security enabled")
    for table in tables:
        roles = [role for role in context.asking_roles if (table.label, role) in context.reach]
        if table.permissive or not roles:
            continue
        meant = table.restrictive or not all(context.reach[table.label, role].blanket for role in roles)
        yield Finding(
            "policyless_tables",
            table.label,
            f"{table.label} is granted to {', '.join(roles)} and has "
            + ("restrictive policies only" if table.restrictive else "no policy")
            + ": nobody reaches a row",
            f"Write the policy, or revoke all on table {table.label} from {to(*roles)};",
            level=Level.WARNING if meant else Level.NOTE,
            location=context.locate("table", table.label),
        )
