"""Each migration goes up, down and up again, and the catalogue is exactly what it was at every step."""

from collections.abc import Callable, Iterator
from itertools import groupby

from schemaproof.catalogue import Catalogue, Difference, ObjectKey, compare, render, take_catalogue
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.database import Database
from schemaproof.findings import Finding, Location
from schemaproof.migrations import BEFORE_FIRST, LEDGER_SCHEMA, Migration, MigrationError, down, up

__all__ = ["stairway"]


@check()
def stairway(context: Context) -> Iterator[Finding]:
    """A rollback does not give back what was there, and the night that it is needed one finds out.

    Each migration is applied, reverted and applied again on a real server. After the way down the catalogue must equal
    the one before the way up, after the second way up the one after the first; and all rollbacks in a row must leave
    what the platform had. A migration marked `-- schemaproof: irreversible <reason>` is not reverted, and counted.
    """
    if not any(migration.rollback for migration in context.target.history):
        raise NotApplicable("the project has no rollbacks: set `rollbacks` in the settings, or give --rollbacks")
    stairs = _Stairs(context)
    for number, migration in enumerate(context.target.history):
        yield from stairs.step(number, migration)
    yield from stairs.all_the_way_down()


class _Stairs:
    """A database that stands at one revision after the other; one that a step left inexact is replaced by a new one."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._session = context.session
        self._history = context.target.history
        self._database: Database | None = None
        self._below: Catalogue | None = None
        self._exact = True

    def step(self, number: int, migration: Migration) -> Iterator[Finding]:
        """Prove migration `number` (from 0) from the revision below it."""
        database = self._standing_below(number)
        below = self._below or self._look(database)
        self._run(database, up, number)
        self._below = above = self._look(database)
        if migration.irreversible:
            self._context.proved["irreversible"] += 1
            return
        findings = list(self._down_and_up(database, number, below, above))
        self._context.proved["steps"] += 1
        yield from findings
        if findings:
            self._exact = False
            self._close()

    def all_the_way_down(self) -> Iterator[Finding]:
        """Revert everything in a row; skipped where a single step has failed already, or is irreversible."""
        if self._exact and not any(migration.irreversible for migration in self._history):
            database = self._standing_below(len(self._history))
            self._run(database, down, -1)
            with self._session.scratch(self._session.base) as base:
                differences = compare(self._look(base), self._look(database))
            yield from self._inexact(self._history[0], differences, "all rollbacks in a row leave something behind")
        self._close()

    def _down_and_up(self, database: Database, number: int, below: Catalogue, above: Catalogue) -> Iterator[Finding]:
        migration = self._history[number]
        try:
            self._run(database, down, number - 1)
            if differences := compare(below, self._look(database)):
                yield from self._inexact(migration, differences, "the rollback does not restore what was there")
                return
            self._run(database, up, number)
        except MigrationError as error:
            yield _failed(migration, error)
            return
        again = compare(above, self._look(database))
        yield from self._inexact(migration, again, "applied again after its rollback, it makes something else")

    def _inexact(self, migration: Migration, differences: tuple[Difference, ...], summary: str) -> Iterator[Finding]:
        for name, group in groupby(_outermost(differences), key=lambda difference: difference.key):
            made = self._context.origins.find(name)
            yield Finding(
                "stairway",
                name.name,
                f"{summary}: {name.kind} {name.name}",
                "Mend the rollback so that it undoes each statement of the migration.",
                detail=render(tuple(group)) + (f"\nmade at {self._context.target.show(made)}" if made else ""),
                location=Location(migration.rollback or migration.path),
                key=f"stairway:{migration.version}:{name.kind}:{name.name}",
            )

    def _standing_below(self, number: int) -> Database:
        if self._database is None:
            self._database = self._session.base()
            self._below = None
            self._run(self._database, up, number - 1)
        return self._database

    def _run(self, database: Database, move: Callable[..., object], number: int) -> None:
        to = self._history[number].version if number >= 0 else BEFORE_FIRST
        with self._session.connect_migrator(database) as connection:
            move(connection, self._history, to=to)

    def _look(self, database: Database) -> Catalogue:
        with database.connect() as connection:
            return _without_ledger(take_catalogue(connection))

    def _close(self) -> None:
        if self._database is not None:
            self._session.drop(self._database)
            self._database = None


def _without_ledger(catalogue: Catalogue) -> Catalogue:
    """Leave out the runner's own schema, which appears with the first migration and stays."""
    own = ObjectKey("schema", LEDGER_SCHEMA)
    return Catalogue(
        {key: value for key, value in catalogue.objects.items() if key != own and value.get("schema") != LEDGER_SCHEMA}
    )


def _outermost(differences: tuple[Difference, ...]) -> list[Difference]:
    """Leave out the parts of an object that appeared or vanished as a whole: its columns, constraints, grants."""
    whole = {found.key.name for found in differences if found.change != "changed"}
    return [found for found in differences if not any(found.key.name.startswith(f"{name}.") for name in whole)]


def _failed(migration: Migration, error: MigrationError) -> Finding:
    return Finding(
        "stairway",
        migration.version,
        f"the way down and up again fails: {error.reason}",
        "Mend the statement that it names.",
        detail=str(error),
        location=Location(error.path, error.line),
        key=f"stairway:{migration.version}:fails",
    )
