"""No index is kept up for what another one does."""

from collections.abc import Iterator
from typing import Any

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["redundant_indexes"]

# Each index `x` with another one `y` of its table that does all that it does: the same keys, or keys that begin with
# its own. Only what is no constraint and promises no uniqueness that `y` does not promise can go.
_QUERY = """
    with indexes as materialized (
        select i.indexrelid as oid, i.indrelid, x.relam, i.indisunique as is_unique, i.indnkeyatts as keys,
               (i.indkey::smallint[])[0:i.indnkeyatts - 1] as columns, (i.indclass::oid[])[0:] as classes,
               (i.indcollation::oid[])[0:] as collations, (i.indoption::smallint[])[0:] as options,
               (i.indkey::smallint[])[i.indnkeyatts:] as included,
               coalesce(pg_catalog.pg_get_expr(i.indexprs, i.indrelid), '') as expressions,
               coalesce(pg_catalog.pg_get_expr(i.indpred, i.indrelid), '') as predicate,
               exists (
                   -- its own, or a foreign key's that leans on it
                   select from pg_catalog.pg_constraint as k where k.conindid = i.indexrelid
               ) as constrains,
               i.indisreplident as identifies,
               format('%%I.%%I', n.nspname, x.relname) as label, format('%%I.%%I', n.nspname, c.relname) as on_table,
               pg_catalog.pg_get_indexdef(i.indexrelid) as definition, m.amname
        from pg_catalog.pg_index as i
        join pg_catalog.pg_class as x on x.oid = i.indexrelid
        join pg_catalog.pg_class as c on c.oid = i.indrelid and not c.relispartition
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
        join pg_catalog.pg_am as m on m.oid = x.relam
        where i.indisvalid
    )
    select x.label, x.on_table, x.definition, y.label as other, y.definition as other_definition,
           y.keys = x.keys as same
    from indexes as x
    join indexes as y
        on y.indrelid = x.indrelid and y.oid <> x.oid and y.relam = x.relam and y.predicate = x.predicate
        and y.columns[1:x.keys] = x.columns and y.classes[1:x.keys] = x.classes[1:x.keys]
        and y.collations[1:x.keys] = x.collations[1:x.keys] and y.options[1:x.keys] = x.options[1:x.keys]
    where
        not x.constrains
        and not x.identifies
        and (not x.is_unique or y.is_unique and y.keys = x.keys)
        and x.included <@ (y.columns || y.included)
        and case
            when y.keys = x.keys then
                y.expressions = x.expressions
                -- of two that are the same in everything one stays
                and (y.constrains or y.is_unique and not x.is_unique
                    or cardinality(y.included) > cardinality(x.included)
                    or y.is_unique = x.is_unique and y.included = x.included and y.oid < x.oid)
            else x.amname = 'btree' and 0 <> all (x.columns)
        end
    order by x.label, same desc, y.label
"""
_COUNT = """
    select count(*) as number
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as c on c.oid = i.indrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
"""


@check(level=Level.WARNING)
def redundant_indexes(context: Context) -> Iterator[Finding]:
    """Every write keeps up an index that no query needs, since another one does the same.

    Two indexes are the same where method, keys, operator classes, collations, order, expressions and predicate are. One
    that is the beginning of another is needed only where it is much the smaller: a note.
    """
    context.count("indexes", context.read(_COUNT)[0].number, "the project has no index")
    told: set[str] = set()
    for pair in context.read(_QUERY):
        if pair.label not in told:
            told.add(pair.label)
            yield _finding(context, pair)


def _finding(context: Context, pair: Any) -> Finding:
    return Finding(
        "redundant_indexes",
        pair.label,
        f"{pair.label} does nothing that {pair.other} does not do"
        if pair.same
        else f"{pair.label} is the beginning of {pair.other}, which serves the same conditions",
        f"drop index {pair.label};",
        level=Level.WARNING if pair.same else Level.NOTE,
        detail=f"{pair.definition}\n{pair.other_definition}",
        location=context.locate("index", pair.label) or context.locate("table", pair.on_table),
    )
