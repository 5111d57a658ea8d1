"""Indexes that row-level security keeps requests from."""

from collections.abc import Iterator
from typing import Any

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy
from schemaproof.reach import Reach
from schemaproof.references import call_of, nodes, operator_of, parse_expression

__all__ = ["barred_indexes"]

# Each index of a table with row-level security, and for each of its keys whether the operator that it is for is
# leakproof: equality for B-tree and hash, whatever the class knows otherwise. A pattern class is for LIKE, which is
# not.
_QUERY = """
    with classes as materialized (
        select o.oid, not o.opcname like '%%\\_pattern\\_ops' and coalesce(bool_or(f.proleakproof), false) as leakproof
        from pg_catalog.pg_opclass as o
        join pg_catalog.pg_am as m on m.oid = o.opcmethod
        left join pg_catalog.pg_amop as p
            on p.amopfamily = o.opcfamily and p.amoppurpose = 's' and p.amoplefttype = o.opcintype
            and (m.amname <> 'btree' or p.amopstrategy = 3)
        left join pg_catalog.pg_operator as r on r.oid = p.amopopr
        left join pg_catalog.pg_proc as f on f.oid = r.oprcode
        group by o.oid, o.opcname
    )
    select format('%%I.%%I', n.nspname, x.relname) as label, format('%%I.%%I', n.nspname, c.relname) as on_table,
           pg_catalog.pg_get_indexdef(x.oid) as definition,
           array(
               select case when k.attnum = 0 then pg_catalog.pg_get_indexdef(x.oid, k.place::int, true) end
               from unnest(i.indkey::smallint[]) with ordinality as k (attnum, place)
               where k.place <= i.indnkeyatts
           ) as expressions,
           array(
               select o.leakproof
               from unnest((i.indclass::oid[])[0:]) with ordinality as k (class, place)
               join classes as o on o.oid = k.class
               where k.place <= i.indnkeyatts
               order by k.place
           ) as leakproof
    from pg_catalog.pg_index as i
    join pg_catalog.pg_class as x on x.oid = i.indexrelid
    join pg_catalog.pg_class as c on c.oid = i.indrelid and c.relrowsecurity and not c.relispartition
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    where not i.indisunique and not i.indisexclusion
    order by 1
"""
_LEAKPROOF = """
    select distinct p.proname::text as name from pg_catalog.pg_proc as p where p.proleakproof
    union
    select o.oprname
    from pg_catalog.pg_operator as o
    join pg_catalog.pg_proc as p on p.oid = o.oprcode and p.proleakproof
"""


@check(level=Level.NOTE)
def barred_indexes(context: Context) -> Iterator[Finding]:
    """An index is made for the API and never used by it: row-level security evaluates the policy first.

    A condition whose operator or function is not leakproof must not see a row that the policy has not let pass, so that
    it cannot be an index's condition (manual, Row Security Policies; measured: never used under any policy). That is so
    for @> and @@, LIKE, expressions of lower(), equality of enums and jsonb. Who bypasses the policies still uses it.
    """
    indexes = context.read(_QUERY)
    context.count("indexes", len(indexes), "no table with row-level security has an index of its own")
    leakproof = {found.name for found in context.read(_LEAKPROOF)}
    policies: dict[str, list[Policy]] = {}
    for policy in context.policies:
        policies.setdefault(policy.table, []).append(policy)
    for index in indexes:
        asked = policies.get(index.on_table, [])
        roles = [role for role in context.asking_roles if _is_kept(context, asked, index.on_table, role)]
        keys = zip(index.leakproof, index.expressions, strict=True)
        if roles and not any(serves and _is_leakproof(expression, leakproof) for serves, expression in keys):
            yield _finding(context, index, roles)


def _is_kept(context: Context, policies: list[Policy], table: str, role: str) -> bool:
    """Tell whether a role may select and meets a policy's condition doing so."""
    held = context.reach.get((table, role), Reach())
    asked = [policy for policy in policies if policy.governs("select") and policy.is_for(role)]
    return "select" in held.commands and bool(asked) and all(policy.using != "true" for policy in asked)


def _is_leakproof(expression: str | None, leakproof: set[str]) -> bool:
    for node in nodes(parse_expression(expression) if expression else None):
        called, operator = call_of(node), operator_of(node)
        if (called and called.name not in leakproof) or (operator and operator not in leakproof):
            return False
    return True


def _finding(context: Context, index: Any, roles: list[str]) -> Finding:
    return Finding(
        "barred_indexes",
        index.label,
        f"row-level security keeps {' and '.join(roles)} from using {index.label}",
        "Ask through a function that filters by the caller itself, or drop the index when nobody else uses it.",
        level=Level.NOTE,
        detail=index.definition,
        location=context.locate("index", index.label) or context.locate("table", index.on_table),
    )
