"""Sends one statement after the other over libpq, in a savepoint that the next one rolls back: a round trip each."""

from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus

__all__ = ["ENDED", "TIMEOUT", "Answer", "Wire"]

# Of a statement that was ended because it took too long, and of one that ended its own session.
TIMEOUT = "57014"
ENDED = "57P01"

Row = tuple[str | None, ...]
_ROWS = (ExecStatus.TUPLES_OK, ExecStatus.SINGLE_TUPLE)
_POINT = "schemaproof_probe"
_BACK = f"rollback to savepoint {_POINT}; "


@dataclass(frozen=True)
class Answer:
    """What the server said.

    Args:
        count: rows that the command touched or returned.
        rows: what it returned, as PostgreSQL writes it.
        sqlstate: of the error that ended it; None where none did.
        table: the table whose constraint an error of class 23 is about; empty where a function raised it by hand.
        constraint: that constraint.
    """

    count: int = 0
    rows: tuple[Row, ...] = ()
    sqlstate: str | None = None
    message: str = ""
    table: str = ""
    constraint: str = ""

    def __str__(self) -> str:
        return self.sqlstate or f"{self.count} rows"


class Wire:
    """A superuser's connection inside a transaction, for statements as anybody.

    `mark` sets the point that every `run` starts from; whatever the statement before did is undone. `after` looks at
    what the last statement left, without undoing it.

    Args:
        fatal: statements that ended a session, which the wire adds to; they are answered without being sent.
    """

    def __init__(self, connection: psycopg.Connection[Any], *, fatal: list[str] | None = None) -> None:
        self._connection = connection
        self._fatal = [] if fatal is None else fatal
        self._last = ""
        self.sent = 0
        self.ended = False  # a statement ended the session: nothing can follow

    def mark(self) -> None:
        """Start from here on."""
        self._asked("", before=f"savepoint {_POINT}")

    def run(self, statement: str, *, data: str | None = None) -> Answer:
        """Undo what came after the mark, then run the statement; `data` follows a COPY FROM STDIN."""
        self.sent += 1
        return self.back(statement, data=data)

    def back(self, statement: str = "", *, data: str | None = None) -> Answer:
        """Undo what came after the mark, then run a statement that is no probe, if there is one."""
        return self._asked(statement, before=_BACK, data=data)

    def after(self, statement: str, *, data: str | None = None) -> Answer:
        """Run a statement on top of what the last one left."""
        return self._asked(statement, data=data)

    def _asked(self, statement: str, *, before: str = "", data: str | None = None) -> Answer:
        known = statement in self._fatal
        try:
            answer = self._send(before if known else before + statement, data=data)
            if answer.sqlstate == ENDED:
                self._send("")  # libpq may have read no further than the error
        finally:
            if self._connection.pgconn.status != ConnStatus.OK and not self.ended:
                self._blame(statement, sent=bool(statement) and not known)
        if self.ended:
            raise psycopg.OperationalError(f"the connection was lost by: {self._fatal[-1]}")
        if known:
            return Answer(sqlstate=ENDED, message="it ends its own session")
        self._last = statement or self._last
        return answer

    def _blame(self, statement: str, *, sent: bool) -> None:
        """Note what ended the session; what was not sent is innocent: it was the one before, after its answer."""
        blamed = statement if sent else self._last
        self.ended = bool(blamed)
        if not sent and statement in self._fatal:
            self._fatal.remove(statement)
        if blamed:
            self._fatal.append(blamed)

    def _send(self, statement: str, *, data: str | None = None) -> Answer:
        connection = self._connection.pgconn
        result = connection.exec_(statement.encode())
        if result.status == ExecStatus.COPY_OUT:
            return self._copied()
        if result.status in (ExecStatus.COPY_IN, ExecStatus.COPY_BOTH):
            if data is not None:
                connection.put_copy_data(data.encode())
            connection.put_copy_end(None if data is not None else b"schemaproof sends no data")
            result = connection.get_result() or result
            while connection.get_result() is not None:
                pass
        return _answer(result)

    def _copied(self) -> Answer:
        connection, lines = self._connection.pgconn, []
        while True:
            size, data = connection.get_copy_data(0)
            if size < 0:
                break
            lines.append((bytes(data).decode(errors="replace").rstrip("\n"),))
        answer = Answer(len(lines), tuple(lines))
        while (result := connection.get_result()) is not None:
            if result.status == ExecStatus.FATAL_ERROR:
                answer = _answer(result)
        return answer


def _answer(result: Any) -> Answer:
    if result.status == ExecStatus.FATAL_ERROR:
        return Answer(
            sqlstate=_field(result, DiagnosticField.SQLSTATE) or "XX000",
            message=_field(result, DiagnosticField.MESSAGE_PRIMARY),
            table=_field(result, DiagnosticField.TABLE_NAME),
            constraint=_field(result, DiagnosticField.CONSTRAINT_NAME) or _field(result, DiagnosticField.COLUMN_NAME),
        )
    if result.status not in _ROWS:
        return Answer(count=result.command_tuples or 0)
    columns = range(result.nfields)
    rows = tuple(tuple(_text(result.get_value(n, m)) for m in columns) for n in range(result.ntuples))
    return Answer(len(rows), rows)


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode(errors="replace")


def _field(result: Any, field: DiagnosticField) -> str:
    return (result.error_field(field) or b"").decode(errors="replace")
