"""Nobody gives himself more rights: no role to change to, no flag of one's own to set, no way round the policies."""

from collections.abc import Iterator

from schemaproof.attack import promote, quoted, reading, script
from schemaproof.checks import Context, check
from schemaproof.checks._evidence import require_tenants
from schemaproof.checks._paste import paste, to
from schemaproof.findings import Finding, Level
from schemaproof.tenancy import ROLE

__all__ = ["escalation"]

# Roles that a caller may change to and that see more: superusers and those that bypass row-level security.
_REACHABLE = """
    select c.rolname::text, r.rolname::text, r.rolsuper, r.rolbypassrls
    from pg_catalog.pg_roles as c
    join pg_catalog.pg_roles as r on r.oid <> c.oid and pg_catalog.pg_has_role(c.oid, r.oid, 'member')
    where c.rolname = any (%(callers)s) and not c.rolsuper and (r.rolsuper or r.rolbypassrls)
    order by 1, 2
"""
# Where each tenant has a role of its own: one that is a member of another's.
_BETWEEN = """
    select c.rolname::text, r.rolname::text
    from pg_catalog.pg_roles as c
    join pg_catalog.pg_roles as r on r.oid <> c.oid and pg_catalog.pg_has_role(c.oid, r.oid, 'member')
    join pg_catalog.pg_roles as g on g.rolname = %(group)s
    where
        pg_catalog.pg_has_role(c.oid, g.oid, 'member') and pg_catalog.pg_has_role(r.oid, g.oid, 'member')
        and g.oid not in (c.oid, r.oid) and not c.rolsuper and not r.rolsuper and not c.rolbypassrls
    order by 1, 2
"""

# The same without a group that they share: roles with the same grants and policies of their own on the tenants' tables
# are one another's peers. `above`: the caller is a member of all its peers.
_PEERS = """
    with named as (
        select r.oid, r.rolname, array(
            select p.oid from pg_catalog.pg_policy as p
            where p.polrelid = any (%(tables)s::oid[]) and r.oid = any (p.polroles) order by p.oid
        ) as policies, array(
            select c.oid::text || a.privilege_type
            from pg_catalog.pg_class as c cross join lateral pg_catalog.aclexplode(c.relacl) as a
            where c.oid = any (%(tables)s::oid[]) and a.grantee = r.oid order by 1
        ) as grants
        from pg_catalog.pg_roles as r
        where r.rolname = any (%(callers)s) and not r.rolsuper and not r.rolbypassrls
    ),
    pairs as (
        select c.rolname as caller, r.rolname as role, pg_catalog.pg_has_role(c.oid, r.oid, 'member') as member
        from named as c join named as r on r.oid <> c.oid and r.policies = c.policies and r.grants = c.grants
        where c.grants <> '{}'
    )
    select p.caller::text, p.role::text, (select bool_and(o.member) from pairs as o where o.caller = p.caller) as above
    from pairs as p where p.member order by 1, 2
"""


@check(level=Level.ERROR)
def escalation(context: Context) -> Iterator[Finding]:
    """A caller takes more rights than it was given, and with them the rows of all tenants.

    Tried: SET ROLE to every role that a caller is a member of; row_security = off, which must end in an error; and, on
    a member's own row, the values by which policies favour a user everywhere (a role, an admin flag).
    """
    require_tenants(context)
    cast = context.arena.cast
    context.proved["roles"] += len(cast.callers)
    yield from _roles(context)
    yield from _promoted(context)
    yield from _policies_off(context)


def _roles(context: Context) -> Iterator[Finding]:
    connection, cast = context.arena.connection, context.arena.cast
    for caller, role, superuser, _ in connection.execute(_REACHABLE, {"callers": list(cast.callers)}).fetchall():
        what = "is a superuser" if superuser else "bypasses row-level security"
        yield _by_role(context, caller, role, f"{caller} may SET ROLE to {role}, which {what}", Level.ERROR)
    boundary = context.arena.discovery.boundary
    if boundary is not None and ROLE in boundary.nodes:
        yield from _tenants_roles(context)


def _tenants_roles(context: Context) -> Iterator[Finding]:
    """Each tenant has a role of its own, and one is a member of another's: of all, it may be meant to stand above."""
    arena = context.arena
    between = arena.connection.execute(_BETWEEN, {"group": arena.cast.member}).fetchall()
    found = dict.fromkeys(between, False)
    tables = [int(arena.relations[label].oid) for label in arena.discovery.owned]
    peers = arena.connection.execute(_PEERS, {"callers": list(arena.cast.callers), "tables": tables}).fetchall()
    for (caller, role), above in ({(caller, role): above for caller, role, above in peers} | found).items():
        summary = f"{caller}, a tenant's role, is a member of {role}, another tenant's"
        guess = ": of every other one, taken for one that stands above them" if above else ""
        yield _by_role(context, caller, role, summary + guess, Level.WARNING if above else Level.ERROR)


def _by_role(context: Context, caller: str, role: str, summary: str, level: Level) -> Finding:
    acting = (f"set local session authorization {quoted(caller)}", f"set local role {quoted(role)}")
    return Finding(
        "escalation",
        caller,
        summary,
        f"revoke {to(role)} from {to(caller)};",
        level=level,
        detail=paste(*acting, "select session_user, current_user"),
        location=context.locate("role", caller),
        key=f"escalation:{caller}:{role}",
    )


def _promoted(context: Context) -> Iterator[Finding]:
    for found in promote(context.arena, context.member):
        context.proved["probes"] += 1
        if found.answer.count:
            label = found.relation.label
            yield Finding(
                "escalation",
                label,
                f"{label}: {context.member.name} gives himself what policies favour a user for",
                f"revoke update on table {label} from {to(context.arena.cast.member)}; then grant it on the columns"
                " that users may change.",
                detail=script(context.member, found.statement),
                location=context.locate("table", label),
                key=f"escalation:{label}",
            )
            return


def _policies_off(context: Context) -> Iterator[Finding]:
    """With row_security = off a query that a policy would filter must fail (42501) and not be filtered."""
    arena, role = context.arena, context.arena.cast.member
    for relation in arena.readable(role):
        if relation.row_security:
            label, query = relation.label, reading(relation, role)
            with arena.trial():
                answer = arena.wire.after(f"set local role {quoted(role)}; set local row_security = off; {query}")
            context.proved["probes"] += 1
            if answer.sqlstate is None and answer.count:
                yield Finding(
                    "escalation",
                    label,
                    f"{label}: with row_security = off {role} reads {answer.count} rows",
                    f"Take BYPASSRLS and the table's ownership from {to(role)}, or force row-level security.",
                    detail=paste("set local row_security = off", query, role=role),
                    location=context.locate("table", label),
                    key=f"escalation:{label}:row_security",
                )
