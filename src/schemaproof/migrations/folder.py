"""Reads a project's migrations in the Supabase layout, and refuses a folder that a deployment would trip over."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import UsageError
from schemaproof.migrations.failure import shown
from schemaproof.migrations.marker import irreversible_reason, lossy_markers
from schemaproof.migrations.script import Migration
from schemaproof.migrations.source import read_source

__all__ = ["Folder", "MisnamedError", "read_folder", "read_migrations"]

_FILE = re.compile(r"([0-9]+)_(.*)\.sql")
_LEGACY_INIT = re.compile(r"[0-9]{14}_init\.sql")
_LEGACY_END = "20211209000000"
_PATTERN = "<digits>_<name>.sql"
_RESTRICT = re.compile(r"^\\(?:un)?restrict\b[^\n]*$", re.MULTILINE)


class MisnamedError(UsageError):
    """Files that do not go together: two of one version, a rollback missing or too many."""


@dataclass(frozen=True)
class Folder:
    """What was read.

    Args:
        migrations: in the order in which they run.
        notes: what was passed over or taken off, a sentence each, for the user to see.
        states_privileges: a dump, which leaves no privilege to the defaults of the platform.
        roles: those that a single file names and does not make; of a dump, which holds none, the server must have them.
    """

    migrations: tuple[Migration, ...]
    notes: tuple[str, ...] = ()
    states_privileges: bool = False
    roles: frozenset[str] = frozenset()


def read_migrations(folder: Path, rollbacks: Path | None = None) -> tuple[Migration, ...]:
    """Return the migrations of `folder` in the order in which they run; see `read_folder`."""
    return read_folder(folder, rollbacks).migrations


def read_folder(folder: Path, rollbacks: Path | None = None) -> Folder:
    """Read `<digits>_<name>.sql` files as the Supabase CLI does: versions are text, what does not fit is passed over.

    Args:
        folder: the migrations.
        rollbacks: files of the same names that undo them; by default a folder `rollbacks` beside `folder`, if any.

    Raises:
        UsageError: no such folder, nothing in it, two files of one version, a rollback missing or too many, a file
            that is not UTF-8 text, a marker that is wrong.
    """
    notes: list[str] = []
    files = _by_version(_sql_files(folder, "migrations", notes))
    if not files:
        raise UsageError(
            f"no migration in {shown(folder)}: no file is named {_PATTERN}" + "".join(f"\n{note}" for note in notes),
            remedy="It is a dump in pg_dump's directory format: write it out with pg_restore --file=schema.sql."
            if (folder / "toc.dat").exists()
            else "Name the files like 20250131120000_tenants.sql, or give --migrations the folder that holds them, "
            "or a single SQL file.",
        )
    undo = _rollbacks(folder, rollbacks, notes)
    migrations = tuple(_migration(path, undo, notes) for _, path in sorted(files.items()))
    _refuse_orphans(undo, migrations)
    if undo is not None:
        _refuse_missing(migrations, rollbacks or folder.parent / "rollbacks")
    return Folder(migrations, tuple(notes))


def _migration(path: Path, undo: dict[str, Path] | None, notes: list[str]) -> Migration:
    match = _FILE.fullmatch(path.name)
    assert match is not None, path
    rollback = (undo or {}).get(path.name)
    text, back = _sql(path, notes), _sql(rollback, notes) if rollback else ""
    texts = [(text, path), *([(back, rollback)] if rollback else [])]
    return Migration(
        match[1],
        match[2],
        path,
        text,
        rollback,
        back,
        next(filter(None, (irreversible_reason(*each) for each in texts)), None),
        tuple(found for each in texts for found in lossy_markers(*each)),
    )


def _sql_files(folder: Path, what: str, notes: list[str]) -> Iterator[Path]:
    files = [path for path in _listing(folder, what) if not path.name.startswith(".") and not path.is_dir()]
    for number, path in enumerate(files):
        if number == 0 and _LEGACY_INIT.fullmatch(path.name) and path.name[:14] < _LEGACY_END:
            notes.append(
                f"{shown(path)} is passed over, as the Supabase CLI does with an `init` of before December 2021: "
                "give it another name to have it run."
            )
        elif _FILE.fullmatch(path.name) is None:
            notes.append(f"{shown(path)} is passed over: its name is not {_PATTERN}.")
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


def _by_version(paths: Iterator[Path]) -> dict[str, Path]:
    files: dict[str, Path] = {}
    for path in paths:
        version = path.name.partition("_")[0]
        if version in files:
            raise MisnamedError(
                f"two migrations of version {version}: {shown(files[version])} and {path.name}",
                remedy="Give one of them a version of its own: the ledger holds each once.",
            )
        files[version] = path
    return files


def _rollbacks(folder: Path, rollbacks: Path | None, notes: list[str]) -> dict[str, Path] | None:
    if rollbacks is None:
        rollbacks = folder.parent / "rollbacks"
        if not rollbacks.is_dir():
            return None
    return {path.name: path for path in _sql_files(rollbacks, "rollbacks", notes)}


def _refuse_orphans(undo: dict[str, Path] | None, migrations: tuple[Migration, ...]) -> None:
    names = {migration.path.name for migration in migrations}
    for name, path in (undo or {}).items():
        if name not in names:
            raise MisnamedError(
                f"rollback without its migration: {shown(path)} matches no file in {shown(migrations[0].path.parent)}",
                remedy="Name a rollback exactly as its migration, or remove it.",
            )


def _refuse_missing(migrations: tuple[Migration, ...], rollbacks: Path) -> None:
    for migration in migrations:
        if migration.rollback is None and migration.irreversible is None:
            raise MisnamedError(
                f"missing rollback: {shown(migration.path)} has no {shown(rollbacks / migration.path.name)}",
                remedy="Write it, or mark the migration `-- schemaproof: irreversible <what is lost>`.",
            )


def _sql(path: Path, notes: list[str]) -> str:
    return _RESTRICT.sub("", read_source(path, notes))
