"""Says what was found: the sentences, levels, keys and places of the findings of the walk with data."""

from dataclasses import dataclass

from schemaproof.contents import Change, Kind
from schemaproof.findings import Finding, Level, Location
from schemaproof.migrations import Lossy, Migration, MigrationError, Statement
from schemaproof.stairs.touching import Trigger

__all__ = ["CHECK", "Teller", "what"]

CHECK = "data_loss"
_KINDS = {
    Kind.GONE: "is gone",
    Kind.ROWS: "loses rows",
    Kind.EMPTIED: "is NULL",
    Kind.CHANGED: "holds other values",
    Kind.MOVED: "holds its values in other rows",
    Kind.FILLED: "holds a value where it was NULL",
    Kind.ADDED: "holds more rows",
}


def what(change: Change) -> str:
    """Return what happened, after the name: `holds other values in 3 of 4 rows`."""
    if change.rows is None:
        return f"{_KINDS[change.kind]} in some of {change.of} rows"
    number = f"{'about ' if change.about else ''}{change.rows}"
    match change.kind:
        case Kind.GONE:
            return f"is gone with what {number} rows held" if change.column else f"is gone with its {number} rows"
        case Kind.ROWS:
            return f"has lost {number} of {change.of} rows"
        case Kind.ADDED:
            return f"holds {number} rows more"
    return f"{_KINDS[change.kind]} in {number} of {change.of} rows"


@dataclass(frozen=True)
class Teller:
    """Tells what a migration does to data."""

    migration: Migration

    def lost(self, change: Change, statement: Statement | None, way: str) -> Finding:
        """What was there before the migration and does not come back."""
        return self._finding(
            "lost",
            change.name,
            f"{change.name} {what(change)} after the migration and its rollback",
            "Have the migration keep what its rollback needs to bring it back, or declare the loss: "
            f"-- schemaproof: lossy {change.name} <what is lost, and why that is right>",
            detail=_shown(statement, f"lost on the way {way}"),
            location=self._place(statement),
        )

    def restored(self, change: Change, sources: tuple[str, ...], statement: Statement | None) -> Finding:
        """A column that comes back from others that were there beside it: made-up rows hold other values in those."""
        return self._finding(
            "restored",
            change.name,
            f"{change.name} comes back from {', '.join(sources)}, and {what(change)}",
            "Make sure that they hold the same in every row, or declare the loss: "
            f"-- schemaproof: lossy {change.name} <what is lost, and why that is right>",
            level=Level.WARNING,
            detail=_shown(statement, "restored on the way down"),
            location=self._place(statement),
        )

    def filled(self, change: Change, statement: Statement | None) -> Finding:
        """NULLs that became values for good, and rows that were added: nothing that was there is lost."""
        verb = "left" if change.kind is Kind.ADDED else "filled"
        return self._finding(
            verb,
            change.name,
            f"{change.name} {what(change)} after the migration and its rollback",
            "Have the rollback take back what the migration writes, where that matters.",
            level=Level.WARNING,
            detail=_shown(statement, "written on the way"),
            location=self._place(statement),
        )

    def side_effect(self, change: Change, trigger: Trigger, statement: Statement | None) -> Finding:
        """What a trigger did while the migration wrote."""
        return self._finding(
            "side_effect",
            change.name,
            f"{change.name} {what(change)}: the trigger {trigger.name} of {trigger.table} fires as the migration runs",
            "Disable the trigger around the statement, or declare it: "
            f"-- schemaproof: lossy {change.name} <why that is right>",
            level=Level.WARNING,
            detail=_shown(statement, "as this runs") if statement else "",
            location=self._place(statement),
        )

    def later(self, change: Change, statement: Statement | None) -> Finding:
        """What was written after the migration, into columns that were there before it, and does not survive."""
        return self._finding(
            "later",
            change.name,
            f"{change.name}: of rows written after the migration, it {what(change)} after its rollback",
            "Have the rollback keep what was written meanwhile, or declare the loss: "
            f"-- schemaproof: lossy {change.name} <what is lost, and why that is right>",
            level=Level.WARNING,
            detail=_shown(statement, "lost on the way down"),
            location=self._place(statement),
        )

    def refused_up(self, error: MigrationError, level: Level) -> Finding:
        """The migration fails on rows, though it passes on empty tables."""
        always = level is Level.ERROR
        return self._finding(
            "up_fails",
            "",
            f"the migration fails {'on any row' if always else 'on rows that the schema before it allows'}: "
            f"{error.reason}",
            "Have the migration deal with such rows first, or check that there are none where it will run.",
            level=level,
            detail=str(error),
            location=Location(error.path, error.line),
        )

    def refused(self, error: MigrationError, way: str) -> Finding:
        """The way down, or up again, fails with rows that were there before."""
        return self._finding(
            f"{way}_fails",
            "",
            f"with rows there, {'the rollback' if way == 'down' else 'the second way up'} fails: {error.reason}",
            "Mend the statement that it names, so that it holds for the rows that are there.",
            detail=str(error),
            location=Location(error.path, error.line),
        )

    def refused_later(self, error: MigrationError) -> Finding:
        """The rollback fails on rows that only the migration allows."""
        return self._finding(
            "later_fails",
            "",
            f"rows that the migration allows keep its rollback from running: {error.reason}",
            "Have the rollback deal with such rows, or be ready to do it by hand.",
            level=Level.WARNING,
            detail=str(error),
            location=Location(error.path, error.line),
        )

    def sequence(self, name: str, before: int, after: int | None) -> Finding:
        """A sequence that starts anew gives numbers a second time."""
        now = "has given none" if after is None else f"stands at {after}"
        return self._finding(
            "sequence",
            name,
            f"{name} stood at {before} and {now} after the migration and its rollback",
            "Keep the sequence, or set it to where it stood.",
            location=Location(self.migration.rollback or self.migration.path),
        )

    def stale(self, marker: Lossy | str, path_line: Location) -> Finding:
        """A marker that covers nothing would hide what comes later."""
        return self._finding(
            "stale",
            str(marker),
            f"the marker `{marker}` covers nothing: what it names survives the migration and its rollback",
            "Take it out, or mend the name.",
            level=Level.WARNING,
            location=path_line,
        )

    def unknown(self, marker: Lossy, remedy: str) -> Finding:
        """A marker that names what never was."""
        name = ".".join(marker.target)
        return self._finding(
            "unknown",
            str(marker),
            f"the marker `{marker}` names a table or column that is not there: {name}",
            remedy,
            level=Level.WARNING,
            location=Location(marker.path, marker.line),
        )

    def _place(self, statement: Statement | None) -> Location:
        if statement is None:
            return Location(self.migration.rollback or self.migration.path)
        return Location(statement.path, statement.line)

    def _finding(
        self,
        kind: str,
        name: str,
        summary: str,
        remedy: str,
        *,
        level: Level = Level.ERROR,
        detail: str = "",
        location: Location,
    ) -> Finding:
        version = self.migration.version
        key = ":".join(filter(None, (CHECK, version, kind, name)))
        return Finding(CHECK, name or version, summary, remedy, level=level, detail=detail, location=location, key=key)


def _shown(statement: Statement | None, how: str) -> str:
    return f"{how}: {statement.sql}" if statement else how
