"""Privileges that row-level security does not govern, held by the roles that requests come as."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level

__all__ = ["privileges"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname), g.rolname::text,
           array_agg(p.privilege order by p.privilege) filter (
               where pg_catalog.has_table_privilege(g.oid, c.oid, p.privilege)
           )
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    cross join pg_catalog.pg_roles as g
    cross join unnest(%(privileges)s::text[]) as p (privilege)
    where n.nspname = any (%(schemas)s) and c.relkind in ('r', 'p') and g.rolname = any (%(roles)s)
    group by c.oid, n.nspname, c.relname, g.rolname
    order by 1, 2
"""
_UNGOVERNED = ("TRUNCATE", "REFERENCES", "TRIGGER")


@check(level=Level.ERROR)
def privileges(context: Context) -> Iterator[Finding]:
    """A request empties a table: TRUNCATE, REFERENCES, TRIGGER and MAINTAIN pass row-level security by.

    Row-level security does not apply to TRUNCATE and REFERENCES (manual, Row Security Policies); a TRIGGER privilege
    lets a role hang its own code on a table, and PostgreSQL 17's MAINTAIN lets it lock and rewrite one. Supabase's
    default privileges grant all of them to `anon` and `authenticated` on every new table of `public`.
    """
    if not context.session.platform.api_roles:
        raise NotApplicable(f"the platform {context.session.platform.name!r} has no roles that requests come as")
    asked = [*_UNGOVERNED, *(["MAINTAIN"] if context.session.server.version >= 170000 else [])]
    roles = list(context.session.platform.api_roles)
    schemas = list(context.schemas)
    found = context.connection.execute(_QUERY, {"privileges": asked, "schemas": schemas, "roles": roles})
    for label, role, held in found.fetchall():
        context.proved["privileges"] += len(asked)
        if not held:
            continue
        yield Finding(
            "privileges",
            label,
            f"{role} holds {', '.join(held)} on {label}",
            f"revoke all on table {label} from {role}; then grant what it needs.",
            level=Level.ERROR if "TRUNCATE" in held else Level.WARNING,
            location=context.locate_grant("table", label, role, held[-1]),
            key=f"privileges:{label}:{role}",
        )
