"""What the hosting platform gives a database before the first migration: between the server and the migrations."""

from schemaproof.platform.default_privileges import forget_default_privileges
from schemaproof.platform.holdings import Holdings
from schemaproof.platform.part import Part
from schemaproof.platform.registry import Platform, load_platform
from schemaproof.platform.unseen import Unseen

__all__ = ["Holdings", "Part", "Platform", "Unseen", "forget_default_privileges", "load_platform"]
