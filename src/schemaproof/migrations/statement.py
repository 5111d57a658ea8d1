"""Cuts a file into statements, so that a failure names the statement and its line and not just the file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from pglast import parser

from schemaproof.migrations.failure import MigrationError
from schemaproof.migrations.psql import Rows

__all__ = ["Statement", "recorded_form", "split"]

_COMMENTS = ("SQL_COMMENT", "C_COMMENT")
_BACKSLASH = "ASCII_92"
_ROUTINES = (
    ("CREATE", "FUNCTION"),
    ("CREATE", "PROCEDURE"),
    ("CREATE", "OR", "REPLACE", "FUNCTION"),
    ("CREATE", "OR", "REPLACE", "PROCEDURE"),
)
_COPY_DATA = re.compile(r"^[ \t]*copy\b[^;]*\bfrom\s+stdin\b[^;]*;[^\n]*\n[^\n]", re.IGNORECASE | re.MULTILINE)
# What JavaScript's trim() takes off, which is not quite what Python's strip() does.
_BLANK = (
    "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_UP_TO_SEMICOLON = re.compile(r"(?:--[^\n]*|/\*.*?\*/|[^;])*+", re.DOTALL)


@dataclass(frozen=True)
class Statement:
    """One statement of a file.

    Args:
        sql: from its first token to its last, without the comments before it and the semicolon.
        path: the file.
        line: line of the first token, from 1.
        start: place of the first token in the file's text, in characters from 0.
        rows: what a COPY … FROM stdin is followed by, where the file may hold that.
    """

    sql: str
    path: Path
    line: int
    start: int = 0
    rows: str | None = None

    @property
    def stop(self) -> int:
        """Place behind the last token in the file's text."""
        return self.start + len(self.sql)


def split(text: str, path: Path, rows: Sequence[Rows] = ()) -> tuple[Statement, ...]:
    """Cut `text` at the semicolons that end a statement.

    Semicolons in literals, comments, dollar quotes, parentheses and BEGIN ATOMIC bodies end none.

    Args:
        text: without what only psql understands.
        path: the file.
        rows: of the COPY statements in `text` that read them from the client; any other such COPY is refused.

    Raises:
        MigrationError: a literal or comment that does not end, a psql command, COPY with its data in the file.
    """
    following = {each.place: each.text for each in rows}
    return tuple(_checked(text, each, following) for each in _statements(text, path, _slices(text, path)))


def recorded_form(text: str, statements: tuple[Statement, ...]) -> list[str]:
    """Return the statements as the Supabase CLI keeps them in its ledger: trimmed, each with the comments before it.

    It ends one at every semicolon, so that comments alone are one too, and takes semicolons off the very end, of a
    comment too (seen with Supabase CLI 3.1.0).
    """
    edges = (0, *(place for each in statements for place in (each.start, each.stop)), len(text))
    cuts = [place for start, stop in zip(edges[::2], edges[1::2], strict=True) for place in _ends(text, start, stop)]
    entries = (text[start:stop].rstrip(";").strip(_BLANK) for start, stop in pairwise((0, *cuts, len(text))))
    return [entry for entry in entries if entry]


def _ends(text: str, start: int, stop: int) -> Iterator[int]:
    """Yield the places behind the semicolons in what stands between two statements."""
    gap = text[start:stop]
    if ";" in gap:
        yield from (start + token.end + 1 for token in parser.scan(gap) if token.name == "ASCII_59")


def _end_of_statement(text: str, stop: int) -> int:
    match = _UP_TO_SEMICOLON.match(text, stop)
    return match.end() if match else stop


def _statements(text: str, path: Path, slices: list[slice]) -> Iterator[Statement]:
    line, seen = 1, 0
    for piece in slices:
        line += text.count("\n", seen, piece.start)
        seen = piece.start
        yield Statement(text[piece].rstrip(), path, line, piece.start)


def _slices(text: str, path: Path) -> list[slice]:
    try:
        return list(parser.split(text, with_parser=True, only_slices=True))
    except parser.ParseError:
        return list(_scanned_slices(text, _scan(text, path)))


def _scan(text: str, path: Path) -> list[Any]:
    try:
        return [token for token in parser.scan(text) if token.name not in _COMMENTS]
    except parser.ParseError as error:
        message, index = error.args
        if copy := _COPY_DATA.search(text, 0, index):
            raise _copy_refusal(text, path, copy.start()) from None
        raise MigrationError.at(text, path, index, message, sqlstate="42601") from None


def _scanned_slices(text: str, tokens: list[Any]) -> Iterator[slice]:
    """Cut by psql's own rules, for what pglast's grammar, of another version than the server's, does not know."""
    first: int | None = None
    words: tuple[str, ...] = ()
    parentheses = blocks = end = 0
    for token in tokens:
        if token.name == "ASCII_59" and not parentheses and not blocks:
            if first is not None:
                yield slice(first, end)
            first, words = None, ()
            continue
        if first is None:
            first = token.start
        if len(words) < 4:
            words = (*words, token.name)
        parentheses = max(0, parentheses + {"ASCII_40": 1, "ASCII_41": -1}.get(token.name, 0))
        if any(words[: len(routine)] == routine for routine in _ROUTINES):
            blocks += _block_change(token.name, blocks)
        end = token.end + 1
    if first is not None:
        yield slice(first, end)


def _block_change(name: str, blocks: int) -> int:
    """Follow psqlscan.l: BEGIN opens a body, CASE inside one a nested block, END closes."""
    if name == "BEGIN_P" or (name == "CASE" and blocks):
        return 1
    return -1 if name == "END_P" and blocks else 0


def _checked(text: str, statement: Statement, following: dict[int, str]) -> Statement:
    """Return the statement, with its rows; refuse what only psql can run."""
    head = statement.sql[:4].lower()
    if head == "copy" and any(
        pair in (("FROM", "STDIN"), ("TO", "STDOUT")) for pair in _pairs(parser.scan(statement.sql))
    ):
        place = _end_of_statement(text, statement.stop) + 1
        if place not in following:
            raise _copy_refusal(text, statement.path, statement.start)
        return replace(statement, rows=following[place])
    if "\\" in statement.sql:
        _refuse_psql(text, statement)
    return statement


def _pairs(tokens: list[Any]) -> Iterator[tuple[str, str]]:
    names = [token.name for token in tokens if token.name not in _COMMENTS]
    return pairwise(names)


def _refuse_psql(text: str, statement: Statement) -> None:
    for token in parser.scan(statement.sql):
        if token.name == _BACKSLASH:
            command = statement.sql[token.start :].split(maxsplit=1)[0]
            raise MigrationError.at(
                text,
                statement.path,
                statement.start + token.start,
                f"{command} is a command of psql, not SQL",
                sqlstate="42601",
                remedy="Take it out, or write what it does in SQL: migrations go straight to the server.",
            )


def _copy_refusal(text: str, path: Path, index: int) -> MigrationError:
    return MigrationError.at(
        text,
        path,
        index,
        "COPY with its data in the file, or to the client, works in psql only",
        sqlstate="42601",
        remedy="Write the rows as INSERT; load bulk data outside of migrations.",
    )
