"""The stairway of revisions walked with rows in it: what a migration and its rollback do to data that is there."""

from schemaproof.stairs.data import prove_data
from schemaproof.stairs.landing import Landing, revert
from schemaproof.stairs.record import Declared, Record, SideEffect

__all__ = ["Declared", "Landing", "Record", "SideEffect", "prove_data", "revert"]
