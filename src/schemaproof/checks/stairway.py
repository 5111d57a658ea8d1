"""Each migration goes up, down and up again, and the catalogue is exactly what it was at every step."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from schemaproof.catalogue import Catalogue, Difference, compare, render, take_catalogue
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level, Location
from schemaproof.migrations import LEDGER_SCHEMA, Migration, MigrationError, up
from schemaproof.stairs import Landing, revert

__all__ = ["stairway"]


@check(level=Level.ERROR, stepwise=True)
def stairway(context: Context) -> Iterator[Finding]:
    """A rollback does not give back what was there, and the night that it is needed one finds out.

    Each migration is applied, reverted and applied again on a real server. After the way down the catalogue must equal
    the one before the way up, after the second way up the one after the first; and all rollbacks in a row must leave
    what the platform had. A migration marked `-- schemaproof: irreversible <reason>` may lack a rollback: it is not
    reverted, and counted. One that has a rollback all the same is proved; what that does not restore is a warning. So
    is a column that comes back as the table's last one, which nothing can put where it was (a note where its loss is
    declared), and a constraint that stays validated.
    """
    if not any(migration.rollback for migration in context.target.history):
        raise NotApplicable(
            "a single file has no rollbacks"
            if context.target.is_file
            else "the project has no rollbacks: set `rollbacks` in the settings, or give --rollbacks"
        )
    if not context.session.can_start_over:
        raise NotApplicable("the migrations make roles, so that a second way up takes a server that schemaproof starts")
    steps = context.steps
    stairs = _Stairs(context, steps[0])
    for number in steps:
        yield from stairs.step(number)
    yield from stairs.all_the_way_down(steps)


class _Stairs:
    """Goes up revision by revision on one database, and takes a new one when a step left it inexact."""

    def __init__(self, context: Context, first: int) -> None:
        self._context = context
        self._history = context.target.history
        self._number = first
        self._landing = self._land(first)
        self._ground = self._below = _look(self._landing)
        self._exact = True

    def step(self, number: int) -> Iterator[Finding]:
        """Prove migration `number` (from 0) from the revision below it; what lies before it is applied on the way."""
        migration = self._history[number]
        if number > self._number:
            self._landing.move(up, number)
            self._below = _look(self._landing)
        self._landing.move(up, number + 1)
        above = _look(self._landing)
        if migration.rollback is None:  # one that does not say so is the gate's: the reader refuses it otherwise
            self._context.proved["irreversible" if migration.irreversible else "without a rollback"] += 1
        else:
            findings = list(self._down_and_up(number, above))
            self._context.proved["steps"] += 1
            yield from findings
            if findings:
                self._start_anew(number)
        self._below, self._number = above, number + 1

    def all_the_way_down(self, steps: Sequence[int]) -> Iterator[Finding]:
        """Revert all steps in a row; left out where a single one has failed already, or is irreversible."""
        first, last = steps[0], steps[-1]
        if self._exact and all(migration.rollback for migration in self._history[first : last + 1]):
            self._landing.move(revert, first)
            differences = compare(self._ground, _look(self._landing))
            yield from self._inexact(self._history[first], differences, "all rollbacks in a row leave something behind")
        self._landing.close()

    def _start_anew(self, number: int) -> None:
        self._exact = False
        self._landing.close()
        self._landing = self._land(number + 1)

    def _land(self, number: int) -> Landing:
        return Landing(self._context.session, self._context.session.at(number))

    def _down_and_up(self, number: int, above: Catalogue) -> Iterator[Finding]:
        migration = self._history[number]
        try:
            self._landing.move(revert, number)
            if differences := compare(self._below, _look(self._landing)):
                yield from self._inexact(migration, differences, "the rollback does not restore what was there")
                return
            self._landing.move(up, number + 1)
        except MigrationError as error:
            yield _failed(migration, error)
            return
        again = compare(above, _look(self._landing))
        yield from self._inexact(migration, again, "applied again after its rollback, it makes something else")

    def _inexact(self, migration: Migration, differences: tuple[Difference, ...], summary: str) -> Iterator[Finding]:
        for name, group in groupby(_outermost(differences), key=lambda difference: difference.key):
            made, found = self._context.origins.find(name), tuple(group)
            only_order = all(each.property == "columns" for each in found)
            yield Finding(
                "stairway",
                name.name,
                f"{summary}: {name.kind} {name.name}{', whose columns stand in another order' if only_order else ''}",
                "Mend the rollback so that it undoes each statement of the migration.",
                level=_level(migration, found),
                detail=render(found) + (f"\nmade at {self._context.target.show(made)}" if made else ""),
                location=Location(migration.rollback or migration.path),
                key=f"stairway:{migration.version}:{name.kind}:{name.name}",
            )


def _look(landing: Landing) -> Catalogue:
    """Take the catalogue, without the runner's own schema, which appears with the first migration and stays."""
    return take_catalogue(landing.watcher).without_schema(LEDGER_SCHEMA)


def _outermost(differences: tuple[Difference, ...]) -> list[Difference]:
    """Leave out the parts of an object that appeared or vanished as a whole: its columns, constraints, grants."""
    whole = {found.key.name for found in differences if found.change != "changed"}
    return [found for found in differences if not any(found.key.name.startswith(f"{name}.") for name in whole)]


def _level(migration: Migration, found: tuple[Difference, ...]) -> Level:
    """An error, but for what nothing can put back, what is declared, and a constraint that stays proved."""
    if all(each.property == "columns" for each in found):
        return Level.NOTE if migration.lossy else Level.WARNING
    stays_proved = all(each.property == "validated" and each.after for each in found)
    return Level.WARNING if stays_proved or migration.irreversible else Level.ERROR


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
