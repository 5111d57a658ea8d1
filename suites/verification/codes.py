"""Requesting and checking codes as the back end does, and the rows that come of it."""

from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row, dict_row

from fixtures.row import Row

__all__ = ["Answer", "another_number", "check", "request_code", "verification", "wrong"]

Connection = psycopg.Connection[Any]
_number = count(1)


@dataclass(frozen=True)
class Answer:
    """What a request answers; all but the status is None unless a code was made."""

    status: str
    whatsapp_verification_id: UUID | None
    code: str | None
    expires_at: Any


def another_number() -> str:
    """Return a phone number that nobody has used."""
    return f"+4940{next(_number):08d}"


def request_code(connection: Connection, tenant: object, number: str | None, *length: int | None) -> Answer:
    """Request a code for a tenant's number."""
    cursor = connection.cursor(row_factory=class_row(Answer))
    places = ", ".join(["%s"] * (2 + len(length)))
    statement = f"select * from public.request_verification_code({places})".encode()
    answer = cursor.execute(statement, [tenant, number, *length]).fetchone()
    assert answer is not None
    return answer


def check(connection: Connection, tenant: object, number: str | None, code: str | None) -> str:
    """Check a code and return the status."""
    row = connection.execute("select public.check_verification_code(%s, %s, %s)", [tenant, number, code]).fetchone()
    assert row is not None
    return str(row[0])


def verification(connection: Connection, answer: Answer) -> Row:
    """Return the row of a request."""
    cursor = connection.cursor(row_factory=dict_row)
    query = "select * from public.whatsapp_verifications where whatsapp_verification_id = %s"
    row = cursor.execute(query, [answer.whatsapp_verification_id]).fetchone()
    assert row is not None
    return row


def wrong(code: str | None) -> str:
    """Return a code of the same length that differs in each digit."""
    assert code is not None
    return "".join(str((int(digit) + 1) % 10) for digit in code)
