"""Supabase: roles, schemas, auth, storage, realtime and default privileges as a new project has them."""

from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import psycopg

from schemaproof.errors import ServerError
from schemaproof.platform import roles
from schemaproof.platform.extensions import EMULATED, TRUSTED, extension_parts
from schemaproof.platform.holdings import Holdings
from schemaproof.platform.part import Part
from schemaproof.platform.stand_in import stand_in_for_missing
from schemaproof.server import EmulatedExtension

__all__ = ["Supabase"]

# In the order in which they run: what a file grants on or refers to is made by one before it.
_BEFORE_EXTENSIONS = ("schemas", "graphql", "privileges", "cron_access")
_AFTER_EXTENSIONS = ("extensions", "auth", "storage", "realtime", "functions", "guard", "supautils")


_MADE = (
    "auth", "extensions", "graphql", "graphql_public", "pgbouncer", "public", "realtime", "storage",
    "supabase_functions", "vault",
)  # fmt: skip
# What a hosted project has besides, made by services and extensions.
_LATER = ("cron", "net", "pgsodium", "pgsodium_masks", "pgtle")
_ROLES = roles.role_names()
_HOLDINGS = Holdings(
    made=_MADE,
    schemas=(*(schema for schema in _MADE if schema != "public"), *_LATER),
    tables=("auth.identities", "auth.users", "storage.buckets", "storage.objects"),
    publications=("supabase_realtime", "supabase_realtime_messages_publication"),
    roles=_ROLES,
    services=tuple(role for role in _ROLES if role.startswith("supabase_") or role in ("dashboard_user", "pgbouncer")),
)


@dataclass(frozen=True)
class Supabase:
    """The surface of supabase/postgres after its auth, storage and realtime services have run their migrations."""

    name: str = "supabase"
    migration_role: str | None = "postgres"
    api_roles: tuple[str, ...] = ("anon", "authenticated")
    extensions: tuple[EmulatedExtension, ...] = (*EMULATED, TRUSTED)
    superuser: str = "supabase_admin"
    image: str = "supabase/postgres:17.6.1.136"
    holdings: Holdings = field(default_factory=lambda: _HOLDINGS)

    def refuse_unfit(self, connection: psycopg.Connection[Any]) -> None:
        """Raise ServerError where `postgres` is a superuser, which it is not on the platform."""
        roles.refuse_superuser_postgres(connection)

    def missing_roles(self, connection: psycopg.Connection[Any]) -> tuple[str, ...]:
        """Return the platform's roles that the server lacks."""
        return roles.missing_roles(connection)

    def create_roles(self, connection: psycopg.Connection[Any]) -> None:
        """Create the roles that the server lacks; raises ServerError on a server that cannot serve the platform."""
        roles.create_roles(connection)

    def install(self, connection: psycopg.Connection[Any]) -> None:
        """Make of an empty database what a new project is, in one transaction, as supabase_admin.

        Raises ServerError when the server lacks pgcrypto, which nothing can stand in for.
        """
        with connection.transaction():
            for name in _BEFORE_EXTENSIONS:
                _run(connection, name)
            _create_pgcrypto(connection)
            if "pg_cron" in stand_in_for_missing(connection):
                connection.execute("select extensions.open_pg_cron()")
            for name in _AFTER_EXTENSIONS:
                _run(connection, name)

    def parts(self, connection: psycopg.Connection[Any]) -> tuple[Part, ...]:
        """Return the extensions of the database, each real or emulated."""
        return extension_parts(connection)


def _run(connection: psycopg.Connection[Any], name: str) -> None:
    """Run one file of the surface; it may leave another role and search path behind."""
    connection.execute("set local role supabase_admin")
    connection.execute("set local search_path = public, extensions")
    connection.execute(files(__package__).joinpath("supabase_sql", f"{name}.sql").read_text(encoding="utf-8"))


def _create_pgcrypto(connection: psycopg.Connection[Any]) -> None:
    connection.execute("set local role supabase_admin")
    try:
        connection.execute("create extension pgcrypto with schema extensions")
    except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as error:
        raise ServerError(
            f"The server has no pgcrypto, which the supabase platform stands on: {error.diag.message_primary}",
            remedy="Install PostgreSQL's contrib modules on the server (Debian: postgresql-contrib).",
        ) from error
