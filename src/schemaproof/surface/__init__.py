"""What an attacker finds: relations and routines, from the catalogue, with what each role may do to them."""

from schemaproof.surface.relations import Column, ForeignKey, Key, Policy, Relation, read_relations
from schemaproof.surface.routines import Argument, Routine, read_routines

__all__ = [
    "Argument",
    "Column",
    "ForeignKey",
    "Key",
    "Policy",
    "Relation",
    "Routine",
    "read_relations",
    "read_routines",
]
