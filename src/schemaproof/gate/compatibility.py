"""What the clients of the base can no longer do on the head: what they call by name, leave out, or rely on."""

from collections.abc import Iterator

import psycopg

from schemaproof.catalogue import Catalogue, in_both
from schemaproof.checks import Context
from schemaproof.findings import Finding, Level

__all__ = ["incompatibilities"]

# Who may insert into a table, and not give a column: pg_attribute's number is asked, so that names need no quoting.
_WITHOUT = """
    select distinct r.name
    from unnest(%(roles)s::text[]) as r (name), pg_catalog.pg_attribute as a
    where
        a.attrelid = %(table)s::regclass and a.attname = %(column)s
        and pg_catalog.has_any_column_privilege(r.name, a.attrelid, 'INSERT')
        and not pg_catalog.has_column_privilege(r.name, a.attrelid, a.attnum, 'INSERT')
"""

# A trigger that may give a value to the column of a new row: its function names it.
_FILLED = """
    select 1 from pg_catalog.pg_trigger as t join pg_catalog.pg_proc as p on p.oid = t.tgfoid
    where
        t.tgrelid = %(table)s::regclass and not t.tgisinternal and t.tgenabled in ('O', 'A')
        and t.tgtype & 7 = 7 and p.prosrc ~* ('\\mnew\\."?' || %(column)s || '\\M')
"""

# Who may read a view, or use a function.
_MAY = {
    "view": "select r from unnest(%s::text[]) as r where pg_catalog.has_any_column_privilege(r, %s, 'SELECT')",
    "function": "select r from unnest(%s::text[]) as r where pg_catalog.has_function_privilege(r, %s, 'EXECUTE')",
}


def incompatibilities(context: Context, base: psycopg.Connection, before: Catalogue) -> Iterator[Finding]:
    """Yield what worked on the base and fails on the head, or is silently no longer done.

    Args:
        context: of the head.
        base: to a database of the base.
        before: its catalogue.
    """
    after = context.catalogue
    yield from _arguments(context, base, before, after)
    yield from _defaults(context, before, after)
    yield from _triggers(context, before, after)
    yield from _view_columns(context, base, before, after)
    yield from _gone(context, base, before, after)


def _arguments(context: Context, base: psycopg.Connection, before: Catalogue, after: Catalogue) -> Iterator[Finding]:
    """Yield functions whose arguments have other names: requests give them by name."""
    for name, old, new in in_both("function", before, after):
        if old["arguments"] == new["arguments"]:
            continue
        kept = _names(context.connection, name)
        gone = [each for each in _names(base, name) if each not in kept]
        if gone and (callers := _users(base, "function", name, context.asking_roles)):
            yield Finding(
                "incompatible",
                name,
                f"{name} has no argument {', '.join(gone)} any more: requests of {', '.join(callers)} give it by name",
                "Keep the names, or make a function of another name and drop this one later.",
                detail=f"- {old['arguments']}\n+ {new['arguments']}",
                location=context.locate("function", name),
                key=f"incompatible:arguments:{name}",
            )


def _names(connection: psycopg.Connection, function: str) -> list[str]:
    """The names of the arguments that a caller gives; those without a name cannot be given by it."""
    query = """
        select coalesce(array(
            select a.name from unnest(p.proargnames, p.proargmodes) as a (name, mode)
            where a.name <> '' and coalesce(a.mode, 'i') in ('i', 'b', 'v')
        ), '{}') from pg_catalog.pg_proc as p where p.oid = %s::regprocedure
    """
    row = connection.execute(query, [function]).fetchone()
    return list(row[0]) if row else []


def _users(base: psycopg.Connection, may: str, name: str, roles: tuple[str, ...]) -> list[str]:
    """Return the roles for which one of the queries `_MAY` holds."""
    return [role for (role,) in base.execute(_MAY[may].encode(), [list(roles), name])]


def _defaults(context: Context, before: Catalogue, after: Catalogue) -> Iterator[Finding]:
    """Yield columns that may not be NULL, and that an INSERT could leave out and cannot any more.

    Not those to which a BEFORE INSERT trigger may give a value.
    """
    for name, old, new in in_both("column", before, after):
        filled = [side.get("default") or side.get("generated") or side.get("identity") for side in (old, new)]
        if not (new.get("not_null") and old.get("not_null") and filled[0] and not filled[1]):
            continue
        table, _, column = name.rpartition(".")
        values = {"roles": list(context.asking_roles), "table": table, "column": column.strip('"').replace('""', '"')}
        if context.connection.execute(_FILLED, values).fetchone():
            continue
        shut = [role for (role,) in context.connection.execute(_WITHOUT, values)]
        yield Finding(
            "incompatible",
            name,
            f"{name} has no default any more, and may not be NULL: "
            + (
                f"{', '.join(shut)} may not give it, and cannot insert any row"
                if shut
                else "an INSERT without it fails"
            ),
            f"Keep the default until every client gives {column}.",
            level=Level.ERROR if shut else Level.WARNING,
            location=context.locate("column", name) or context.locate("table", table),
            key=f"incompatible:default:{name}",
        )


def _triggers(context: Context, before: Catalogue, after: Catalogue) -> Iterator[Finding]:
    """Yield triggers that were on and are off: what they kept is kept by nobody, and nothing fails."""
    for name, old, new in in_both("trigger", before, after):
        if old.get("enabled") != new.get("enabled") and new.get("enabled") in ("disabled", "replica"):
            yield Finding(
                "incompatible",
                name,
                f"the trigger {name} was on, and is {new['enabled']} now",
                "Switch it on again at the end of the migration.",
                location=context.locate("trigger", name),
                key=f"incompatible:trigger:{name}",
            )


def _view_columns(context: Context, base: psycopg.Connection, before: Catalogue, after: Catalogue) -> Iterator[Finding]:
    """Yield columns that a view lost, and that requests could read."""
    for view, old, new in in_both("view", before, after):
        gone = [name for name in old.get("columns", ()) if name not in new.get("columns", ())]
        readers = _users(base, "view", view, context.asking_roles) if gone else []
        if readers:
            yield Finding(
                "incompatible",
                view,
                f"the view {view} has {', '.join(gone)} no more, which {', '.join(readers)} may read",
                "Keep the column until nobody reads it; or make a view of another name.",
                location=context.locate("view", view),
                key=f"incompatible:view:{view}",
            )


def _gone(context: Context, base: psycopg.Connection, before: Catalogue, after: Catalogue) -> Iterator[Finding]:
    """Yield views and functions that requests could use and that nothing of their name stands for any more."""
    for kind in _MAY:
        for name in _only(before, after, kind):
            if users := _users(base, kind, name, context.asking_roles):
                yield Finding(
                    "incompatible",
                    name,
                    f"the {kind} {name} is gone, which {', '.join(users)} may use today",
                    "Drop it when nobody asks for it any more.",
                    level=Level.WARNING,
                    key=f"incompatible:gone:{name}",
                )


def _only(before: Catalogue, after: Catalogue, kind: str) -> list[str]:
    """Names of the project's objects that are gone; a function that lives on with other arguments is not."""
    stay = {name.partition("(")[0] for each in (kind, "table", "view") for name in after.of_kind(each)}
    return [name for name in before.of_kind(kind) if name.partition("(")[0] not in stay]
