"""One SQL file as it will be run, and the migration that it is part of."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemaproof.migrations.marker import Lossy
from schemaproof.migrations.psql import Rows
from schemaproof.migrations.statement import Statement, recorded_form, split

__all__ = ["Migration", "Script"]


@dataclass(frozen=True)
class Script:
    """A file of SQL: what applies a migration, or what reverts it; `rows` are what its COPY statements take."""

    path: Path
    text: str
    rows: tuple[Rows, ...] = ()

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The file's statements in order; raises MigrationError where it cannot be cut into statements."""
        return split(self.text, self.path, self.rows)

    @property
    def recorded(self) -> list[str]:
        """The statements in the ledger's form."""
        return recorded_form(self.text, self.statements)


@dataclass(frozen=True)
class Migration:
    """One step of the schema.

    Args:
        version: the digits that its file name starts with; versions are ordered as text.
        name: what stands between the version and `.sql`.
        path: the file.
        text: its content, without a byte order mark.
        rollback: the file that undoes it, if there is one.
        rollback_text: that file's content.
        irreversible: why it cannot be undone without losing data, from its marker, or its rollback's.
        lossy: what its markers, and its rollback's, say that it loses.
        rows: what a dump has behind its COPY statements; none in a folder's migrations.
    """

    version: str
    name: str
    path: Path
    text: str
    rollback: Path | None = None
    rollback_text: str = ""
    irreversible: str | None = None
    lossy: tuple[Lossy, ...] = ()
    rows: tuple[Rows, ...] = ()

    @cached_property
    def script(self) -> Script:
        """What applies it."""
        return Script(self.path, self.text, self.rows)

    @cached_property
    def undo(self) -> Script | None:
        """What reverts it."""
        return Script(self.rollback, self.rollback_text) if self.rollback else None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements that apply it."""
        return self.script.statements
