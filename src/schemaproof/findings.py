"""What a check has to say: which harm, on which object, at which line, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

__all__ = ["GATED", "MEASURED", "PROBED", "Finding", "Level", "Location"]

# What `schemaproof bench` finds goes by these names, as a check's findings go by its own.
MEASURED = ("baseline", "foreign_keys", "leakproof", "necessity", "plans", "queries", "redundant")
# What `schemaproof gate` finds in a change itself goes by these.
GATED = ("history", "incompatible", "locks", "loosened", "narrowed", "widened")
# What `schemaproof rest` finds in a project goes by this.
PROBED = ("rest",)


class Level(StrEnum):
    """How much a finding weighs; an `error` stands on a proof: an attack that succeeded or a fact of the catalogue."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    def outweighs(self, other: "Level") -> bool:
        """Tell whether this is the heavier one."""
        return list(Level).index(self) < list(Level).index(other)


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file: `line` counts from 1."""

    path: Path
    line: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Finding:
    """One harm found.

    Args:
        check: name of the check.
        object: what it is about, as PostgreSQL writes it (`public.tenants`).
        summary: the harm in one line.
        remedy: what to do, in the imperative.
        detail: the evidence, possibly of several lines (a statement to paste, a diff).
        location: the file and line that made the object, if a file did.
        key: names the finding across runs; it holds no line number and no value that differs between runs.
        audience: who can do it; known to a baseline is the finding for these, and new once others can.
    """

    check: str
    object: str
    summary: str
    remedy: str
    level: Level = Level.ERROR
    detail: str = ""
    location: Location | None = None
    key: str = ""
    audience: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.key:
            object.__setattr__(self, "key", f"{self.check}:{self.object}")
