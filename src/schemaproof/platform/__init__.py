"""What the hosting platform gives a database before the first migration: between the server and the migrations."""

from schemaproof.platform.part import Part
from schemaproof.platform.registry import Platform, load_platform

__all__ = ["Part", "Platform", "load_platform"]
