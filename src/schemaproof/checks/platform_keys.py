"""Foreign keys into the platform's tables use their primary keys."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level

__all__ = ["platform_keys"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(k.conname) as name,
           p.oid::regclass::text as parent, pg_catalog.pg_get_constraintdef(k.oid) as definition,
           i.indisprimary as primary
    from pg_catalog.pg_constraint as k
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_class as p on p.oid = k.confrelid
    join pg_catalog.pg_namespace as o
        on o.oid = p.relnamespace and o.nspname in ('auth', 'storage', 'realtime', 'vault')
    join pg_catalog.pg_index as i on i.indexrelid = k.conindid
    where k.contype = 'f' and k.conparentid = 0
    order by 1, 2
"""


@check(level=Level.WARNING)
def platform_keys(context: Context) -> Iterator[Finding]:
    """The platform cannot change its own table, because a foreign key of the project holds one of its keys.

    Primary keys of `auth` and `storage` are stable, other unique keys there are not: an upgrade that drops one fails on
    the foreign key that leans on it, and the project is left behind.
    """
    if context.session.platform.name != "supabase":
        raise NotApplicable(f"the platform {context.session.platform.name!r} has no tables of its own")
    keys = context.read(_QUERY)
    context.count("foreign keys", len(keys), "no foreign key refers to the platform's tables")
    for key in keys:
        if not key.primary:
            yield Finding(
                "platform_keys",
                f"{key.label}.{key.name}",
                f"{key.name} of {key.label} refers to a key of {key.parent} that is not its primary key",
                f"Refer to the primary key of {key.parent}.",
                level=Level.WARNING,
                detail=key.definition,
                location=context.locate("constraint", f"{key.label}.{key.name}"),
            )
