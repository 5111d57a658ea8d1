"""Who takes part: the database roles that requests come as, from the settings, the platform or the grants."""

from dataclasses import dataclass

import psycopg
from psycopg import sql

from schemaproof.config import Roles, Target
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.platform import load_platform

__all__ = ["SYNTHETIC", "Cast", "find_cast", "make_roles"]

# More roles than these are not attacked as.
_MOST_CALLERS = 16
# Made inside the attacks' transaction, which is rolled back: no server keeps it.
SYNTHETIC = "schemaproof_caller"

# Roles that hold a grant of their own on a relation of the schemas, or that a policy names; no owners, none bypassing.
_CALLERS = """
    with granted (role, relation) as (
        select a.grantee, c.oid
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
        cross join lateral pg_catalog.aclexplode(c.relacl) as a
        where c.relkind in ('r', 'p', 'v', 'm') and a.grantee <> c.relowner
        union
        select a.grantee, k.attrelid
        from pg_catalog.pg_attribute as k
        join pg_catalog.pg_class as c on c.oid = k.attrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
        cross join lateral pg_catalog.aclexplode(k.attacl) as a
        where a.grantee <> c.relowner
        union
        select role, p.polrelid
        from pg_catalog.pg_policy as p
        join pg_catalog.pg_class as c on c.oid = p.polrelid
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
        cross join unnest(p.polroles) as role
    )
    select r.rolname::text, count(*)
    from granted as g
    join pg_catalog.pg_roles as r on r.oid = g.role
    where not r.rolsuper and not r.rolbypassrls and not starts_with(r.rolname, 'pg_')
    group by r.oid, r.rolname
    order by 2 desc, 1
"""

_EVERYBODY = """
    select from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    cross join lateral pg_catalog.aclexplode(c.relacl) as a
    where c.relkind in ('r', 'p', 'v', 'm') and a.grantee = 0
"""


@dataclass(frozen=True)
class Cast:
    """The roles of a run.

    Args:
        member: whom a logged-in caller comes as.
        anonymous: whom a visitor comes as; None where there is no such role.
        service: the back end's own, which passes row-level security by; None where there is none.
        others: further roles that requests may come as.
        synthetic: `member` was made for the attacks, with every privilege on rows: nothing is granted to anybody.
    """

    member: str
    anonymous: str | None = None
    service: str | None = None
    others: tuple[str, ...] = ()
    synthetic: bool = False

    @property
    def callers(self) -> tuple[str, ...]:
        """The roles that requests come as."""
        return (*([self.anonymous] if self.anonymous else []), self.member, *self.others)

    @property
    def roles(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.callers, *([self.service] if self.service else []))


def find_cast(connection: psycopg.Connection, target: Target, schemas: tuple[str, ...]) -> Cast:
    """Return the roles to attack as; `connection` is a superuser's in a transaction that will be rolled back.

    Raises:
        UsageError: the settings name a role that does not exist.
    """
    known = [name for (name,) in connection.execute("select rolname::text from pg_catalog.pg_roles order by rolname")]
    named = target.roles
    missing = [role for role in (named.anonymous, named.member, named.service) if role not in known]
    if missing and named != Roles():
        remedy = did_you_mean(missing[0], known, otherwise="Name roles that the platform or a migration makes.")
        raise UsageError(f"there is no role {missing[0]!r} to attack as (settings, `roles`)", remedy=remedy)
    if not missing and (named != Roles() or load_platform(target.platform).api_roles):
        return Cast(named.member, named.anonymous, named.service)
    callers = [name for name, _ in connection.execute(_CALLERS, {"schemas": list(schemas)})]
    if callers:
        return Cast(callers[0], others=tuple(callers[1:_MOST_CALLERS]))
    everybody = connection.execute(_EVERYBODY, {"schemas": list(schemas)}).fetchone() is not None
    _make_synthetic(connection, schemas, granted=everybody)
    return Cast(SYNTHETIC, synthetic=not everybody)


def make_roles(connection: psycopg.Connection, cast: Cast, names: tuple[str, ...]) -> tuple[str, ...]:
    """Make the roles that stand for tenants, as members of the callers' role, where they do not exist; return them."""
    for name in names:
        found = connection.execute("select from pg_catalog.pg_roles where rolname = %s", [name]).fetchone()
        if found is None:
            role, caller = sql.Identifier(name), sql.Identifier(cast.member)
            connection.execute(sql.SQL("create role {} nologin in role {}").format(role, caller))
    return names


def _make_synthetic(connection: psycopg.Connection, schemas: tuple[str, ...], *, granted: bool) -> None:
    """Make the caller; `granted`: everybody has been granted something, and so has he."""
    role = sql.Identifier(SYNTHETIC)
    connection.execute(sql.SQL("create role {} nologin").format(role))
    if granted:
        return
    for schema in schemas:
        for grant in (
            "grant usage on schema {} to {}",
            "grant select, insert, update, delete on all tables in schema {} to {}",
            "grant usage on all sequences in schema {} to {}",
        ):
            connection.execute(sql.SQL(grant).format(sql.Identifier(schema), role))
