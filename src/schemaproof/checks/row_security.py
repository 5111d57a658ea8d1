"""Row-level security is switched on, and forced on owners, for every table of the project."""

from collections.abc import Iterator
from typing import Any

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level

__all__ = ["row_security"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label, c.relrowsecurity as enabled,
           c.relforcerowsecurity as forced, o.rolname::text as owner, o.rolsuper or o.rolbypassrls as owner_bypasses,
           (select count(*) from pg_catalog.pg_policy as p where p.polrelid = c.oid) as policies,
           exists (
               select from pg_catalog.pg_attribute as a
               where a.attrelid = c.oid and a.attname = %(column)s and not a.attisdropped
           ) as of_tenants
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_roles as o on o.oid = c.relowner
    where
        n.nspname = any (%(schemas)s) and c.relkind in ('r', 'p')
        and not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
    order by 1
"""


@check(level=Level.ERROR)
def row_security(context: Context) -> Iterator[Finding]:
    """A table without row-level security is open to every role that a grant, or a default privilege, lets in.

    Enabled: the policies hold for everyone but the owner; without it they do nothing at all. Forced: for the owner too,
    unless it has BYPASSRLS. A partition needs its own: its parent's holds only for who asks the parent.
    """
    tables = context.read(_QUERY, column=context.target.tenancy.column)
    if not context.session.platform.api_roles and not any(table.enabled or table.policies for table in tables):
        raise NotApplicable("the project does not use row-level security")
    context.proved["tables"] += len(tables)
    for table in tables:
        if not table.enabled:
            yield _not_enabled(context, table)
        elif not table.forced and not table.owner_bypasses:
            yield _finding(context, table, f"row-level security does not hold for {table.owner}, its owner", "force")
    yield from _ineffective(context, [found for found in tables if found.enabled and not found.forced])


def _not_enabled(context: Context, table: Any) -> Finding:
    """A table that requests write to, or that has policies or the tenant's column, is no list for all to read."""
    reach = {
        role: context.reach[table.label, role] for role in context.asking_roles if (table.label, role) in context.reach
    }
    written = any(found.commands - {"select"} for found in reach.values()) and context.session.platform.api_roles
    harm = reach and (written or table.policies or table.of_tenants)
    summary = f"row-level security is not enabled on {table.label}"
    if reach:
        summary += f", which {' and '.join(reach)} may reach"
    if table.policies:
        summary += ": its policies do nothing"
    detail = "\n".join(f"{role}: {', '.join(sorted(found.commands))}" for role, found in reach.items())
    read = Level.WARNING if reach and context.session.platform.api_roles else Level.NOTE
    return _finding(
        context, table, summary, "enable", level=Level.ERROR if harm else read, detail=detail, audience=tuple(reach)
    )


def _finding(
    context: Context,
    table: Any,
    summary: str,
    verb: str,
    *,
    level: Level = Level.WARNING,
    detail: str = "",
    audience: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        "row_security",
        table.label,
        summary if table.label in summary else f"{table.label}: {summary}",
        f"alter table {table.label} {verb} row level security;",
        level=level,
        detail=detail,
        location=context.locate("table", table.label),
        key=f"row_security:{table.label}:{verb}",
        audience=audience,
    )


def _ineffective(context: Context, tables: list[Any]) -> Iterator[Finding]:
    """One note for all tables of an owner whom FORCE would not stop either: it tells before the owner changes."""
    for owner in sorted({table.owner for table in tables if table.owner_bypasses}):
        labels = [table.label for table in tables if table.owner == owner]
        yield Finding(
            "row_security",
            owner,
            f"row-level security is not forced on tables of {owner}, which bypasses it today: {len(labels)}",
            "alter table … force row level security; it costs nothing, and holds when another role owns the table.",
            level=Level.NOTE,
            detail="\n".join(labels),
            location=context.locate("table", labels[0]),
            key=f"row_security:{owner}:force",
        )
