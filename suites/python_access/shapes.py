"""Two catalogues to compare: of the tables that the models would make, and of those that the migrations made."""

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import StaticPool

from messaging_schema import Base
from schemaproof.catalogue import Catalogue, take_catalogue
from schemaproof.database import Database

__all__ = ["KINDS", "TABLES", "make_tables", "shape"]

TABLES = [table for table in Base.metadata.sorted_tables if table.schema == "public" and "is_view" not in table.info]
KINDS = ("column", "constraint", "domain", "index")
# Comments are compared as text, by the generated modules; who may do what is no business of a model.
_ELSEWHERE = {"comment", "grants", "owner"}
_DOMAINS = ("public.e164", "private.ciphertext", "private.keyed_hash")


def make_tables(database: Database) -> None:
    """Make in an empty database what the models describe, by SQLAlchemy's own DDL."""
    engine = create_engine("postgresql+psycopg://", creator=database.connect, poolclass=StaticPool)
    with engine.connect() as connection:
        _make(connection)
    engine.dispose()


def _make(connection: Connection) -> None:
    connection.execute(text("create schema private"))
    stubs = [table for table in Base.metadata.sorted_tables if table.schema == "private"]
    Base.metadata.create_all(connection, tables=[*stubs, *TABLES])


def shape(database: Database) -> Catalogue:
    """Return the columns, constraints, indexes and domains of the models' tables."""
    with database.connect() as connection:
        found = take_catalogue(connection, schemas=("public", "private"))
    owners = {f"public.{table.name}" for table in TABLES} | set(_DOMAINS)
    return Catalogue(
        {
            key: {name: value for name, value in properties.items() if name not in _ELSEWHERE}
            for key, properties in found.objects.items()
            if key.kind in KINDS and owners & {key.name, key.name.rpartition(".")[0], properties.get("table")}
        }
    )
