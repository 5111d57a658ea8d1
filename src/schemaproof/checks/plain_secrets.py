"""Columns that hold secrets by their name, in plain text and open to requests."""

import re
from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["plain_secrets"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(a.attname) as column, a.attname::text as name,
           c.relrowsecurity and c.relkind in ('r', 'p') as guarded,
           case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
               else 'table' end as kind,
           array(
               select r.name from unnest(%(roles)s::text[]) as r (name)
               where
                   pg_catalog.has_column_privilege(r.name, c.oid, a.attnum, 'select')
                   and pg_catalog.has_schema_privilege(r.name, n.oid, 'usage')
           ) as readers
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c
        on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_type as t on t.oid = a.atttypid
    where
        a.attnum > 0 and not a.attisdropped
        and (t.typcategory = 'S' and t.typtype <> 'e' or t.typname in ('json', 'jsonb', 'bytea'))
        and not exists (
            select from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
        )
    order by 1, 2
"""
_SECRET = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|secret|credentials?|otp|pin_code"
    r"|(?:api|private|secret|signing|encryption|service|access)_?keys?"
    r"|(?:access|refresh|auth|bot|bearer|session|id|reset|api)_?tokens?|token)(?:_(?:value|text|plain|secret))?$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@check(level=Level.WARNING)
def plain_secrets(context: Context) -> Iterator[Finding]:
    """Whoever reads one row can act as its user: a password, a token or a key lies in it as it is.

    Named are columns of text, documents and bytes whose name says so, that a role of requests may read and, with
    row-level security, has a policy to read rows by. A name is a guess; hashes and ciphertexts called so are left out.
    """
    columns = context.read(_QUERY)
    context.count("columns", len(columns), "no column holds text")
    for column in columns:
        if not _SECRET.search(_CAMEL.sub("_", column.name).lower()):
            continue
        readers = [role for role in column.readers if not column.guarded or _may_read(context, column.label, role)]
        if readers:
            who = ", ".join(readers)
            yield Finding(
                "plain_secrets",
                f"{column.label}.{column.column}",
                f"{who} may read {column.column} of {column.label}, a secret by its name",
                f"Grant {who} the other columns of {column.label} only. Store a hash, or encrypt it.",
                level=Level.WARNING,
                location=context.locate("column", f"{column.label}.{column.column}")
                or context.locate(column.kind, column.label),
            )


def _may_read(context: Context, table: str, role: str) -> bool:
    return any(
        policy.table == table and policy.permissive and policy.governs("select") and policy.is_for(role)
        for policy in context.policies
    )
