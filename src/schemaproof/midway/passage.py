"""One way of one migration: up with its file or down with its rollback, whole or interrupted at a statement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import psycopg

from schemaproof.migrations import BEFORE_FIRST, Migration, MigrationError, Script, Statement, down, up
from schemaproof.migrations.connection import Origin, is_idle
from schemaproof.migrations.execution import execute
from schemaproof.migrations.ledger import Command, deletion, ensure_ledger, insertion

__all__ = ["FAILURE", "FAILURE_ALONE", "Interrupted", "Passage", "Runner", "passages"]

_MARK = "interrupted by schemaproof"
FAILURE = f"select '{_MARK}'::pg_catalog.int4"
"""What fails inside a transaction."""
FAILURE_ALONE = f'vacuum "{_MARK}"'
"""What fails outside of one: there is no such table, and the runner runs every VACUUM alone."""
_NOTHING = Command(b"select", ())


@dataclass(frozen=True)
class Interrupted(Script):
    """A script with one statement more, which stops it.

    Args:
        whole: the script.
        after: how many of its statements run before.
        by: the statement put in.
    """

    whole: Script | None = None
    after: int = 0
    by: str = FAILURE

    @classmethod
    def of(cls, script: Script, after: int, by: str = FAILURE) -> "Interrupted":
        """Put `by` behind the first `after` statements of `script`; what follows stays, and so does its plan."""
        return cls(script.path, script.text, script.rows, script, after, by)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """The script's statements with the one put in."""
        assert self.whole is not None
        found = self.whole.statements
        line = found[self.after - 1].line if self.after else 1
        return (*found[: self.after], Statement(self.by, self.path, line), *found[self.after :])


@dataclass(frozen=True)
class Runner:
    """A connection that runs files, with a ledger there, and how it came."""

    connection: psycopg.Connection[Any]
    origin: Origin

    @classmethod
    def of(cls, connection: psycopg.Connection[Any]) -> "Runner":
        """Make the ledger where there is none, as every run does first."""
        ensure_ledger(connection)
        return cls(connection, Origin.of(connection))

    def restore(self) -> None:
        """Put the session back to how it came."""
        if is_idle(self.connection):
            self.origin.restore(self.connection)


@dataclass(frozen=True)
class Passage:
    """A migration going up or down.

    Args:
        number: its place in the history, from 0.
        migration: what goes.
        direction: which way.
        history: all migrations of the project.
    """

    number: int
    migration: Migration
    direction: Literal["up", "down"]
    history: tuple[Migration, ...]

    @property
    def script(self) -> Script:
        """What runs."""
        script = self.migration.script if self.direction == "up" else self.migration.undo
        assert script is not None, self.migration.path
        return script

    @property
    def path(self) -> Path:
        """The file."""
        return self.script.path

    @property
    def start(self) -> int:
        """The revision that it starts from."""
        return self.number + (self.direction == "down")

    def complete(self, connection: psycopg.Connection[Any]) -> None:
        """Run it as the runner does, from its start or from what an interrupted run has left."""
        if self.direction == "up":
            up(connection, self.history, to=self.migration.version)
            return
        to = self.history[self.number - 1].version if self.number else BEFORE_FIRST
        down(connection, self.history, to=to, lose_data=True)

    def run(self, runner: Runner, script: Script) -> None:
        """Run `script`, which is the file with something put in, and then the ledger's entry."""
        try:
            execute(runner.connection, runner.origin, script, self.record)
        finally:
            runner.restore()

    def fail(self, runner: Runner, after: int, by: str = FAILURE) -> bool:
        """Run it so that it fails after `after` statements; False: it failed by itself before."""
        try:
            self.run(runner, Interrupted.of(self.script, after, by))
        except MigrationError as error:
            return _MARK in error.reason
        raise AssertionError(f"{self.path}: the runner passed over a failure behind statement {after}")

    def twice_in_one(self, runner: Runner) -> tuple[MigrationError | None, MigrationError | None]:
        """Run the file twice in one transaction, as `psql -1` would, and undo it; return the two runs' errors."""
        runner.connection.execute("begin")
        try:
            first = self._tried(runner)
            return first, None if first else self._tried(runner)
        finally:
            runner.connection.execute("rollback")

    @cached_property
    def record(self) -> Command:
        """What the ledger is told."""
        return insertion(self.migration) if self.direction == "up" else deletion(self.migration)

    def _tried(self, runner: Runner) -> MigrationError | None:
        try:
            execute(runner.connection, runner.origin, self.script, _NOTHING)
        except MigrationError as error:
            return error
        return None


def passages(history: Sequence[Migration], numbers: Sequence[int]) -> Iterator[Passage]:
    """Yield the ways of the migrations in order; one without a rollback has no way down."""
    whole = tuple(history)
    for number in numbers:
        yield Passage(number, whole[number], "up", whole)
        if whole[number].undo is not None:
            yield Passage(number, whole[number], "down", whole)
