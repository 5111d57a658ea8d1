"""Which migrations a run is about, and why one cannot be: from the files and the ledger alone."""

import difflib
from collections.abc import Iterator, Mapping, Sequence

from schemaproof.errors import UsageError
from schemaproof.migrations.failure import shown
from schemaproof.migrations.ledger import Entry
from schemaproof.migrations.script import Migration

__all__ = ["BEFORE_FIRST", "to_apply", "to_revert", "without_gaps"]

BEFORE_FIRST = "0"
"""The version to stand at when no migration is applied."""


def to_apply(
    migrations: Sequence[Migration], applied: Mapping[str, Entry], to: str | None, *, include_all: bool
) -> tuple[Migration, ...]:
    """Return what is not applied, up to and including `to`.

    Raises:
        UsageError: `to` is no version; an applied version has no file; a file is older than the newest applied one.
    """
    _refuse_unknown(to, [migration.version for migration in migrations])
    _refuse_missing(migrations, applied)
    pending = [migration for migration in migrations if migration.version not in applied]
    newest = max(applied, default="")
    late = [migration for migration in pending if migration.version < newest]
    if late and not include_all:
        raise UsageError(
            f"{shown(late[0].path)} is not applied, but {newest}, which comes after it, is",
            remedy="Give it a version behind the newest, or run `up` with --include-all.",
        )
    return tuple(migration for migration in pending if to is None or _is_within(migration, to, migrations))


def to_revert(
    migrations: Sequence[Migration], applied: Mapping[str, Entry], to: str | None, *, lose_data: bool
) -> tuple[Migration, ...]:
    """Return what stands above `to`, newest first; the newest one only when `to` is None.

    Raises:
        UsageError: `to` is not applied; an applied version has no file, or no rollback that may run.
    """
    _refuse_unknown(to, list(applied))
    _refuse_missing(migrations, applied)
    standing = [migration for migration in reversed(migrations) if migration.version in applied]
    if to is None:
        standing = standing[:1]
    else:
        standing = [migration for migration in standing if not _is_within(migration, to, migrations)]
    for migration in standing:
        _refuse_irreversible(migration, lose_data=lose_data)
    return tuple(standing)


def _is_within(migration: Migration, to: str, migrations: Sequence[Migration]) -> bool:
    if to == BEFORE_FIRST and all(other.version != to for other in migrations):
        return False
    return migration.version <= to


def _refuse_unknown(to: str | None, versions: Sequence[str]) -> None:
    if to is None or to == BEFORE_FIRST or to in versions:
        return
    guess = difflib.get_close_matches(to, versions, n=1)
    hint = f"Did you mean {guess[0]}?" if guess else f"Give one of: {', '.join(versions) or 'none there yet'}."
    raise UsageError(
        f"no version {to!r} to stand at", remedy=f"{hint} {BEFORE_FIRST} stands for before the first migration."
    )


def _refuse_missing(migrations: Sequence[Migration], applied: Mapping[str, Entry]) -> None:
    known = {migration.version for migration in migrations}
    if missing := [entry for version, entry in applied.items() if version not in known]:
        names = ", ".join(f"{entry.version} ({entry.name})" if entry.name else entry.version for entry in missing)
        raise UsageError(
            f"applied to this database, but without a file here: {names}",
            remedy="Bring your branch up to date, fetch the files with `supabase migration fetch`, or, where the "
            "migration was undone by hand, take it out with `supabase migration repair --status reverted <version>`.",
        )


def _refuse_irreversible(migration: Migration, *, lose_data: bool) -> None:
    if migration.undo is None:
        why = f"it is irreversible: {migration.irreversible}" if migration.irreversible else "it has no rollback"
        raise UsageError(
            f"{shown(migration.path)} cannot be reverted: {why}; nothing was reverted",
            remedy="Restore a backup, or write a new migration that goes forward."
            if migration.irreversible
            else f"Write a rollback of the name {migration.path.name}.",
        )
    if migration.irreversible and not lose_data:
        raise UsageError(
            f"{shown(migration.path)} cannot be reverted without losing data: {migration.irreversible}; "
            "nothing was reverted",
            remedy=f"Keep a backup, and run `down` with --lose-data if that is what you want: it runs "
            f"{shown(migration.undo.path)}.",
        )


def without_gaps(numbers: Sequence[int]) -> Iterator[range]:
    """Yield places in a history, given in order, as ranges without gaps."""
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] != numbers[place - 1] + 1:
            yield range(numbers[start], numbers[place - 1] + 1)
            start = place
