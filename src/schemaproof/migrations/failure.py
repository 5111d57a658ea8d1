"""A migration that fails: the file, line and column, the line itself with a caret, and what the server said."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from schemaproof.errors import SchemaproofError

if TYPE_CHECKING:
    from schemaproof.migrations.script import Script
    from schemaproof.migrations.statement import Statement

__all__ = ["MigrationError", "refused_by_server", "shown"]

_INLINE_LINE = re.compile(r"PL/pgSQL function inline_code_block line (\d+)")
_BODY = re.compile(r"\$[^$\s]*\$|'")
_ROW = re.compile(r"^COPY .*?, line (\d+)", re.MULTILINE)
_WIDTH = 160


class MigrationError(SchemaproofError):
    """SQL that the server, or the reader, refuses: the schema is at fault.

    Args:
        message: what was refused and why.
        path: the file.
        line: line in it, from 1.
        column: character in the line, from 1, where the place is known so exactly.
        statement: the statement at fault, as far as it is known.
        sqlstate: PostgreSQL's code of the error.
        evidence: lines shown below the message.
        remedy: what to do.
    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        path: Path,
        line: int,
        column: int | None = None,
        statement: str = "",
        sqlstate: str | None = None,
        evidence: tuple[str, ...] = (),
        remedy: str = "",
    ) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.statement = statement
        self.sqlstate = sqlstate
        self.reason = message
        place = ":".join(str(part) for part in (shown(path), line, column) if part is not None)
        head = " ".join(part for part in (f"{place}:", sqlstate, message) if part)
        super().__init__("\n".join((head, *evidence)), remedy=remedy)

    def add_remedy(self, sentence: str) -> None:
        """Put one more sentence below what there is to do."""
        self.remedy = f"{self.remedy} {sentence}".strip()

    @classmethod
    def at(
        cls,
        text: str,
        path: Path,
        index: int,
        message: str,
        *,
        exact: bool = True,
        statement: str = "",
        sqlstate: str | None = None,
        evidence: tuple[str, ...] = (),
        remedy: str = "",
    ) -> "MigrationError":
        """Make the error of the place `index` (characters from 0) in the file's `text`; not `exact`: of its line."""
        index = min(index, max(0, len(text.rstrip()) - (not exact)))
        line = text.count("\n", 0, index) + 1
        column = index - text.rfind("\n", 0, index) if exact else None
        evidence = (*_excerpt(text, line, column), *evidence)
        return cls(
            message,
            path=path,
            line=line,
            column=column,
            statement=statement,
            sqlstate=sqlstate,
            evidence=evidence,
            remedy=remedy,
        )


def refused_by_server(
    error: psycopg.Error, script: "Script", statement: "Statement | None", *, start: int = 0, remedy: str = ""
) -> MigrationError:
    """Turn the server's error into one that names the place in the file.

    Args:
        error: what the server answered.
        script: the file.
        statement: the statement that was running; None when the file ran as a whole, or at its end.
        start: what to take off the server's position, in characters, where it counts from before the file.
        remedy: what to do.
    """
    index, exact = _place(error, statement, start)
    diag, text = error.diag, script.text
    if statement and statement.rows is not None and (found := _ROW.search(diag.context or "")):
        index, text, exact = *_with_row(text, statement, statement.rows, int(found[1])), False
    parts = _PARTS if statement else _PARTS[:2]
    evidence = ((label, getattr(diag, name)) for label, name in parts)
    return MigrationError.at(
        text,
        script.path,
        index,
        diag.message_primary or str(error).strip(),
        exact=exact,
        statement=statement.sql if statement else "",
        sqlstate=error.sqlstate,
        evidence=tuple(f"{label}: {value}" for label, value in evidence if value),
        remedy=remedy,
    )


_PARTS = (
    ("DETAIL", "message_detail"),
    ("HINT", "message_hint"),
    ("QUERY", "internal_query"),
    ("CONTEXT", "context"),
)


def _place(error: psycopg.Error, statement: "Statement | None", start: int) -> tuple[int, bool]:
    offset = statement.start if statement else -start
    if position := error.diag.statement_position:
        return max(0, offset + int(position) - 1), True
    if statement is None:
        return 0, False
    return statement.start + _line_of_block(error.diag.context or "", statement.sql), False


def _with_row(text: str, statement: "Statement", rows: str, number: int) -> tuple[int, str]:
    """Return where row `number` (from 1) of a COPY stood in the file, and the text with that row put back."""
    index = text.find("\n", statement.stop)
    for _ in range(number - 1):
        index = text.find("\n", index + 1)
    row = rows.split("\n", number)[number - 1]
    return index + 1, f"{text[: index + 1]}{row}{text[index + 1 :]}"


def _line_of_block(context: str, sql: str) -> int:
    """Return where in a DO statement the line begins that the server's context names, else 0.

    PL/pgSQL counts from the line on which the body's quote opens.
    """
    lines = _INLINE_LINE.findall(context)
    body = _BODY.search(sql)
    if not lines or not body or sql[:2].lower() != "do":
        return 0
    index = body.end()
    for _ in range(int(lines[-1]) - 1):
        index = sql.find("\n", index) + 1
    return index


def _excerpt(text: str, line: int, column: int | None) -> tuple[str, ...]:
    source = text.split("\n")[line - 1].rstrip("\r")
    begin = max(0, (column or 1) - _WIDTH // 2) if len(source) > _WIDTH else 0
    gutter = f"{line:>5} | "
    shown_source = gutter + source[begin : begin + _WIDTH]
    if column is None:
        return (shown_source,)
    before = source[begin : column - 1]
    padding = "".join("\t" if character == "\t" else " " for character in before)
    return shown_source, f"{' ' * (len(gutter) - 2)}| {padding}^"


def shown(path: Path) -> Path:
    """Return `path` as one would type it here: relative to the working directory where it is below it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
