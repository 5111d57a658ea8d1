"""`schemaproof gate`: two states of a project, what lies between them, and whether it may merge."""

from schemaproof.gate.aside import Aside
from schemaproof.gate.document import unchanged, unreadable
from schemaproof.gate.gate import base_checked, run_gate
from schemaproof.gate.history import Changes
from schemaproof.gate.side import Given, Side, Sides, open_sides

__all__ = [
    "Aside",
    "Changes",
    "Given",
    "Side",
    "Sides",
    "base_checked",
    "open_sides",
    "run_gate",
    "unchanged",
    "unreadable",
]
