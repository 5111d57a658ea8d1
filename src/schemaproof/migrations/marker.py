"""Reads the markers that SQL files carry in their comments: what `down` and the report must know about a statement."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pglast import parser

from schemaproof.errors import UsageError, did_you_mean
from schemaproof.migrations.failure import shown

__all__ = ["Marker", "irreversible_reason", "read_markers"]

_MARKER = re.compile(r"--[ \t]*schemaproof:[ \t]*(?P<word>\S*)[ \t]*(?P<rest>[^\r\n]*)")
_WORDS = ("irreversible", "ignore")


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

    @property
    def place(self) -> str:
        """`file:line` as one would type it here."""
        return f"{shown(self.path)}:{self.line}"

    @property
    def trails(self) -> bool:
        """Tell whether something stands before it on its line."""
        return bool(self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start].strip())


def read_markers(text: str, path: Path) -> Iterator[Marker]:
    """Yield the markers of a file in their order.

    Raises:
        UsageError: a marker with an unknown word.
    """
    matches = [*_MARKER.finditer(text)]
    comments = _comments(text) if matches else set()
    for match in matches:
        marker = Marker(match["word"], match["rest"].strip(), path, text, match.start())
        if marker.trails if comments is None else marker.start not in comments:
            continue  # it stands in a literal, or may do so
        if marker.word not in _WORDS:
            remedy = did_you_mean(marker.word, _WORDS, otherwise=f"Known markers: {', '.join(_WORDS)}.")
            raise UsageError(f"{marker.place}: unknown marker {marker.word!r}", remedy=remedy)
        yield marker


def irreversible_reason(text: str, path: Path) -> str | None:
    """Return the reason of the line `-- schemaproof: irreversible <reason>` in `text`; None without one.

    Raises:
        UsageError: a marker without a reason, or with another word.
    """
    reason = None
    for marker in read_markers(text, path):
        if marker.word != "irreversible":
            continue
        reason = marker.rest
        if not reason:
            raise UsageError(
                f"{marker.place}: the marker `irreversible` gives no reason",
                remedy="Write `-- schemaproof: irreversible <what is lost>`.",
            )
    return reason


def _comments(text: str) -> set[int] | None:
    """Where the comments of a file start; None for one that cannot be cut into tokens: `build` tells it."""
    try:
        return {token.start for token in parser.scan(text) if token.name == "SQL_COMMENT"}
    except parser.ParseError:
        return None
