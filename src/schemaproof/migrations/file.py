"""Reads a single file of SQL, a `pg_dump` or one written by hand, as the one migration of its project."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from pathlib import Path

from schemaproof.errors import UsageError
from schemaproof.migrations.dump import Passed, entries, pass_over, states_privileges
from schemaproof.migrations.failure import MigrationError, shown
from schemaproof.migrations.folder import Folder
from schemaproof.migrations.note import Note
from schemaproof.migrations.psql import Psql, read_psql
from schemaproof.migrations.roles import RoleUse, roles_named
from schemaproof.migrations.script import Migration, Script
from schemaproof.migrations.source import read_source
from schemaproof.platform import Holdings

__all__ = ["read_file"]

_VERSION = re.compile(r"(?P<version>[0-9]+)(?:[_.-](?P<name>.*))?")
_NO_VERSION = "0"
_SHOWN = 3
_VISIBLE = re.compile(r"[^\n]")


def read_file(path: Path, held: Holdings) -> Folder:
    """Read one file as psql would: its `\\connect` lines are left out, the rows behind COPY … FROM stdin are kept.

    What a dump holds of the platform is passed over, line by line, so that every other line keeps its number. The
    version is the digits that the file's name starts with, or 0.

    Args:
        path: the file.
        held: what the platform has itself.

    Raises:
        UsageError: no UTF-8 text, no statement in it, or several databases.
    """
    notes: list[Note] = []
    found = read_psql(read_source(path, notes))
    _refuse_several(found, path)
    notes.extend(_told_commands(found, path))
    text = found.text
    try:
        statements = Script(path, text, tuple(found.rows)).statements
    except MigrationError:  # told by the check `build`, as of any migration
        return Folder((_migration(path, found, text),), tuple(notes))
    passed = list(pass_over(text, statements, held))
    notes.extend(_told(passed, path))
    if len(passed) == len(statements):
        raise UsageError(
            f"no statement in {shown(path)}" + "".join(f"\n{note}" for note in notes),
            remedy="Give --migrations the file that makes the schema, or the folder of migrations.",
        )
    kept = Script(path, _without(text, passed), tuple(found.rows))
    roles = roles_named(kept.statements) - RoleUse.of(kept.statements).made
    notes.extend(_told_roles(roles - {*held.roles}, path))
    return Folder((_migration(path, found, kept.text),), tuple(notes), states_privileges(text), roles)


def _migration(path: Path, found: Psql, text: str) -> Migration:
    named = _VERSION.fullmatch(path.stem)
    version, name = (named["version"], named["name"] or "") if named else (_NO_VERSION, path.stem)
    return Migration(version, name, path, text, rows=tuple(found.rows))


def _without(text: str, passed: Iterable[Passed]) -> str:
    """Blank out what is passed over, so that everything else keeps its line and column."""
    pieces, begin = [], 0
    for each in passed:
        start, stop = each.statement.start, each.statement.stop
        pieces += [text[begin:start], _VISIBLE.sub(" ", text[start:stop])]
        begin = stop
    return "".join((*pieces, text[begin:]))


def _told_roles(roles: frozenset[str], path: Path) -> Iterator[Note]:
    if roles:
        yield Note(
            path,
            f"it names roles that it does not make: {', '.join(sorted(roles))}; where the server lacks one, it is "
            "created without attributes and memberships.",
        )


def _told_commands(found: Psql, path: Path) -> Iterator[Note]:
    if found.commands:
        words = ", ".join(f"\\{word}" for word in dict.fromkeys(word for _, word in found.commands))
        lines = _listed([line for line, _ in found.commands])
        yield Note(path, f"psql's {words} passed over ({lines}).")


def _told(passed: Iterable[Passed], path: Path) -> Iterator[Note]:
    """Say what was passed over, a sentence a reason."""
    lines: dict[str, list[int]] = {}
    for each in passed:
        lines.setdefault(each.reason, []).append(each.statement.line)
    for reason, places in lines.items():
        if reason:
            count = f"{len(places)} statement{'s' if len(places) > 1 else ''}"
            yield Note(path, f"{count} passed over ({_listed(places)}): {reason}.")


def _listed(lines: list[int]) -> str:
    head = ", ".join(map(str, lines[:_SHOWN])) + (", …" if len(lines) > _SHOWN else "")
    return f"line{'s' if len(lines) > 1 else ''} {head}"


def _refuse_several(found: Psql, path: Path) -> None:
    """Refuse the dump of several databases: what they hold would run into each other in one."""
    heads = [entry for entry in entries(found.text) if not entry.type.startswith("DATABASE")]
    own = [entry.place for entry in heads if not entry.name.startswith("DATABASE ")]
    filled = {bisect(found.databases, place) for place in own} - {0}
    if len(filled) > 1:
        raise UsageError(
            f"{shown(path)} holds {len(filled)} databases, and a project is one",
            remedy="Dump the one under test: pg_dump --file=schema.sql DATABASE",
        )
