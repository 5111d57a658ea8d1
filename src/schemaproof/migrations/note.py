"""What is to be said of a file that is read: that it is passed over, or what of it is."""

from dataclasses import dataclass
from pathlib import Path

from schemaproof.migrations.failure import shown

__all__ = ["Note"]


@dataclass(frozen=True)
class Note:
    """A sentence on a file.

    Args:
        path: the file.
        reason: what is done with it and why, without its name.
        passed_over: no runner takes the file.
    """

    path: Path
    reason: str
    passed_over: bool = False

    def __str__(self) -> str:
        return f"{shown(self.path)}: {self.reason}"
