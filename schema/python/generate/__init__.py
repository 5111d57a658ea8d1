"""The generator of `messaging_schema`: what the catalogue of a migrated database says, as Python."""

from pathlib import Path
from typing import Any

import psycopg

from schema.python.generate.catalogue import read_schema
from schema.python.generate.functions import functions_module
from schema.python.generate.models import model_modules

__all__ = ["PACKAGE", "generate"]

PACKAGE = Path(__file__).parent.parent / "src" / "messaging_schema"


def generate(connection: psycopg.Connection[Any]) -> dict[Path, str]:
    """Return the source of each generated module, by its path in the package.

    Args:
        connection: of the owner or a superuser, to a database that the migrations made.
    """
    schema = read_schema(connection)
    models = {Path("models") / f"{name}.py": source for name, source in model_modules(schema)}
    return models | {Path("functions.py"): functions_module(schema)}
