"""Judges what differs after the way up and down: lost, declared, done by a trigger; and which statement did it."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg

from schemaproof.contents import Change, Contents, Kind, compare_contents, name_of
from schemaproof.findings import Finding, Location
from schemaproof.migrations import Lossy, Migration, Script, Statement, read_markers
from schemaproof.stairs.record import Declared, Record, SideEffect
from schemaproof.stairs.statements import assigns, culprit, is_opaque, sources
from schemaproof.stairs.telling import Teller, what
from schemaproof.stairs.touching import Trigger, read_triggers, toucher

__all__ = ["Judge"]


# What nothing takes back, whatever becomes of the rows (manual, ALTER TYPE).
_ADDS_VALUE = re.compile(r"alter\s+type\b.*\badd\s+value\b", re.IGNORECASE | re.DOTALL)


@dataclass
class Judge:
    """Judges one migration.

    Args:
        migration: it.
        before: what the tables held before it.
        above: what they held after it.
        record: takes up the losses that are declared.
    """

    migration: Migration
    before: Contents
    above: Contents
    record: Record
    _told: set[str] = field(default_factory=set)
    _used: set[Lossy] = field(default_factory=set)
    _lost: bool = False

    def survived(self, back: Contents, connection: psycopg.Connection) -> Iterator[Finding]:
        """Compare what the rollback left with what was there before the migration."""
        changes = compare_contents(self.before, back)
        triggers = read_triggers(connection) if changes else ()
        for change in changes:
            if self._is_declared(change):
                continue
            self._told.add(change.name)
            yield from self._judged(change, triggers)
        for name, value in self.before.sequences.items():
            after = back.sequences.get(name)
            goes_back = value is not None and name in back.sequences and (after is None or after < value)
            if value is not None and goes_back and not self._is_declared_of(name):
                yield self._tell.sequence(name, value, after)

    def survived_later(self, before: Contents, after: Contents, connection: psycopg.Connection) -> Iterator[Finding]:
        """Compare rows written after the migration, on both sides of its rollback, in what was there before it."""
        changes = [
            change
            for change in compare_contents(before, after)
            if change.loses and self.before.has(change.table, change.column) and change.name not in self._told
        ]
        triggers = read_triggers(connection) if changes else ()
        for change in changes:
            if not self._is_declared(change) and not self._by_trigger(change, triggers):
                yield self._tell.later(change, self._culprit(change))

    def markers(self) -> Iterator[Finding]:
        """Tell the markers that name nothing, or nothing that is lost."""
        for marker in self.migration.lossy:
            place = Location(marker.path, marker.line)
            if not self._names(marker):
                yield self._tell.unknown(marker, self._guess(marker))
            elif marker not in self._used and not self._empty(marker):
                yield self._tell.stale(marker, place)
        undoable = not any(_ADDS_VALUE.match(statement.sql) for statement in self.migration.statements)
        if self.migration.irreversible and not self._lost and self.before.rows and undoable:
            yield self._tell.stale("irreversible", self._place_of_irreversible)

    @property
    def _tell(self) -> Teller:
        return Teller(self.migration)

    def _is_declared(self, change: Change) -> bool:
        """Tell whether a marker covers a change, and note that it does."""
        table = name_of(change.table)
        covering = [marker for marker in self.migration.lossy if marker.covers(table, change.column)]
        self._used.update(covering)
        self._lost = self._lost or change.loses
        reasons = [*(marker.reason for marker in covering), self.migration.irreversible]
        if reason := next(filter(None, reasons), None):
            self.record.declared.append(Declared(self.migration.version, change.name, what(change), reason))
        return reason is not None

    def _is_declared_of(self, sequence: str) -> bool:
        """Tell whether a marker covers where a sequence stands, and note that it does."""
        covering = [marker for marker in self.migration.lossy if marker.covers(name_of(sequence), None)]
        self._used.update(covering)
        self._lost = True
        return bool(covering) or self.migration.irreversible is not None

    def _judged(self, change: Change, triggers: tuple[Trigger, ...]) -> Iterator[Finding]:
        statement = self._culprit(change)
        if trigger := self._by_trigger(change, triggers):
            effect = f"{what(change)}, by the trigger {trigger.name} of {trigger.table}"
            self.record.side_effects.append(SideEffect(self.migration.version, change.name, effect))
            if change.kind is not Kind.ADDED:  # a log that grows does what it is for
                yield self._tell.side_effect(change, trigger, statement)
        elif change.loses and (finding := self._restored(change)):
            yield finding
        elif change.loses:
            yield self._tell.lost(change, statement, self._way(statement))
        else:
            yield self._tell.filled(change, statement)

    def _restored(self, change: Change) -> Finding | None:
        """Tell a column that the rollback takes from others, which were there before and which nothing here changed.

        Whether they hold the same is up to those who write them: rows that were made up know nothing of it.
        """
        if self.migration.undo is None or change.column is None or self.above.has(change.table, change.column):
            return None
        for source in sources(self.migration.undo, name_of(change.table), change.column):
            there = {name for name in source.columns for table in source.tables if self.before.has_named(table, name)}
            if there == source.columns:
                return self._tell.restored(change, tuple(sorted(there)), source.statement)
        return None

    def _by_trigger(self, change: Change, triggers: tuple[Trigger, ...]) -> Trigger | None:
        """Return the trigger that made a change, if no statement of the files makes it itself."""
        if change.kind not in (Kind.CHANGED, Kind.MOVED, Kind.FILLED, Kind.ADDED):
            return None
        if change.column and assigns(self._scripts, name_of(change.table), change.column):
            return None
        texts = [script.text for script in self._scripts]
        nothing_else = change.column is not None and not any(map(is_opaque, self._scripts))
        return toucher(triggers, change, texts, nothing_else=nothing_else)

    @property
    def _scripts(self) -> tuple[Script, ...]:
        return tuple(script for script in (self.migration.script, self.migration.undo) if script)

    def _culprit(self, change: Change) -> Statement | None:
        """Return the statement that made a change: of the migration, if it shows before the rollback."""
        scripts, back = self._scripts, self._scripts[::-1]
        if not self.above.has(change.table, change.column):
            return culprit(scripts, back, name_of(change.table), change.column)
        shown = {found.name for found in compare_contents(self.before, self.above)}
        order = scripts if change.name in shown else back
        return culprit(order, order, name_of(change.table), change.column)

    def _way(self, statement: Statement | None) -> str:
        return "up" if statement and statement.path == self.migration.path else "down"

    def _names(self, marker: Lossy) -> bool:
        """Tell whether there is, or was, what a marker names."""
        return any(marker.covers(table, column) for table, column in self._known())

    def _known(self) -> Iterator[tuple[tuple[str, ...], str | None]]:
        for contents in (self.before, self.above):
            for label, held in contents.tables.items():
                yield name_of(label), None
                yield from ((name_of(label), column) for column in held.columns)

    def _empty(self, marker: Lossy) -> bool:
        """Tell whether no row could be put where a marker expects a loss, so that none could be seen."""
        tables = [held for label, held in self.before.tables.items() if self._about(marker, label, held.columns)]
        return all(held.rows == 0 for held in tables)

    def _about(self, marker: Lossy, label: str, columns: tuple[str, ...]) -> bool:
        return any(marker.covers(name_of(label), column) for column in (None, *columns))

    def _guess(self, marker: Lossy) -> str:
        known = {".".join(filter(None, (*table[-2:], column))) for table, column in self._known()}
        short = {name.removeprefix("public.") for name in known}
        close = difflib.get_close_matches(".".join(marker.target), sorted(known | short), n=1)
        return f"Did you mean {close[0]}?" if close else "Take it out, or mend the name."

    @property
    def _place_of_irreversible(self) -> Location:
        for script in self._scripts:
            for marker in read_markers(script.text, script.path):
                if marker.word == "irreversible":
                    return Location(script.path, marker.line)
        return Location(self.migration.path)
