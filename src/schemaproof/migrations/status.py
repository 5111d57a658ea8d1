"""Compares the ledger with the files: what is applied, what is not, and what was changed after it was applied."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psycopg
from pglast import parser

from schemaproof.migrations.failure import MigrationError, shown
from schemaproof.migrations.ledger import Entry, read_ledger
from schemaproof.migrations.script import Migration
from schemaproof.migrations.statement import split

__all__ = ["Mismatch", "Status", "status", "verify"]

State = Literal["applied", "pending", "out-of-order", "missing-file"]


@dataclass(frozen=True)
class Status:
    """Where a version stands.

    Args:
        version: of the migration.
        name: of the migration.
        state: `applied`; `pending`: in a file only; `out-of-order`: pending, but older than the newest applied one;
            `missing-file`: in the ledger only.
        path: the file, if there is one.
    """

    version: str
    name: str
    state: State
    path: Path | None = None


@dataclass(frozen=True)
class Mismatch:
    """A version that the ledger and the files do not agree on.

    Args:
        version: of the migration.
        name: of the migration.
        kind: `edited`: the file's statements are not those that were run; `unrecorded`: the ledger does not say which
            were run; `missing-file` and `out-of-order` as in Status.
        message: what differs, for a person.
        path: the file, if there is one.
        diff: of what was run to what the file says now, for an edited file.
    """

    version: str
    name: str
    kind: Literal["edited", "unrecorded", "missing-file", "out-of-order"]
    message: str
    path: Path | None = None
    diff: str = ""

    def __str__(self) -> str:
        return f"{self.message}\n{self.diff}".rstrip()


def status(connection: psycopg.Connection[Any], migrations: Sequence[Migration]) -> tuple[Status, ...]:
    """Return where each version stands, in their order; reads only."""
    applied = read_ledger(connection)
    newest = max(applied, default="")
    files = {migration.version: migration for migration in migrations}
    return tuple(
        _status(files.get(version), applied.get(version), newest) for version in sorted(files.keys() | applied.keys())
    )


def verify(connection: psycopg.Connection[Any], migrations: Sequence[Migration]) -> tuple[Mismatch, ...]:
    """Return what the ledger and the files do not agree on; pending migrations are fine; reads only.

    Files are compared with what was run token by token, so that white space and comments outside of literals and
    function bodies do not count.
    """
    applied = read_ledger(connection)
    files = {migration.version: migration for migration in migrations}
    standing = status(connection, migrations)
    return tuple(
        found for each in standing for found in _mismatches(each, files.get(each.version), applied.get(each.version))
    )


def _status(migration: Migration | None, entry: Entry | None, newest: str) -> Status:
    if migration is None:
        assert entry is not None
        return Status(entry.version, entry.name, "missing-file")
    state: State = "applied"
    if entry is None:
        state = "out-of-order" if migration.version < newest else "pending"
    return Status(migration.version, migration.name, state, migration.path)


def _mismatches(standing: Status, migration: Migration | None, entry: Entry | None) -> Iterator[Mismatch]:
    version, name = standing.version, standing.name
    if migration is None:
        yield Mismatch(version, name, "missing-file", f"{version} ({name}) was applied, but there is no file of it")
    elif standing.state == "out-of-order":
        message = f"{shown(migration.path)} is not applied, but one that comes after it is"
        yield Mismatch(version, name, "out-of-order", message, migration.path)
    elif entry is not None and entry.statements is None:
        message = f"the ledger does not say what was run as {version}, so {shown(migration.path)} cannot be compared"
        yield Mismatch(version, name, "unrecorded", message, migration.path)
    elif entry is not None and (diff := _edited(migration, entry)):
        message = f"{shown(migration.path)} was edited after it was applied"
        yield Mismatch(version, name, "edited", message, migration.path, diff)


def _edited(migration: Migration, entry: Entry) -> str:
    before, after = list(entry.statements or ()), _recorded(migration)
    if before == after or _essence(before, migration.path) == _essence(after, migration.path):
        return ""
    return "\n".join(
        difflib.unified_diff(
            _lines(before), _lines(after), f"{migration.version} as applied", str(shown(migration.path)), lineterm=""
        )
    )


def _recorded(migration: Migration) -> list[str]:
    try:
        return migration.script.recorded
    except MigrationError:  # edited so that it cannot even be cut
        return [migration.text]


def _lines(statements: Sequence[str]) -> list[str]:
    return [line.rstrip() for statement in statements for line in f"{statement};".splitlines()]


def _essence(statements: Sequence[str], path: Path) -> list[list[str]]:
    """Reduce statements to their tokens, cut anew, since others cut differently."""
    text = "\n;\n".join(statements).replace("\r\n", "\n")
    try:
        return [_tokens(statement.sql) for statement in split(text, path)]
    except MigrationError:
        return [[statement] for statement in statements]


def _tokens(sql: str) -> list[str]:
    return [sql[t.start : t.end + 1] for t in parser.scan(sql) if t.name not in ("SQL_COMMENT", "C_COMMENT")]
