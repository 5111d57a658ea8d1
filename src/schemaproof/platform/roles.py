"""The Supabase platform's roles: which a server lacks, and making those, once a server."""

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from schemaproof.errors import ServerError
from schemaproof.platform.parameters import grant_parameters

__all__ = ["create_roles", "missing_roles", "refuse_superuser_postgres", "role_names"]

_NAME = re.compile(r"^\s*\(\d+, '(\w+)'", re.MULTILINE)


@dataclass(frozen=True)
class Role:
    """A row of roles.sql: `settings` are `name=value`, `administers` are memberships with ADMIN OPTION from 16 on."""

    name: str
    attributes: str
    settings: list[str]
    member_of: list[str]
    administers: list[str]
    present: bool


def role_names() -> tuple[str, ...]:
    """Return the names of the platform's roles, in the order of their creation, without asking a server."""
    return tuple(_NAME.findall(_query()))


def missing_roles(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """Return the names of the platform's roles that the server lacks, in the order of their creation."""
    return tuple(role.name for role in _read_roles(connection) if not role.present)


def create_roles(connection: psycopg.Connection[Any]) -> None:
    """Create the roles that the server lacks, with settings and memberships, in one transaction.

    A role that is there already is never altered. Raises ServerError when the connection is not a superuser's, or when
    `postgres` is a superuser.
    """
    _require_superuser(connection)
    refuse_superuser_postgres(connection)
    missing = [role for role in _read_roles(connection) if not role.present]
    with connection.transaction():
        for role in missing:
            _create(connection, role)
        for role in _read_roles(connection):
            _grant_memberships(connection, role, created={each.name for each in missing})


def refuse_superuser_postgres(connection: psycopg.Connection[Any]) -> None:
    """Raise ServerError when `postgres` is a superuser, which it is not on the platform: migrations would run as one.

    It cannot be mended there: a bootstrap superuser stays one from 16 on
    (https://www.postgresql.org/docs/16/sql-alterrole.html).
    """
    if connection.execute("select from pg_roles where rolname = 'postgres' and rolsuper").fetchone() is not None:
        raise ServerError(
            "On this server `postgres` is a superuser; on the supabase platform it is not, so nothing proved here "
            "would hold there.",
            remedy="Use a server whose bootstrap superuser has another name (`initdb -U supabase_admin`, or "
            "POSTGRES_USER=supabase_admin for a container), or leave out the DSN and let schemaproof start one.",
        )


def _read_roles(connection: psycopg.Connection[Any]) -> list[Role]:
    with connection.cursor(row_factory=class_row(Role)) as cursor:
        return cursor.execute(_query()).fetchall()


def _query() -> str:
    return files(__package__).joinpath("supabase_sql", "roles.sql").read_text(encoding="utf-8")


def _require_superuser(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute("select current_user, rolsuper from pg_roles where rolname = current_user").fetchone()
    if row is None or not row[1]:
        raise ServerError(
            f"The supabase platform needs a superuser, and `{connection.info.user}` is none.",
            remedy="Name a DSN whose user is a superuser other than `postgres`, or let schemaproof start a server.",
        )


def _create(connection: psycopg.Connection[Any], role: Role) -> None:
    name = sql.Identifier(role.name)
    connection.execute(sql.SQL("create role {} {}").format(name, sql.SQL(role.attributes)))
    for setting in role.settings:
        parameter, _, value = setting.partition("=")
        # A search_path is a list: quoted as one string it would name a single schema.
        literal = sql.SQL(value) if parameter == "search_path" else sql.Literal(value)
        connection.execute(sql.SQL("alter role {} set {} = {}").format(name, sql.Identifier(parameter), literal))
    if role.name == "postgres" and connection.info.server_version >= 150000:
        grant_parameters(connection)


def _grant_memberships(connection: psycopg.Connection[Any], role: Role, *, created: set[str]) -> None:
    with_admin = sql.SQL(" with admin option" if connection.info.server_version >= 160000 else "")
    for group in role.member_of + role.administers:
        if role.name not in created and group not in created:
            continue
        statement = sql.SQL("grant {} to {}").format(sql.Identifier(group), sql.Identifier(role.name))
        connection.execute(statement + with_admin if group in role.administers else statement)
