"""The platform that gives nothing: PostgreSQL as it is after initdb, and extensions that one would add."""

from dataclasses import dataclass, field
from typing import Any

import psycopg

from schemaproof.platform.extensions import EMULATED, extension_parts
from schemaproof.platform.holdings import Holdings
from schemaproof.platform.part import Part
from schemaproof.server import EmulatedExtension

__all__ = ["Plain"]


@dataclass(frozen=True)
class Plain:
    """No roles and no schemas; migrations run as the superuser, `postgres` on a started server.

    That has the emulated extensions too, for migrations to create; a DSN's server has what it has.
    """

    name: str = "plain"
    migration_role: str | None = None
    api_roles: tuple[str, ...] = ()
    extensions: tuple[EmulatedExtension, ...] = EMULATED
    superuser: str = "postgres"
    image: str = "postgres:17.6"
    holdings: Holdings = field(default_factory=lambda: Holdings(roles=("postgres",)))

    def refuse_unfit(self, connection: psycopg.Connection[Any]) -> None:
        """Refuse nothing: any PostgreSQL will do."""

    def missing_roles(self, connection: psycopg.Connection[Any]) -> tuple[str, ...]:
        """Return no roles: none are needed."""
        return ()

    def create_roles(self, connection: psycopg.Connection[Any]) -> None:
        """Create nothing."""

    def install(self, connection: psycopg.Connection[Any]) -> None:
        """Leave the database as it is."""

    def parts(self, connection: psycopg.Connection[Any]) -> tuple[Part, ...]:
        """Return the extensions that schemaproof emulates: the others are the server's own."""
        return tuple(part for part in extension_parts(connection) if not part.real)
