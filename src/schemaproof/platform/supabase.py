"""Supabase: roles, schemas, auth, storage, realtime and default privileges as a new project has them."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import psycopg

from schemaproof.platform import roles
from schemaproof.platform.extensions import EMULATED, extension_parts
from schemaproof.platform.part import Part
from schemaproof.server import EmulatedExtension

__all__ = ["Supabase"]

# In the order in which they run: what a file grants on or refers to is made by one before it.
_SURFACE = ("schemas", "privileges", "extensions", "auth", "storage", "realtime")


@dataclass(frozen=True)
class Supabase:
    """The surface of supabase/postgres after its auth, storage and realtime services have run their migrations."""

    name: str = "supabase"
    migration_role: str | None = "postgres"
    api_roles: tuple[str, ...] = ("anon", "authenticated")
    extensions: tuple[EmulatedExtension, ...] = EMULATED

    def missing_roles(self, connection: psycopg.Connection[Any]) -> tuple[str, ...]:
        """Return the platform's roles that the server lacks."""
        return roles.missing_roles(connection)

    def create_roles(self, connection: psycopg.Connection[Any]) -> None:
        """Create the roles that the server lacks; raises ServerError on a server that cannot serve the platform."""
        roles.create_roles(connection)

    def install(self, connection: psycopg.Connection[Any]) -> None:
        """Make of an empty database what a new project is, in one transaction, as supabase_admin."""
        with connection.transaction():
            connection.execute("set local role supabase_admin")
            for name in _SURFACE:
                text = files(__package__).joinpath("supabase_sql", f"{name}.sql").read_text(encoding="utf-8")
                connection.execute(text)
                connection.execute("set local role supabase_admin")

    def parts(self, connection: psycopg.Connection[Any]) -> tuple[Part, ...]:
        """Return the extensions of the database, each real or emulated."""
        return extension_parts(connection)
