"""The generator of the TypeScript access layer: drizzle-kit's pull of a migrated database, mended by its catalogue."""

from pathlib import Path
from typing import Any

import psycopg

from schema.drizzle.generate.catalogue import read_schema
from schema.drizzle.generate.functions import functions_module
from schema.drizzle.generate.mend import mend
from schema.drizzle.generate.pull import PACKAGE, node_modules, pull

__all__ = ["PACKAGE", "generate", "node_modules", "pull"]


def generate(connection: psycopg.Connection[Any], pulled: str) -> dict[Path, str]:
    """Return the source of each generated module, by its path in the package.

    Args:
        connection: of the owner or a superuser, to a database that the migrations made.
        pulled: what `pull` returned of the same database.
    """
    schema = read_schema(connection)
    return {
        Path("schema.ts"): mend(pulled, schema),
        Path("src/functions.ts"): functions_module(schema),
    }
