"""Who asks: a role and JWT claims, put on for a block of statements as PostgREST puts them on for a request."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

__all__ = ["Identity", "acting_as", "anon", "member", "put_on", "role_settings", "service"]

_CLAIMS = "request.jwt.claims"

# Role settings are not applied by SET ROLE (manual, SET ROLE, Notes); PostgREST applies them for each transaction. Only
# those that any role may set: the others need a superuser there too. A role's setting for this database wins.
_SETTINGS = """
    select distinct on (g.name) g.name, substr(c.setting, strpos(c.setting, '=') + 1), current_setting(g.name)
    from pg_catalog.pg_db_role_setting as s
    join pg_catalog.pg_roles as r on r.oid = s.setrole and r.rolname = %(role)s
    cross join unnest(s.setconfig) as c (setting)
    join pg_catalog.pg_settings as g on g.name = split_part(c.setting, '=', 1) and g.context = 'user'
    where s.setdatabase in (0, (select oid from pg_catalog.pg_database where datname = current_database()))
    order by g.name, s.setdatabase desc
"""


@dataclass(frozen=True)
class Identity:
    """A role and the claims of its token.

    Args:
        name: what reports call it (`member of A`).
        role: the database role that the request runs as.
        claims: text of the setting `request.jwt.claims`, usually JSON; None: the setting is left as it is, or emptied
            where an earlier request of the session left one.
        settings: further run-time settings and their values, such as `app.tenant`.
    """

    name: str
    role: str
    claims: str | None = None
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def transaction(self) -> dict[str, str]:
        """The settings that make a transaction this identity's, beside the role's own."""
        return {"role": self.role, _CLAIMS: self.claims or "", **dict(self.settings)}


def anon(*, role: str = "anon") -> Identity:
    """Return a visitor without a login."""
    return Identity(role, role, json.dumps({"role": role}))


def member(
    tenant: object, *, claim: str = "tenant_id", role: str = "authenticated", name: str = "", **claims: object
) -> Identity:
    """Return a logged-in member of `tenant`, with further `claims` beside the tenant's."""
    token = {"role": role, claim: str(tenant)} | claims
    return Identity(name or f"member of {tenant}", role, json.dumps(token, default=str))


def service(*, role: str = "service_role") -> Identity:
    """Return the back end itself, whose role bypasses row-level security."""
    return Identity(role, role, json.dumps({"role": role}))


def role_settings(connection: psycopg.Connection, role: str) -> dict[str, str]:
    """Return the settings of a role that hold for its requests."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return {name: value for name, value, _ in cursor.execute(_SETTINGS, {"role": role})}


def put_on(connection: psycopg.Connection, identity: Identity, settings: Mapping[str, str]) -> None:
    """Make the rest of a transaction an identity's, in which there was none before; rolling it back takes it off.

    Args:
        connection: in the transaction.
        identity: who.
        settings: those of its role; see `role_settings`.
    """
    claims = {} if identity.claims is None else {_CLAIMS: identity.claims}
    _set(connection, {**settings, **claims, **dict(identity.settings), "role": identity.role})


@contextmanager
def acting_as(connection: psycopg.Connection, identity: Identity) -> Iterator[psycopg.Connection]:
    """Run a block as `identity`, inside a transaction or, within one, a savepoint.

    The block's work stays when it ends well; it is undone when it raises or leaves the transaction failed. Role, claims
    and the role's settings are as before afterwards.
    """
    with connection.transaction() as transaction:
        before = _put_on(connection, identity)
        yield connection
        if connection.info.transaction_status is TransactionStatus.INERROR:
            raise psycopg.Rollback(transaction)
        _set(connection, {"role": before.pop("role")})
        _set(connection, before)


def _put_on(connection: psycopg.Connection, identity: Identity) -> dict[str, str]:
    """Apply the identity until the transaction ends; return the settings that it replaced."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        wanted = cursor.execute(_SETTINGS, {"role": identity.role}).fetchall()
        found = cursor.execute("select current_setting('role'), current_setting(%s, true)", [_CLAIMS]).fetchone()
    role, claims = found or ("none", None)
    before = {name: previous for name, _, previous in wanted} | {"role": role}
    after = {name: value for name, value, _ in wanted}
    if identity.claims is not None or claims:
        before[_CLAIMS] = claims or ""
        after[_CLAIMS] = identity.claims or ""
    for name, value in identity.settings:
        row = connection.execute("select current_setting(%s, true)", [name]).fetchone()
        before[name] = (row and row[0]) or ""
        after[name] = value
    _set(connection, after | {"role": identity.role})
    return before


def _set(connection: psycopg.Connection, settings: dict[str, str]) -> None:
    if settings:
        calls = [sql.SQL("set_config({}, {}, true)").format(name, value) for name, value in settings.items()]
        connection.execute(sql.SQL("select {}").format(sql.SQL(", ").join(calls)))
