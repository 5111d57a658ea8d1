"""What a walk with data has proved, for the report: plain values, besides the findings."""

from dataclasses import dataclass, field

__all__ = ["Declared", "Record", "SideEffect"]


@dataclass(frozen=True)
class Declared:
    """A loss that a marker declares, and that was seen.

    Args:
        version: of the migration.
        name: the table or column.
        what: what happens to it.
        reason: the marker's.
    """

    version: str
    name: str
    what: str
    reason: str


@dataclass(frozen=True)
class SideEffect:
    """What a trigger did as a migration ran.

    Args:
        version: of the migration.
        name: the table or column that changed.
        what: what happened to it, and by which trigger.
    """

    version: str
    name: str
    what: str


@dataclass
class Record:
    """What was looked at.

    Args:
        steps: migrations that went up with data there, and down and up again where they have a rollback.
        untouched: those of them whose statements can neither change a row nor fail on one: they went up only.
        tables: that held rows, by name: the most that each held.
        unfilled: tables that a migration is about and that no row could be put into, with what forbade it.
        declared: losses that markers declare.
        side_effects: what triggers did.
    """

    steps: int = 0
    untouched: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    unfilled: dict[str, str] = field(default_factory=dict)
    declared: list[Declared] = field(default_factory=list)
    side_effects: list[SideEffect] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return sum(self.tables.values())
