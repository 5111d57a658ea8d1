"""Reads a project's migrations in the Supabase layout, and refuses a folder that a deployment would trip over."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import UsageError
from schemaproof.migrations.defect import Defect, DefectsError
from schemaproof.migrations.failure import shown
from schemaproof.migrations.marker import Lossy, irreversible_reason, lossy_markers
from schemaproof.migrations.note import Note
from schemaproof.migrations.script import Migration
from schemaproof.migrations.source import read_source

__all__ = ["Folder", "read_folder", "read_migrations", "survey_folder"]

_FILE = re.compile(r"([0-9]+)_(.*)\.sql")
_LEGACY_INIT = re.compile(r"[0-9]{14}_init\.sql")
_LEGACY_END = "20211209000000"
_PATTERN = "<digits>_<name>.sql"
_RESTRICT = re.compile(r"^\\(?:un)?restrict\b[^\n]*$", re.MULTILINE)


@dataclass(frozen=True)
class Folder:
    """What was read.

    Args:
        migrations: in the order in which they run.
        notes: what was passed over or taken off, for the user to see.
        states_privileges: a dump, which leaves no privilege to the defaults of the platform.
        roles: those that a single file names and does not make; of a dump, which holds none, the server must have them.
        defects: what is wrong with files that are left out; none where a folder is read strictly.
        orphans: rollbacks without their migration; the same.
    """

    migrations: tuple[Migration, ...]
    notes: tuple[Note, ...] = ()
    states_privileges: bool = False
    roles: frozenset[str] = frozenset()
    defects: tuple[Defect, ...] = ()
    orphans: tuple[Path, ...] = ()


def read_migrations(folder: Path, rollbacks: Path | None = None) -> tuple[Migration, ...]:
    """Return the migrations of `folder` in the order in which they run; see `read_folder`."""
    return read_folder(folder, rollbacks).migrations


def read_folder(folder: Path, rollbacks: Path | None = None) -> Folder:
    """Read `<digits>_<name>.sql` files as the Supabase CLI does: versions are text, what does not fit is passed over.

    Args:
        folder: the migrations.
        rollbacks: files of the same names that undo them; by default a folder `rollbacks` beside `folder`, if any.

    Raises:
        DefectsError: two files of one version, a rollback missing or too many, a file that is not UTF-8 text, a marker
            that is wrong: all that there are.
        UsageError: no such folder, nothing in it.
    """
    found = _read(folder, rollbacks)
    if not found.migrations and not found.defects:
        raise UsageError(
            f"no migration in {shown(folder)}: no file is named {_PATTERN}"
            + "".join(f"\n{note}" for note in found.notes),
            remedy="It is a dump in pg_dump's directory format: write it out with pg_restore --file=schema.sql."
            if (folder / "toc.dat").exists()
            else "Name the files like 20250131120000_tenants.sql, or give --migrations the folder that holds them, "
            "or a single SQL file.",
        )
    defects = [*found.defects, *map(_orphan, found.orphans)]
    undo = rollbacks or folder.parent / "rollbacks"
    if rollbacks or undo.is_dir():
        broken = {each.path.name for each in found.defects}
        defects += [_missing(each, undo) for each in _without_rollback(found) if each.path.name not in broken]
    if defects:
        raise DefectsError(defects)
    return found


def survey_folder(folder: Path, rollbacks: Path | None = None) -> Folder:
    """Read what can be read: without the files that have defects, which are told, and whatever rollbacks there are."""
    if not folder.exists():
        return Folder(())
    return _read(folder, rollbacks if rollbacks and rollbacks.exists() else None)


def _read(folder: Path, rollbacks: Path | None) -> Folder:
    notes: list[Note] = []
    defects: list[Defect] = []
    paths = list(_sql_files(folder, "migrations", notes))
    undo = _rollbacks(folder, rollbacks, notes)
    files = sorted(_by_version(paths, defects).items())
    found = [_migration(path, undo.get(path.name), notes, defects) for _, path in files]
    orphans = undo.keys() - {path.name for path in paths}
    return Folder(
        tuple(filter(None, found)),
        tuple(notes),
        defects=tuple(dict.fromkeys(defects)),
        orphans=tuple(undo[name] for name in sorted(orphans)),
    )


def _migration(path: Path, undo: Path | None, notes: list[Note], defects: list[Defect]) -> Migration | None:
    """Read a migration; None where it has a defect, and one without a rollback where that has one."""
    match = _FILE.fullmatch(path.name)
    assert match is not None, path
    up = _part(path, notes, defects)
    down = _part(undo, notes, defects) if undo else None
    if up is None:
        return None
    parts = [part for part in (up, down) if part]
    return Migration(
        match[1],
        match[2],
        path,
        up.text,
        undo if down else None,
        down.text if down else "",
        next((part.irreversible for part in parts if part.irreversible), None),
        tuple(found for part in parts for found in part.lossy),
    )


@dataclass(frozen=True)
class _Part:
    """One of the two files of a migration, with what its markers say."""

    text: str
    irreversible: str | None
    lossy: tuple[Lossy, ...]


def _part(path: Path, notes: list[Note], defects: list[Defect]) -> _Part | None:
    """Read a file; None where it has a defect, however many are found."""
    before, text = len(defects), ""
    reason: str | None = None
    lossy: tuple[Lossy, ...] = ()
    with _collected(defects):
        text = _RESTRICT.sub("", read_source(path, notes))
    with _collected(defects):
        reason = irreversible_reason(text, path)
    with _collected(defects):
        lossy = tuple(lossy_markers(text, path))
    return _Part(text, reason, lossy) if len(defects) == before else None


@contextmanager
def _collected(defects: list[Defect]) -> Iterator[None]:
    try:
        yield
    except DefectsError as error:
        defects.extend(error.defects)


def _sql_files(folder: Path, what: str, notes: list[Note]) -> Iterator[Path]:
    files = [path for path in _listing(folder, what) if not path.name.startswith(".") and not path.is_dir()]
    for number, path in enumerate(files):
        if number == 0 and _LEGACY_INIT.fullmatch(path.name) and path.name[:14] < _LEGACY_END:
            why = (
                "as the Supabase CLI does with an `init` of before December 2021: give it another name to have it run."
            )
            notes.append(Note(path, f"passed over, {why}", passed_over=True))
        elif _FILE.fullmatch(path.name) is None:
            notes.append(Note(path, f"passed over: its name is not {_PATTERN}.", passed_over=True))
        else:
            yield path


def _listing(folder: Path, what: str) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise UsageError(
            f"{what} folder {shown(folder)}: {error.strerror}",
            remedy=f"Give --{what} a folder that can be read{' or an SQL file' if what == 'migrations' else ''}, "
            f"or set `{what}` in the settings.",
        ) from error


def _by_version(paths: Iterable[Path], defects: list[Defect]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in paths:
        version = path.name.partition("_")[0]
        if (first := files.setdefault(version, path)) is not path:
            remedy = "Give one of them a version of its own: the ledger holds each once."
            what = f"two migrations of version {version}: {first.name} and {path.name}"
            defects.append(Defect(path, what, remedy, beside=first))
    return files


def _rollbacks(folder: Path, rollbacks: Path | None, notes: list[Note]) -> dict[str, Path]:
    if rollbacks is None:
        rollbacks = folder.parent / "rollbacks"
        if not rollbacks.is_dir():
            return {}
    return {path.name: path for path in _sql_files(rollbacks, "rollbacks", notes)}


def _orphan(path: Path) -> Defect:
    remedy = "Name a rollback exactly as its migration, or remove it."
    return Defect(path, "a rollback without its migration: none has this file name", remedy)


def _without_rollback(folder: Folder) -> Iterator[Migration]:
    return (each for each in folder.migrations if each.rollback is None and each.irreversible is None)


def _missing(migration: Migration, rollbacks: Path) -> Defect:
    return Defect(
        migration.path,
        f"its rollback is missing: {shown(rollbacks / migration.path.name)}",
        "Write it, or mark the migration `-- schemaproof: irreversible <what is lost>`.",
    )
