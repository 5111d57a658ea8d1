"""Calls of the ciphers as the owner's functions make them, bound to a made-up row unless a test says otherwise."""

from typing import Any
from uuid import UUID

import psycopg

__all__ = ["ROW", "TENANT", "decrypt", "encrypt", "value"]

TENANT = UUID("11111111-1111-4111-8111-111111111111")
ROW = UUID("22222222-2222-4222-8222-222222222222")
_PLACE = (TENANT, "public.some_table", "some_ciphertext", ROW)


def value(connection: psycopg.Connection[Any], query: str, *arguments: Any) -> Any:
    """Return the one value that a query gives."""
    row = connection.execute(query, arguments).fetchone()
    assert row is not None
    return row[0]


def encrypt(connection: psycopg.Connection[Any], text: str | None, *place: Any) -> Any:
    """Encrypt for `place`: tenant, table, column, row."""
    return value(connection, "select private.encrypt_text(%s::text, %s, %s, %s, %s)", text, *(place or _PLACE))


def decrypt(connection: psycopg.Connection[Any], ciphertext: bytes | None, *place: Any) -> Any:
    """Decrypt what is said to be of `place`."""
    return value(connection, "select private.decrypt_text(%s::bytea, %s, %s, %s, %s)", ciphertext, *(place or _PLACE))
