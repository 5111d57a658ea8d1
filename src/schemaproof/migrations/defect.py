"""What keeps a file from being read as a migration, and the refusal that tells all that there is of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import UsageError
from schemaproof.migrations.failure import shown

__all__ = ["Defect", "DefectsError"]


@dataclass(frozen=True)
class Defect:
    """What is wrong with a file.

    Args:
        path: the file.
        what: the fault, without the file's name.
        remedy: what to do, in the imperative.
        line: in it, from 1, where one is at fault.
        beside: another file, with which it does not go together; either may be the one to change.
    """

    path: Path
    what: str
    remedy: str
    line: int | None = None
    beside: Path | None = None

    def __str__(self) -> str:
        return f"{shown(self.path)}{f':{self.line}' if self.line else ''}: {self.what}"


class DefectsError(UsageError):
    """Files that are no migrations, or do not go together: all that is wrong with them."""

    def __init__(self, defects: Sequence[Defect]) -> None:
        self.defects = tuple(dict.fromkeys(defects))
        message = "\n".join(map(str, self.defects))
        super().__init__(message, remedy=" ".join(dict.fromkeys(each.remedy for each in self.defects)))

    @classmethod
    def at(cls, path: Path, what: str, *, remedy: str, line: int | None = None) -> "DefectsError":
        """Make the refusal of one fault."""
        return cls([Defect(path, what, remedy, line)])
