"""Walks the stairway with rows in the tables: up, down and up again, with the data compared before and after."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemaproof.contents import Contents, name_of, take_contents
from schemaproof.findings import Finding, Level
from schemaproof.migrations import Migration, MigrationError, up
from schemaproof.session import Session
from schemaproof.stairs.furnishing import furnish
from schemaproof.stairs.judging import Judge
from schemaproof.stairs.landing import Landing, revert
from schemaproof.stairs.record import Record
from schemaproof.stairs.statements import is_inert, only_sheds, requires_value, validates
from schemaproof.stairs.telling import Teller

__all__ = ["prove_data"]


def prove_data(session: Session, numbers: Sequence[int], *, record: Record | None = None) -> Iterator[Finding]:
    """Prove that what is in the tables survives migrations and their rollbacks, and that neither fails on it.

    Args:
        session: the server and the history.
        numbers: indices into the history, from 0, ascending; number i leads from revision i to i + 1.
        record: takes up what was looked at.
    """
    walk = _Walk(session, record if record is not None else Record())
    try:
        for number in numbers:
            yield from walk.step(number)
    finally:
        walk.close()


@dataclass
class _Walk:
    """Goes up revision by revision in one database, and takes a new one where a step left it in disorder."""

    session: Session
    record: Record
    _landing: Landing | None = None
    _number: int = -1

    def step(self, number: int) -> Iterator[Finding]:
        """Prove migration `number` (from 0) from the revision below it."""
        migration = self.session.target.history[number]
        undo = migration.undo
        if not is_inert(migration.script) or not (undo is None or is_inert(undo)):
            self._stand_at(number)
            yield from self._prove(number, migration)
            return
        self.record.untouched += 1
        if self._landing is not None and self._number == number:
            self._go(up, number + 1)

    def close(self) -> None:
        """Drop the database."""
        if self._landing is not None:
            self._landing.close()
        self._landing = None

    def _prove(self, number: int, migration: Migration) -> Iterator[Finding]:
        tell, before = Teller(migration), self._look(None)
        try:
            self._go(up, number + 1)
        except MigrationError as error:
            yield tell.refused_up(error, _weight(error, before))
            self._begin(number, varied=False)
            before = self._look(None)
            try:
                self._go(up, number + 1)
            except MigrationError:
                self.close()
                return
        self.record.steps += 1
        above = self._look(before)
        if migration.undo is None:
            self._furnish(_changed(before, above), above)
            return
        yield from self._down_and_up(number, migration, before, above)

    def _down_and_up(self, number: int, migration: Migration, before: Contents, above: Contents) -> Iterator[Finding]:
        judge = Judge(migration, before, above, self.record)
        try:
            self._go(revert, number)
        except MigrationError as error:
            yield from self._refused(number, error, "down")
            return
        back = self._look(before)
        yield from judge.survived(back, self._watch().watcher)
        try:
            self._go(up, number + 1)
        except MigrationError as error:
            yield from self._refused(number, error, "up_again")
            return
        yield from self._with_later_rows(number, migration, judge)
        yield from judge.markers()

    def _refused(self, number: int, error: MigrationError, way: str) -> Iterator[Finding]:
        """Tell that the way down, or up again, fails, unless it does so without rows as well: `stairway` tells that."""
        self.close()
        landing = Landing(self.session, self.session.at(number))
        try:
            landing.move(up, number + 1)
            landing.move(revert, number)
            if way == "up_again":
                landing.move(up, number + 1)
        except MigrationError:
            return
        finally:
            landing.close()
        yield Teller(self.session.target.history[number]).refused(error, way)

    def _with_later_rows(self, number: int, migration: Migration, judge: Judge) -> Iterator[Finding]:
        """Run the rollback with rows that were written after the migration."""
        changed = _changed(judge.before, judge.above)
        self._furnish(changed, judge.above)
        if migration.undo is None or only_sheds(migration.undo) or not changed:
            return
        later = self._look(None)
        try:
            self._go(revert, number)
            self._go(up, number + 1)
        except MigrationError as error:
            yield Teller(migration).refused_later(error)
            self.close()
            return
        yield from judge.survived_later(later, self._look(later), self._watch().watcher)

    def _stand_at(self, number: int) -> None:
        if self._landing is None or self._number != number:
            self._begin(number)

    def _begin(self, number: int, *, varied: bool = True) -> None:
        """Take a new database at a revision and fill all of its tables."""
        self.close()
        self._landing, self._number = Landing(self.session, self.session.at(number)), number
        there = self._look(None)
        mine = [label for label in there.tables if name_of(label)[0] in self.session.schemas]
        self._furnish(mine, there, varied=varied)

    def _furnish(self, wanted: Iterable[str], there: Contents, *, varied: bool = True) -> None:
        unfilled = furnish(self._watch().watcher, wanted, there, varied=varied)
        self.record.unfilled |= {label: str(found) for label, found in unfilled.items()}

    def _look(self, like: Contents | None) -> Contents:
        contents = take_contents(self._watch().watcher, like=like)
        for label, held in contents.tables.items():
            if held.rows:
                self.record.tables[label] = max(held.rows, self.record.tables.get(label, 0))
        return contents

    def _go(self, how: Callable[..., object], number: int) -> None:
        self._watch().move(how, number)
        self._number = number

    def _watch(self) -> Landing:
        assert self._landing is not None
        return self._landing


def _changed(before: Contents, above: Contents) -> list[str]:
    """The tables that are new, or have other columns or constraints."""
    return [label for label, held in above.tables.items() if not _same_shape(before, label, held.shape)]


def _same_shape(before: Contents, label: str, shape: str) -> bool:
    held = before.tables.get(label)
    return held is not None and held.shape == shape


def _weight(error: MigrationError, before: Contents) -> Level:
    """How much it weighs that a migration fails on rows: all do, some may, or it asks for nothing else."""
    if requires_value(error.statement, before.has_named):
        return Level.ERROR
    return Level.NOTE if validates(error.statement) else Level.WARNING
