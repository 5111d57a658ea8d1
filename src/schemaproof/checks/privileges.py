"""Privileges that row-level security does not govern, held by the roles that requests come as."""

from collections.abc import Iterator

from psycopg import sql

from schemaproof.attack import Arena, quoted
from schemaproof.catalogue import ObjectKey
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._paste import paste, to
from schemaproof.findings import Finding, Level

__all__ = ["privileges"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname), g.rolname::text,
           array_agg(p.privilege order by p.privilege) filter (
               where pg_catalog.has_table_privilege(g.oid, c.oid, p.privilege)
           )
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    cross join pg_catalog.pg_roles as g
    cross join unnest(%(privileges)s::text[]) as p (privilege)
    where
        n.nspname = any (%(schemas)s) and c.relkind in ('r', 'p') and g.rolname = any (%(roles)s)
        and pg_catalog.has_schema_privilege(g.oid, n.oid, 'usage')
    group by c.oid, n.nspname, c.relname, g.rolname
    order by 1, 2
"""
_SEQUENCES = """
    select format('%%I.%%I', n.nspname, c.relname), g.rolname::text
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    cross join pg_catalog.pg_roles as g
    where
        n.nspname = any (%(schemas)s) and c.relkind = 'S' and g.rolname = any (%(roles)s)
        and pg_catalog.has_schema_privilege(g.oid, n.oid, 'usage')
        and pg_catalog.has_sequence_privilege(g.oid, c.oid, 'update')
    order by 1, 2
"""
_UNGOVERNED = ("TRUNCATE", "REFERENCES", "TRIGGER")
# What empties a table or hangs the caller's code on it.
_GRAVE = ("TRUNCATE", "TRIGGER")


@check(level=Level.ERROR)
def privileges(context: Context) -> Iterator[Finding]:
    """A request empties a table: TRUNCATE, REFERENCES, TRIGGER and MAINTAIN pass row-level security by.

    Row-level security does not apply to TRUNCATE and REFERENCES (manual, Row Security Policies); a TRIGGER privilege
    lets a role hang its own code on a table, and PostgreSQL 17's MAINTAIN lets it lock and rewrite one; UPDATE on a
    sequence resets a counter that all share. Each is tried, and what works is an error. Supabase's default privileges
    grant all of them to `anon` and `authenticated` on every new table of `public`, and dumps repeat the grants: there
    an API that knows no such command stands before them, and it is one warning a role.
    """
    roles = list(context.arena.cast.callers)
    if context.arena.cast.synthetic:
        raise NotApplicable("nothing is granted to a role that requests could come as")
    asked = [*_UNGOVERNED, *(["MAINTAIN"] if context.session.server.version >= 170000 else [])]
    parameters = {"privileges": asked, "schemas": list(context.schemas), "roles": roles}
    behind_api: dict[tuple[str, bool], list[str]] = {}
    for label, role, held in context.connection.execute(_QUERY, parameters).fetchall():
        context.proved["privileges"] += len(asked)
        if held and role in context.session.platform.api_roles:
            behind_api.setdefault((role, _granted(context, label, role, held)), []).append(label)
        elif held:
            yield _table(context, label, role, held)
    yield from _sequences(context, parameters)
    if not context.proved["privileges"] and context.arena.discovery.tables:
        raise NotApplicable("no role that requests come as may use a schema with tables")
    for (role, granted), labels in behind_api.items():
        yield _behind_api(context, role, labels, asked, granted=granted)


def _granted(context: Context, label: str, role: str, held: list[str]) -> bool:
    """Tell whether a migration granted one of them, and not the platform's default privileges."""
    key = ObjectKey("table", label)
    return any(context.origins.grant(key, name, privilege=each) for name in (role, "public") for each in held)


def _table(context: Context, label: str, role: str, held: list[str]) -> Finding:
    grave = [privilege for privilege in held if privilege in _GRAVE and _works(context.arena, label, role, privilege)]
    return Finding(
        "privileges",
        label,
        f"{role} holds {', '.join(held)} on {label}" + (f", and {_work(grave)}" if grave else ""),
        f"revoke all on table {label} from {to(role)}; then grant what it needs.",
        level=Level.ERROR if grave else Level.WARNING,
        detail="\n".join(paste(*_statements(label, privilege), role=role) for privilege in grave),
        location=context.locate_grant("table", label, role, held[-1]),
        key=f"privileges:{label}:{role}",
    )


def _works(arena: Arena, label: str, role: str, privilege: str) -> bool:
    with arena.trial():
        arena.wire.after(f"set local role {quoted(role)}")
        return all(arena.wire.after(statement).sqlstate is None for statement in _statements(label, privilege))


def _work(privileges: list[str]) -> str:
    return f"{' and '.join(privileges)} {'works' if len(privileges) == 1 else 'work'}"


_FUNCTION = "create function pg_temp.mine() returns trigger language plpgsql as 'begin return new; end'"


def _statements(label: str, privilege: str) -> tuple[str, ...]:
    if privilege == "TRUNCATE":
        return (f"truncate {label} cascade",)
    return _FUNCTION, f"create trigger mine before insert on {label} for each row execute function pg_temp.mine()"


def _sequences(context: Context, parameters: dict[str, list[str]]) -> Iterator[Finding]:
    for label, role in context.connection.execute(_SEQUENCES, parameters).fetchall():
        context.proved["privileges"] += 1
        if role in context.session.platform.api_roles and not context.origins.grant(ObjectKey("sequence", label), role):
            continue
        yield Finding(
            "privileges",
            label,
            f"{role} may set the sequence {label}, which all tenants share",
            f"revoke update on sequence {label} from {to(role)};",
            detail=_may_set(label, role),
            location=context.locate_grant("sequence", label, role, "UPDATE"),
            key=f"privileges:{label}:{role}",
        )


def _may_set(label: str, role: str) -> str:
    """Ask only: no rollback undoes what setval does."""
    asked = sql.SQL("select pg_catalog.has_sequence_privilege({}, {}, 'update')")
    query = asked.format(sql.Literal(role), sql.Literal(label)).as_string(None)
    return f"-- true: setval would work, and no rollback undoes it\n{query};"


def _behind_api(context: Context, role: str, labels: list[str], asked: list[str], *, granted: bool) -> Finding:
    key = ObjectKey("table", labels[0])
    granted_at = (context.origins.grant(key, name, privilege=each) for name in (role, "public") for each in asked)
    by = "by grants of the migrations" if granted else "by the platform's default privileges"
    return Finding(
        "privileges",
        labels[0],
        f"{role} holds some of {', '.join(asked)} on {_tables(labels)} {by}",
        f"revoke {', '.join(asked).lower()} on all tables in schema … from {to(role)}; and alter default privileges"
        " likewise.",
        level=Level.WARNING,
        detail="\n".join(labels),
        location=next(filter(None, granted_at), None) or context.locate("table", labels[0]),
        key=f"privileges:{role}:{'granted' if granted else 'default'}",
    )


def _tables(labels: list[str]) -> str:
    return f"{len(labels)} table{'s' if len(labels) > 1 else ''}"
