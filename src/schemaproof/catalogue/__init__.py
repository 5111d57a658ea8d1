"""Every object of a database and all that is to know about it: snapshot, comparison, rendering, `pg_dump`."""

from schemaproof.catalogue.comparison import Difference, compare, in_both
from schemaproof.catalogue.dump import dump_schema
from schemaproof.catalogue.grants import Grant
from schemaproof.catalogue.model import Catalogue, Json, ObjectKey
from schemaproof.catalogue.rendering import render
from schemaproof.catalogue.schemas import own_schemas
from schemaproof.catalogue.snapshot import take_catalogue

__all__ = [
    "Catalogue",
    "Difference",
    "Grant",
    "Json",
    "ObjectKey",
    "compare",
    "dump_schema",
    "in_both",
    "own_schemas",
    "render",
    "take_catalogue",
]
