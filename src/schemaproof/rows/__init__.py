"""Valid rows for every table of any schema, for two tenants and more, from the catalogue alone."""

from schemaproof.rows.fill import fill
from schemaproof.rows.filling import Factory, Filling, Guidance, Row, Unfilled, World
from schemaproof.rows.options import ANY

__all__ = ["ANY", "Factory", "Filling", "Guidance", "Row", "Unfilled", "World", "fill"]
