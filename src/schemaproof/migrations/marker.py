"""Reads the markers that SQL files carry in their comments: what `down` and the report must know about a statement."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pglast import parser

from schemaproof.errors import did_you_mean
from schemaproof.migrations.defect import DefectsError

__all__ = ["Lossy", "Marker", "irreversible_reason", "lossy_markers", "read_markers"]

_MARKER = re.compile(r"--[ \t]*schemaproof:[ \t]*(?P<word>\S*)[ \t]*(?P<rest>[^\r\n]*)")
_WORDS = ("irreversible", "lossy", "ignore")
_PART = r'(?:"(?:[^"]|"")+"|[^\W\d][\w$]*)'
_TARGET = re.compile(rf"{_PART}(?:\.{_PART}){{0,2}}")
_LOSSY = "`-- schemaproof: lossy <table>.<column> <what is lost>`, or name the table alone for all of its rows"


@dataclass(frozen=True)
class Marker:
    """A comment `-- schemaproof: <word> <rest>`.

    Args:
        text: of the whole file.
        start: place of the comment in it, in characters from 0.
    """

    word: str
    rest: str
    path: Path
    text: str
    start: int

    @cached_property
    def line(self) -> int:
        """Its line, from 1."""
        return self.text.count("\n", 0, self.start) + 1

    def refused(self, what: str, *, remedy: str) -> DefectsError:
        """Return the refusal of it."""
        return DefectsError.at(self.path, what, remedy=remedy, line=self.line)

    @property
    def trails(self) -> bool:
        """Tell whether something stands before it on its line."""
        return bool(self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start].strip())


@dataclass(frozen=True)
class Lossy:
    """A line `-- schemaproof: lossy <target> <reason>`: the data there does not survive the way up and down.

    Args:
        target: the parts of the name as it is written: a table or a column, with its schema or without.
        reason: why that is right.
        path: the file.
        line: in it, from 1.
    """

    target: tuple[str, ...]
    reason: str
    path: Path
    line: int

    def covers(self, table: tuple[str, ...], column: str | None) -> bool:
        """Tell whether it speaks of a column of a table (its schema and name), or of rows of it."""
        names = {table, table[-1:]}
        return self.target in names or (column is not None and self.target in {(*name, column) for name in names})

    def __str__(self) -> str:
        return f"lossy {'.'.join(self.target)}"


def read_markers(text: str, path: Path) -> Iterator[Marker]:
    """Yield the markers of a file in their order.

    Raises:
        DefectsError: a marker with an unknown word.
    """
    matches = [*_MARKER.finditer(text)]
    comments = _comments(text) if matches else set()
    for match in matches:
        marker = Marker(match["word"], match["rest"].strip(), path, text, match.start())
        if marker.trails if comments is None else marker.start not in comments:
            continue  # it stands in a literal, or may do so
        if marker.word not in _WORDS:
            remedy = did_you_mean(marker.word, _WORDS, otherwise=f"Known markers: {', '.join(_WORDS)}.")
            raise marker.refused(f"unknown marker {marker.word!r}", remedy=remedy)
        yield marker


def irreversible_reason(text: str, path: Path) -> str | None:
    """Return the reason of the line `-- schemaproof: irreversible <reason>` in `text`; None without one.

    Raises:
        DefectsError: a marker without a reason, or with another word.
    """
    reason = None
    for marker in read_markers(text, path):
        if marker.word != "irreversible":
            continue
        reason = marker.rest
        if not reason:
            raise marker.refused(
                "the marker `irreversible` gives no reason",
                remedy="Write `-- schemaproof: irreversible <what is lost>`.",
            )
    return reason


def lossy_markers(text: str, path: Path) -> Iterator[Lossy]:
    """Yield what the lines `-- schemaproof: lossy <table>.<column> <reason>` in `text` declare.

    Raises:
        DefectsError: one without a target or a reason, or with a target that is no name.
    """
    for marker in read_markers(text, path):
        if marker.word == "lossy":
            yield _lossy(marker)


def _lossy(marker: Marker) -> Lossy:
    found = _TARGET.match(marker.rest)
    if found is None or marker.rest[found.end() : found.end() + 1].strip():
        what = f"{marker.rest.split()[0]!r} is no table or column" if marker.rest else "it names no table or column"
        raise marker.refused(f"the marker `lossy`: {what}", remedy=f"Write {_LOSSY}.")
    reason = marker.rest[found.end() :].strip()
    if not reason:
        raise marker.refused("the marker `lossy` gives no reason", remedy=f"Write {_LOSSY}; a reviewer judges by it.")
    parts = (part[1:-1].replace('""', '"') if part[0] == '"' else part.lower() for part in re.findall(_PART, found[0]))
    return Lossy(tuple(parts), reason, marker.path, marker.line)


def _comments(text: str) -> set[int] | None:
    """Where the comments of a file start; None for one that cannot be cut into tokens: `build` tells it."""
    try:
        return {token.start for token in parser.scan(text) if token.name == "SQL_COMMENT"}
    except parser.ParseError:
        return None
