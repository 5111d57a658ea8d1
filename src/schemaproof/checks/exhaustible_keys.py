"""Keys that count up have room to."""

from collections.abc import Iterator
from typing import Any

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["exhaustible_keys"]

# Columns with a sequence behind them (serial, identity, default nextval), and how far it is. Where the sequence counts
# down (an increment below zero) nothing is said.
_COUNTED = """
    select format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(a.attname) as column,
           pg_catalog.format_type(a.atttypid, null) as type, t.typlen as bytes, s.seqcycle as cycles,
           least(s.seqmax, (2::numeric ^ (8 * t.typlen - 1) - 1)) as capacity,
           pg_catalog.pg_sequence_last_value(s.seqrelid) as last, s.seqrelid::regclass::text as sequence,
           exists (
               select from pg_catalog.pg_index as i
               where i.indrelid = c.oid and i.indisunique and a.attnum = any (i.indkey::smallint[])
           ) as is_key
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_type as t on t.oid = a.atttypid and t.typname in ('int2', 'int4', 'int8')
    join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join lateral (
        -- an identity's sequence hangs on the column, a default on the sequence
        select d.objid as oid from pg_catalog.pg_depend as d
        where
            d.classid = 'pg_catalog.pg_class'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
            and d.refobjid = c.oid and d.refobjsubid = a.attnum and d.deptype in ('a', 'i')
        union
        select d.refobjid from pg_catalog.pg_attrdef as f
        join pg_catalog.pg_depend as d
            on d.classid = 'pg_catalog.pg_attrdef'::regclass and d.objid = f.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass
        where f.adrelid = c.oid and f.adnum = a.attnum
    ) as o on true
    join pg_catalog.pg_sequence as s on s.seqrelid = o.oid and s.seqincrement > 0
    where a.attnum > 0 and not a.attisdropped
    order by 1, 2
"""
_NARROW = """
    select format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(k.conname) as name,
           quote_ident(a.attname) as column, pg_catalog.format_type(a.atttypid, null) as type,
           pg_catalog.format_type(b.atttypid, null) as wanted, k.confrelid::regclass::text as parent,
           a.attlen < b.attlen as narrow
    from pg_catalog.pg_constraint as k
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    cross join unnest(k.conkey, k.confkey) as pair (here, there)
    join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = pair.here
    join pg_catalog.pg_attribute as b on b.attrelid = k.confrelid and b.attnum = pair.there
    where
        k.contype = 'f' and k.conparentid = 0
        and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
        and b.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
    order by 1, 2
"""
_NEAR = 0.5


@check(level=Level.WARNING)
def exhaustible_keys(context: Context) -> Iterator[Finding]:
    """One day every INSERT fails, because the key's type or its sequence is used up.

    A smallint ends at 32,767, an integer at 2,147,483,647; a rolled-back INSERT uses up a number too. A foreign key
    that is narrower than what it refers to ends earlier still, and a sequence that cycles begins to collide with its
    own past.
    """
    counted, references = context.read(_COUNTED), context.read(_NARROW)
    context.count("keys", len(counted) + len(references), "no key of the project counts up")
    for key in counted:
        if found := _end(key):
            level, summary = found
            yield _finding(
                context, key.label, key.column, level, summary, f"bigint generated … as identity, not {key.type}"
            )
    for key in references:
        if key.narrow:
            summary = f"{key.column} of {key.label} is {key.type} and refers to a {key.wanted} of {key.parent}"
            yield _finding(context, key.label, key.column, Level.WARNING, summary, key.wanted)


def _end(key: Any) -> tuple[Level, str] | None:
    column = f"{key.column} of {key.label}"
    if key.last is not None and key.last > _NEAR * float(key.capacity):
        share = int(100 * key.last / float(key.capacity))
        return Level.WARNING, f"{key.sequence}, behind {column}, has used up {share} % of its numbers"
    if key.cycles and key.is_key:
        return Level.WARNING, f"{key.sequence}, behind the key {column}, starts anew at its end and then collides"
    if key.is_key and key.bytes == 2:
        return Level.WARNING, f"the key {column} is a smallint and ends at 32,767"
    if key.is_key and key.bytes == 4:
        return Level.NOTE, f"the key {column} is an integer and ends at 2,147,483,647"
    return None


def _finding(context: Context, label: str, column: str, level: Level, summary: str, wanted: str) -> Finding:
    return Finding(
        "exhaustible_keys",
        f"{label}.{column}",
        summary,
        f"Make it {wanted}, while the table is small.",
        level=level,
        location=context.locate("column", f"{label}.{column}"),
    )
