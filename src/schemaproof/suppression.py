"""Findings that the project accepts, for a reason that a reviewer can read: in the settings, or beside the object."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemaproof.findings import Finding, Location
from schemaproof.migrations import Marker, Migration, MigrationError, Script, Statement, read_markers

__all__ = ["Exclusion", "Remark", "read_remarks"]


@dataclass(frozen=True)
class Exclusion:
    """An entry of the settings: the findings of `check` on `object`, or the one with this `key`."""

    check: str
    object: str
    reason: str
    key: str = ""

    def covers(self, finding: Finding) -> bool:
        """Tell whether the finding is one of these."""
        if self.key:
            return self.key == finding.key
        return (self.check, self.object) == (finding.check, finding.object)

    def __str__(self) -> str:
        return f"the exclusion of {self.key or f'{self.check} on {self.object}'}"


@dataclass(frozen=True)
class Remark:
    """A comment `-- schemaproof: ignore <check> <reason>`: the findings of `check` in the statement beside it.

    Args:
        location: where the comment stands.
        lines: of the file, that it covers; none where it stands beside no statement.
    """

    check: str
    reason: str
    location: Location
    lines: range

    def covers(self, finding: Finding) -> bool:
        """Tell whether the finding is one of these."""
        place = finding.location
        return (
            finding.check == self.check
            and place is not None
            and place.path == self.location.path
            and place.line in self.lines
        )

    def __str__(self) -> str:
        return f"the comment `ignore {self.check}`"


def read_remarks(migrations: Iterable[Migration]) -> Iterator[Remark]:
    """Yield the remarks of migrations and their rollbacks.

    Raises:
        DefectsError: a remark without a check or without a reason, or a marker with an unknown word.
    """
    for migration in migrations:
        for script in filter(None, (migration.script, migration.undo)):
            for marker in read_markers(script.text, script.path):
                if marker.word == "ignore":
                    yield _remark(marker, script)


def _remark(marker: Marker, script: Script) -> Remark:
    check, _, reason = marker.rest.partition(" ")
    if not reason.strip():
        raise marker.refused(
            f"the comment `ignore` gives no {'reason' if check else 'check'}",
            remedy="Write `-- schemaproof: ignore <check> <reason>`, with a reason that a reviewer can judge.",
        )
    return Remark(check, reason.strip(), Location(script.path, marker.line), _lines(marker, script))


def _lines(marker: Marker, script: Script) -> range:
    """The lines of the statement that a remark stands above or behind; of one that it stands in, the line alone."""
    try:
        statements = script.statements
    except MigrationError:  # the check `build` tells it
        return range(0)
    return _behind(marker, statements) if marker.trails else _below(marker, statements)


def _behind(marker: Marker, statements: Iterable[Statement]) -> range:
    before = [found for found in statements if found.start <= marker.start]
    if before and (marker.start >= before[-1].stop or marker.line == before[-1].line):
        return _span(before[-1])
    return range(marker.line, marker.line + 1)


def _below(marker: Marker, statements: Iterable[Statement]) -> range:
    line, rows = marker.line + 1, marker.text.split("\n")[marker.line :]
    for row in rows:
        if not row.lstrip().startswith("--"):
            break
        line += 1
    around = [found for found in statements if line in _span(found)]
    if not around:
        return range(0)
    return _span(around[-1]) if around[-1].line == line else range(line, line + 1)


def _span(statement: Statement) -> range:
    return range(statement.line, statement.line + statement.sql.count("\n") + 1)
