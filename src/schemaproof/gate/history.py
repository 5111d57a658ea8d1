"""What a change does to the migrations themselves: only new files, newer than all others, each with its rollback."""

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from schemaproof.config import Target
from schemaproof.findings import Finding, Level, Location
from schemaproof.gate.side import Sides
from schemaproof.migrations import Migration, MigrationError, Note, Statement

__all__ = ["Changes"]

_NEW_FILE = "Put the file back as it was, and write what is to change into a new migration."


@dataclass(frozen=True)
class Changes:
    """The migrations of two states, compared.

    Args:
        before, after: of the base and of the head.
        deployed: versions that the base has by now; `before` may lack what was merged since the head parted from it.
        passed_over: files of the head that no runner takes, and that the base has not.
        orphans: rollbacks of the head without their migration, that the base has not.
    """

    before: Sequence[Migration]
    after: Sequence[Migration]
    deployed: Collection[str]
    passed_over: Sequence[Note] = ()
    orphans: Sequence[Path] = ()

    @classmethod
    def of(cls, sides: Sides) -> "Changes":
        """Compare two states; what the base had is called by its path in the project."""
        before, after = sides.base.target, sides.head.target
        known = {before.relative(path) for path in (*_untaken(before), *before.folder.orphans)}
        return cls(
            [replace(each, path=before.relative(each.path)) for each in sides.base.history],
            sides.head.history,
            sides.tip,
            [note for path, note in _untaken(after).items() if after.relative(path) not in known],
            [path for path in after.folder.orphans if after.relative(path) not in known],
        )

    @property
    def _known(self) -> dict[str, Migration]:
        return {migration.version: migration for migration in self.before}

    @property
    def new(self) -> tuple[int, ...]:
        """Places, in the head's history, of the migrations that the base has not."""
        return tuple(number for number, each in enumerate(self.after) if each.version not in self._known)

    @property
    def again(self) -> tuple[int, ...]:
        """Places of those that the base has, and whose rollback is another now."""
        known = self._known
        return tuple(
            number
            for number, each in enumerate(self.after)
            if each.version in known and each.rollback_text != known[each.version].rollback_text
        )

    @property
    def steps(self) -> list[int]:
        """Places in `after` of the migrations whose ways up or down are to be proved."""
        return sorted((*self.new, *self.again))

    @property
    def edited(self) -> tuple[tuple[Migration, Migration], ...]:
        """The migrations that are in both, and not as they were."""
        known = self._known
        pairs = ((known[each.version], each) for each in self.after if each.version in known)
        return tuple((old, new) for old, new in pairs if (old.name, old.text) != (new.name, new.text))

    @property
    def deleted(self) -> tuple[Migration, ...]:
        """The migrations that the head has no more."""
        kept = {migration.version for migration in self.after}
        return tuple(migration for migration in self.before if migration.version not in kept)

    def __bool__(self) -> bool:
        return bool(self.new or self.again or self.edited or self.deleted)

    def findings(self) -> Iterator[Finding]:
        """Yield what a deployment would trip over, or never see."""
        for old, new in self.edited:
            yield _edited(old, new)
        for migration in self.deleted:
            yield _deleted(migration)
        newest = max(self.deployed, default="")
        for migration in (self.after[number] for number in self.new):
            if migration.version in self.deployed:
                yield _taken(migration)
            elif migration.version < newest:
                yield _late(migration, newest)
        yield from map(_passed_over, self.passed_over)
        yield from map(_orphan, self.orphans)
        yield from self._without_rollback()

    def _without_rollback(self) -> Iterator[Finding]:
        """Yield the new migrations that lack their rollback, and those that had one; the project, where it has none."""
        touched = [self.after[number] for number in (*self.new, *self.again)]
        if touched and not any(migration.rollback for migration in self.after):
            yield _no_rollbacks(touched[0])
            return
        known = self._known
        for migration in touched:
            if migration.rollback is None and migration.irreversible is None:
                yield _no_rollback(migration, was_there=migration.version in known)


def _untaken(target: Target) -> dict[Path, Note]:
    """The files of a target that no runner takes."""
    return {note.path: note for note in target.folder.notes if note.passed_over}


def _statements(migration: Migration) -> tuple[Statement, ...]:
    """The statements of a migration; none of one that cannot be cut into them, which the check `build` tells."""
    try:
        return migration.statements
    except MigrationError:
        return ()


def _edited(old: Migration, new: Migration) -> Finding:
    statements = _statements(old), _statements(new)
    same = all(statements) and [each.sql for each in statements[0]] == [each.sql for each in statements[1]]
    renamed = old.name != new.name and old.text == new.text
    what = f"was renamed from {old.path.name}" if renamed else "differs in its comments" if same else "was edited"
    return Finding(
        "history",
        new.version,
        f"{new.path.name} {what}; where it has run, the change is never seen",
        _NEW_FILE,
        level=Level.WARNING if same or renamed else Level.ERROR,
        detail=_diff(old.text, new.text),
        location=Location(new.path, _first_difference(old.text, new.text)),
        key=f"history:edited:{new.version}",
    )


def _diff(old: str, new: str) -> str:
    return "\n".join(difflib.unified_diff(old.splitlines(), new.splitlines(), "base", "head", lineterm="", n=1))


def _first_difference(old: str, new: str) -> int:
    """Return the first line of the new text that the old one has not as it is."""
    pairs = zip_longest(old.splitlines(), new.splitlines())
    first = next(
        (number for number, (was, now) in enumerate(pairs, 1) if was != now and (now is None or now.strip())), 1
    )
    return min(first, max(1, len(new.splitlines())))


def _deleted(migration: Migration) -> Finding:
    return Finding(
        "history",
        migration.version,
        f"{migration.path.name} was deleted: databases that have run it keep what it made, new ones lack it",
        "Put the file back, and write what undoes it into a new migration.",
        location=Location(migration.path),
        key=f"history:deleted:{migration.version}",
    )


def _taken(migration: Migration) -> Finding:
    return Finding(
        "history",
        migration.version,
        f"{migration.path.name} has a version that the base has given to another file meanwhile",
        "Give it the time of today as its version.",
        location=Location(migration.path),
        key=f"history:taken:{migration.version}",
    )


def _late(migration: Migration, newest: str) -> Finding:
    return Finding(
        "history",
        migration.version,
        f"{migration.path.name} is older than {newest}, which the base has: `supabase db push` refuses it, and where "
        "it is let in, it runs in another order than here",
        "Give it, and its rollback, a version newer than all others.",
        location=Location(migration.path),
        key=f"history:late:{migration.version}",
    )


def _passed_over(note: Note) -> Finding:
    return Finding(
        "history",
        note.path.name,
        f"{note.path.name}: {note.reason}",
        "Name it like the others, or put it elsewhere.",
        location=Location(note.path),
        key=f"history:passed_over:{note.path.name}",
    )


def _orphan(path: Path) -> Finding:
    return Finding(
        "history",
        path.name,
        f"{path.name} is a rollback without its migration: none has this file name",
        "Name it exactly as its migration, or remove it.",
        location=Location(path),
        key=f"history:orphan:{path.name}",
    )


def _no_rollback(migration: Migration, *, was_there: bool = False) -> Finding:
    return Finding(
        "history",
        migration.version,
        f"the rollback of {migration.path.name} was deleted"
        if was_there
        else f"{migration.path.name} has no rollback, as the project's other migrations have",
        "Write it, or mark the migration `-- schemaproof: irreversible <what is lost>`.",
        location=Location(migration.path),
        key=f"history:no_rollback:{migration.version}",
    )


def _no_rollbacks(first: Migration) -> Finding:
    return Finding(
        "history",
        first.version,
        "the project has no rollbacks: nothing is said of the way back",
        "Put a file of the same name into the folder `rollbacks` beside the migrations.",
        level=Level.NOTE,
        location=Location(first.path),
        key="history:no_rollbacks",
    )
