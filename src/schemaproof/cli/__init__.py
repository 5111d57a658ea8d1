"""The command line: thin over the same calls that the pytest plugin makes."""

from schemaproof.cli.app import main

__all__ = ["main"]
