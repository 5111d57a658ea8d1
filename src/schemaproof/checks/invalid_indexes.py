"""Every index is valid."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["invalid_indexes"]

_QUERY = """
    select format('%%I.%%I', n.nspname, x.relname) as label, format('%%I.%%I', n.nspname, c.relname) as on_table,
           i.indisvalid and i.indisready and i.indislive as valid, x.relkind = 'I' as partitioned,
           pg_catalog.pg_get_indexdef(x.oid) as definition
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as x on x.oid = i.indexrelid
    join pg_catalog.pg_class as c on c.oid = i.indrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    order by 1
"""


@check(level=Level.ERROR)
def invalid_indexes(context: Context) -> Iterator[Finding]:
    """An index is kept up by every write and used by no query; a unique one may not hold what it promises.

    A CREATE INDEX CONCURRENTLY that fails leaves an invalid index (manual, CREATE INDEX), and IF NOT EXISTS passes it
    over the next time. One of a partitioned table made with ON ONLY stays invalid until every partition has its own
    attached.
    """
    indexes = context.read(_QUERY)
    context.count("indexes", len(indexes), "the project has no index")
    for index in indexes:
        if not index.valid:
            yield Finding(
                "invalid_indexes",
                index.label,
                f"the index {index.label} on {index.on_table} is invalid",
                "Attach an index of every partition: alter index … attach partition …;"
                if index.partitioned
                else f"drop index {index.label}; then make it anew.",
                detail=index.definition,
                location=context.locate("index", index.label) or context.locate("table", index.on_table),
            )
