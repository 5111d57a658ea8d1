"""What requests read of guarded tables, they read through the policies."""

from collections.abc import Iterator
from typing import Any

from pglast import parse_sql
from pglast.parser import ParseError

from schemaproof.checks import Context, check
from schemaproof.checks._paste import to
from schemaproof.findings import Finding, Level
from schemaproof.references import column_of, nodes, refer

__all__ = ["unguarded_views"]

# Views with their owner's rights, materialised views and foreign tables; `guarded` are the tables with row-level
# security that they lead to, through other views too.
_QUERY = """
    with recursive uses as materialized (
        select distinct r.ev_class as view, d.refobjid as used
        from pg_catalog.pg_rewrite as r
        join pg_catalog.pg_depend as d
            on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid and d.deptype = 'n'
            and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> r.ev_class
    ), reached (view, used) as (
        select view, used from uses
        union
        select r.view, u.used from reached as r join uses as u on u.view = r.used
    )
    select format('%%I.%%I', n.nspname, c.relname) as label,
           case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'foreign table' end as kind,
           case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end as definition,
           array(
               select format('%%I.%%I', s.nspname, t.relname)
               from reached as r
               join pg_catalog.pg_class as t on t.oid = r.used and t.relrowsecurity
               join pg_catalog.pg_namespace as s on s.oid = t.relnamespace
               where
                   r.view = c.oid
                   and (o.rolsuper or o.rolbypassrls or t.relowner = o.oid and not t.relforcerowsecurity)
               order by 1
           ) as guarded
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    join pg_catalog.pg_roles as o on o.oid = c.relowner
    where
        c.relkind in ('m', 'f')
        or c.relkind = 'v' and not exists (
            select from pg_catalog.pg_options_to_table(c.reloptions) as p
            where p.option_name = 'security_invoker' and p.option_value::boolean
        )
    order by 1
"""
_COUNT = """
    select count(*) as number
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    where c.relkind in ('v', 'm', 'f')
"""
_USERS = "auth.users"
_PERSONAL = {"email", "phone", "encrypted_password", "raw_user_meta_data", "confirmation_token", "recovery_token"}


@check(level=Level.ERROR)
def unguarded_views(context: Context) -> Iterator[Finding]:
    """A request reads through a view the rows that the policies of the table keep from it.

    A view reads with its owner's rights unless it says `security_invoker` (manual, CREATE VIEW); a materialised view
    holds what its owner saw, and a foreign table knows no policies at all. A warning where requests may read one that
    leads to guarded tables; a note where it looks at the caller itself; an error where it shows addresses of
    `auth.users`.
    """
    context.count("views", context.read(_COUNT)[0].number, f"there is no view in {', '.join(context.schemas)}")
    for view in context.read(_QUERY):
        readers = [
            role
            for role in context.asking_roles
            if (held := context.reach.get((view.label, role))) and "select" in held.commands
        ]
        if readers and (view.guarded or view.kind == "foreign table"):
            yield _finding(context, view, readers)


def _finding(context: Context, view: Any, readers: list[str]) -> Finding:
    asks = view.kind == "view" and context.routines.asks_who(refer(view.definition))
    shows = sorted(_shown(view.definition) & _PERSONAL) if _USERS in view.guarded and not asks else []
    what = f"{', '.join(shows)} of {_USERS}" if shows else ", ".join(view.guarded) or "its server's rows"
    return Finding(
        "unguarded_views",
        view.label,
        f"{' and '.join(readers)} may read the {view.kind} {view.label}, which shows {what} without any policy",
        _remedy(view, readers),
        level=Level.ERROR if shows else Level.NOTE if asks else Level.WARNING,
        detail=(view.definition or "").strip(),
        location=context.locate(view.kind, view.label),
    )


def _shown(definition: str) -> set[str]:
    """Return the columns that a view's outermost SELECT shows as they are."""
    try:
        statement: Any = parse_sql(definition)[0].stmt
    except ParseError:
        return set()
    arms, shown = [statement], set()
    while arms:
        arm = arms.pop()
        arms.extend(each for each in (arm.larg, arm.rarg) if each is not None)
        shown |= {column_of(node)[-1] for node in nodes(arm.targetList) if column_of(node)}
    return shown


def _remedy(view: Any, readers: list[str]) -> str:
    roles = to(*readers)
    if view.kind == "view":
        return f"Set security_invoker = true on {view.label}, or revoke it from {roles}."
    return f"Revoke {view.label} from {roles}."
