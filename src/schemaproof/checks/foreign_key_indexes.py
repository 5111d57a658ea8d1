"""Foreign keys have an index that finds the referencing rows."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["foreign_key_indexes"]

# An index serves where its first columns are the key's in any order, or where all of its columns are among the key's
# and it does not start with the tenant. A predicate may only ask that a column of the key is not null.
_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(k.conname) as name, k.confdeltype as action,
           pg_catalog.pg_get_constraintdef(k.oid) as definition,
           (
               select string_agg(quote_ident(a.attname), ', ' order by p.place)
               from unnest(k.conkey) with ordinality as p (attnum, place)
               join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = p.attnum
           ) as columns,
           exists (
               select
               from pg_catalog.pg_index as i
               join pg_catalog.pg_class as x on x.oid = i.indexrelid
               join pg_catalog.pg_am as m on m.oid = x.relam and m.amname in ('btree', 'hash')
               cross join lateral (select (i.indkey::smallint[])[0:i.indnkeyatts - 1] as keys) as t
               left join pg_catalog.pg_attribute as f on f.attrelid = i.indrelid and f.attnum = i.indkey[0]
               where
                   i.indrelid = k.conrelid
                   and i.indisvalid
                   and (
                       (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
                       and i.indnkeyatts >= cardinality(k.conkey)
                       or t.keys <@ k.conkey and f.attname is distinct from %(column)s
                   )
                   and (
                       i.indpred is null
                       or exists (
                           select from pg_catalog.pg_attribute as a
                           where
                               a.attrelid = k.conrelid and a.attnum = any (k.conkey)
                               and pg_catalog.pg_get_expr(i.indpred, i.indrelid)
                                   = format('(%%I IS NOT NULL)', a.attname)
                       )
                   )
           ) as served
    from pg_catalog.pg_constraint as k
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    where k.contype = 'f' and k.conparentid = 0
    order by 1, 2
"""
_ACTIONS = {"c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


@check(level=Level.WARNING)
def foreign_key_indexes(context: Context) -> Iterator[Finding]:
    """Deleting one row reads the whole of every table that refers to it.

    PostgreSQL makes no index on the referencing side of a foreign key (manual, Foreign Keys): whatever the action, each
    deleted or re-keyed parent is looked for in the child, once a row. Joins along the key want the same index.
    """
    keys = context.read(_QUERY, column=context.target.tenancy.column)
    context.count("foreign keys", len(keys), "the project has no foreign key")
    for key in keys:
        if key.served:
            continue
        action = _ACTIONS.get(key.action)
        yield Finding(
            "foreign_key_indexes",
            f"{key.label}.{key.name}",
            f"no index serves the foreign key {key.name} of {key.label}"
            + (f", whose ON DELETE {action} looks for its rows" if action else ""),
            f"create index on {key.label} ({key.columns});",
            level=Level.WARNING if action else Level.NOTE,
            detail=key.definition,
            location=context.locate("constraint", f"{key.label}.{key.name}"),
        )
