"""A database's catalogue, so that those of two clones compare."""

from typing import Any

import psycopg

from schemaproof.catalogue import Catalogue, take_catalogue

__all__ = ["see"]


def see(connection: psycopg.Connection[Any]) -> Catalogue:
    """Take the catalogue without the database that pg_cron's jobs name, which is another for each clone."""
    return take_catalogue(connection).of_any_clone()
