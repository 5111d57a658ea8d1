"""What psql understands of a file and the server does not: `\\connect` and the like, rows behind COPY … FROM stdin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["Psql", "Rows", "read_psql"]

# Where a semicolon or a backslash is no command, by psqlscan.l; an opening quote without its end is `open`.
_TOKEN = re.compile(
    r"""--[^\n]*+
    | (?P<comment>/\*)
    | (?<![\w$])[eE]'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'
    | '[^']*+(?:''[^']*+)*+'
    | "[^"]*+"
    | (?<![\w$])\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$
    | (?P<end>;)
    | (?P<command>^\\(?P<word>\w+)[^\n]*)
    | (?P<open>['"])
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_NESTED = re.compile(r"/\*|\*/")
_COPY = re.compile(r"(?:\s++|--[^\n]*+(?:\n|\Z)|/\*.*?\*/)*+copy\b.*\bfrom\s+stdin\b", re.IGNORECASE | re.DOTALL)
_END_OF_ROWS = re.compile(r"^\\\.\r?$", re.MULTILINE)
_PASSED_OVER = ("restrict", "unrestrict", "connect", "c")


@dataclass(frozen=True)
class Rows:
    """Rows in a file, as COPY takes them; `place` is behind their COPY's semicolon, in the text without them."""

    place: int
    text: str


@dataclass
class Psql:
    """A file without what is psql's, its lines where they were.

    Args:
        text: SQL only.
        rows: what was behind a COPY … FROM stdin.
        commands: line and word of each psql command that was taken out.
        databases: place in `text` of each `\\connect`.
    """

    text: str = ""
    rows: list[Rows] = field(default_factory=list)
    commands: list[tuple[int, str]] = field(default_factory=list)
    databases: list[int] = field(default_factory=list)


def read_psql(source: str) -> Psql:
    """Take out `\\restrict`, `\\unrestrict`, `\\connect` and the rows of COPY; other commands stay, to be refused."""
    found, pieces, length, begin = Psql(), list[str](), 0, 0
    for start, stop in _outside(source):
        pieces.append(source[begin:start])
        length += start - begin
        taken = source[start:stop]
        if taken.startswith("\\"):
            word = taken[1:].split(maxsplit=1)[0]
            found.commands.append((source.count("\n", 0, start) + 1, word))
            if word in ("connect", "c"):
                found.databases.append(length)
        else:
            found.rows.append(Rows(length, _END_OF_ROWS.split(taken.partition("\n")[2], maxsplit=1)[0]))
        lines = "\n" * taken.count("\n")
        pieces.append(lines)
        length += len(lines)
        begin = stop
    found.text = "".join((*pieces, source[begin:]))
    return found


def _outside(source: str) -> Iterator[tuple[int, int]]:
    """Yield where what is not SQL begins and ends: a command, or all from a COPY's semicolon to the end of its rows."""
    statement = position = 0
    while token := _TOKEN.search(source, position):
        position = token.end()
        if token["open"]:
            return
        if token["comment"]:
            position = _end_of_comment(source, position)
        elif token["command"] and token["word"] in _PASSED_OVER:
            yield token.span()
        elif token["end"]:
            if _COPY.match(source, statement, token.start()):
                end = _END_OF_ROWS.search(source, position)
                begin, position = position, end.end() if end else len(source)
                yield begin, position
            statement = position


def _end_of_comment(source: str, position: int) -> int:
    depth = 1
    while depth and (mark := _NESTED.search(source, position)):
        depth += 1 if mark[0] == "/*" else -1
        position = mark.end()
    return position if not depth else len(source)
