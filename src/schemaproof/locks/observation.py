"""What one statement did, from a look before it and one behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemaproof.locks.model import ACCESS_EXCLUSIVE, BLOCKS_WRITERS, Build, Held, Relation, Step
from schemaproof.locks.operations import changes_rows, is_query, operations, target
from schemaproof.locks.probe import Seen
from schemaproof.migrations import Statement

__all__ = ["Observation"]

_SHOWN = 200


@dataclass(frozen=True)
class Observation:
    """A statement, and what was seen before and behind it.

    Args:
        statement: it.
        before: a look before it.
        after: a look behind it, in the same transaction, or with the locks seen meanwhile where it ran alone.
        lines: which statement of the transaction took the locks that were held before.
        relations: those that were there before the migration.
        alone: it ran outside of a transaction.
    """

    statement: Statement
    before: Seen
    after: Seen
    lines: Mapping[tuple[int, str], int]
    relations: Mapping[int, Relation]
    alone: bool = False

    def step(self, milliseconds: float) -> Step:
        """Put together what is told of the statement."""
        done = operations(self.statement.sql)
        rewritten = tuple(self._rewritten(done))
        scanned = () if self.alone else tuple(oid for oid in self._scanned(is_query(done)) if oid not in rewritten)
        return Step(
            self.statement.line,
            " ".join(self.statement.sql.split())[:_SHOWN],
            done,
            self._target(),
            milliseconds,
            tuple(self._taken(rewritten)),
            tuple(self._held()),
            self._names(rewritten),
            self._names(oid for oid in scanned if not self._emptied(oid, done)),
            tuple(self._written(done)),
            tuple(self._built()),
            self.after.lock_timeout,
            self.alone,
        )

    def _names(self, oids: "Iterator[int] | tuple[int, ...]") -> tuple[str, ...]:
        return tuple(self.relations[oid].name for oid in oids)

    def _taken(self, rewritten: tuple[int, ...]) -> Iterator[Held]:
        """Yield its new locks; one that copied a table while it ran alone had this lock, seen or not."""
        missed = {(oid, ACCESS_EXCLUSIVE) for oid in rewritten if self.alone}
        for oid, mode in sorted((self.after.locks | missed) - self.before.locks):
            yield Held(self.relations[oid].name, mode, self.statement.line)

    def _held(self) -> Iterator[Held]:
        for oid, mode in sorted(self.before.locks):
            if mode in BLOCKS_WRITERS:
                yield Held(self.relations[oid].name, mode, self.lines[oid, mode])

    def _rewritten(self, done: tuple[str, ...]) -> Iterator[int]:
        for oid in self._new_files():
            if not self._emptied(oid, done):
                yield oid

    def _new_files(self) -> Iterator[int]:
        for oid, file in self.before.files.items():
            after = self.after.files.get(oid)
            if after is not None and after.node != file.node:
                yield oid

    def _emptied(self, oid: int, done: tuple[str, ...]) -> bool:
        """Tell whether a new file is TRUNCATE's: a copy reads the old one, and then the new one for each index."""
        if self.alone or self.relations[oid].kind == "m" or oid not in set(self._new_files()):
            return False
        return "truncate" in done or (is_query(done) and self._scans(oid) <= self.after.indexes_of(oid))

    def _scanned(self, query: bool) -> Iterator[int]:
        """Yield what was read whole; a command that is no query reads through an index only what it wants whole."""
        for oid in self.after.files:
            if self._scans(oid) > 0 or (not query and self._scans_through_indexes(oid) > 0):
                yield oid

    def _scans(self, oid: int) -> int:
        before = self.before.files.get(oid)
        return self.after.files[oid].scans - (before.scans if before else 0)

    def _scans_through_indexes(self, oid: int) -> int:
        before = self.before.indexes
        return sum(
            index.scans - (before[number].scans if number in before else 0)
            for number, index in self.after.indexes.items()
            if index.relation == oid
        )

    def _written(self, done: tuple[str, ...]) -> Iterator[str]:
        named = self._target() if changes_rows(done) else None
        for oid, file in self.after.files.items():
            before = self.before.files.get(oid)
            if file.writes > (before.writes if before else 0) or self.relations[oid].name == named:
                yield self.relations[oid].name

    def _built(self) -> Iterator[Build]:
        for oid, index in self.after.indexes.items():
            before = self.before.indexes.get(oid)
            if before is None or before.node != index.node:
                yield Build(self.relations[index.relation].name, index.name)

    def _target(self) -> str | None:
        """Return the relation that the statement is about, by the name it had before the migration if it had one."""
        named = target(self.statement.sql)
        if named is None:
            return None
        schema, name = named
        locked = {oid for oid, _ in self.after.locks}
        fitting = [each for each in self.relations.values() if _fits(each, schema, name)]
        fitting.sort(key=lambda each: each.oid not in locked)
        return fitting[0].name if fitting else ".".join(filter(None, named))


def _fits(relation: Relation, schema: str | None, name: str) -> bool:
    plain = relation.name.replace('"', "")
    return plain == f"{schema}.{name}" if schema else plain.endswith(f".{name}")
