"""A column that tells when its row was changed is kept by a trigger."""

from collections.abc import Iterator
from typing import Any

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["updated_at"]

# A BEFORE UPDATE row trigger keeps the column whose function names it, takes its name as an argument (moddatetime), or
# is in a language that is not read here. Bits of tgtype: 1 row, 2 before, 16 update.
_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(a.attname) as column,
           quote_ident('set_' || a.attname) as trigger,
           exists (
               select
               from pg_catalog.pg_trigger as t
               join pg_catalog.pg_proc as p on p.oid = t.tgfoid
               join pg_catalog.pg_language as l on l.oid = p.prolang
               where
                   t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgtype::int & 19 = 19
                   and (
                       p.prosrc ~* ('\\m' || a.attname || '\\M') or p.prosrc ~* '\\mtg_argv\\M'
                       or position(convert_to(a.attname, 'UTF8') in t.tgargs) > 0 or l.lanname not in ('plpgsql', 'c')
                   )
           ) as kept
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    where
        a.attname in ('updated_at', 'modified_at', 'updated_on', 'modified_on', 'last_modified', 'last_modified_at')
        and not a.attisdropped and a.attgenerated = ''
    order by 1, 2
"""


@check(level=Level.WARNING)
def updated_at(context: Context) -> Iterator[Finding]:
    """A row says that it was changed last when it was made, and a sync, a cache or an audit believes it.

    A default is for INSERT only. A warning where other tables of the project have the trigger and this one was
    forgotten; where none has, the application is taken to keep the columns, and one note says so.
    """
    columns = context.read(_QUERY)
    context.count("columns", len(columns), "no table tells when its rows were changed")
    forgotten = [column for column in columns if not column.kept]
    if len(forgotten) == len(columns):
        yield _summary(context, forgotten)
        return
    for column in forgotten:
        yield Finding(
            "updated_at",
            f"{column.label}.{column.column}",
            f"no trigger keeps {column.column} of {column.label}",
            f"create trigger {column.trigger} before update on {column.label} for each row execute function …;",
            level=Level.WARNING,
            location=context.locate("column", f"{column.label}.{column.column}"),
        )


def _summary(context: Context, columns: list[Any]) -> Finding:
    return Finding(
        "updated_at",
        "schema",
        f"no trigger keeps a column that tells when its row was changed, of which there are: {len(columns)}",
        "Write one trigger function, and a BEFORE UPDATE trigger on each table: an UPDATE in SQL forgets them.",
        level=Level.NOTE,
        detail="\n".join(f"{column.label}.{column.column}" for column in columns),
        location=context.locate("column", f"{columns[0].label}.{columns[0].column}"),
    )
