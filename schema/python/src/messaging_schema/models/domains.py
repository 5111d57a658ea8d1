# Generated from the migrated database: `python -m suites.python_access.renew`. Not edited by hand.
"""The domains of the schema."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import DOMAIN

from messaging_schema.base import Base, Domain

__all__ = ["CIPHERTEXT", "E164", "KEYED_HASH"]

CIPHERTEXT: Domain[bytes] = Domain(
    DOMAIN(
        "ciphertext",
        LargeBinary(),
        schema="private",
        metadata=Base.metadata,
        constraint_name="ciphertext_has_the_layout_of_format_1",
        check=r"((SUBSTRING(VALUE FROM 1 FOR 1) = '\x01'::bytea) AND (octet_length(VALUE) >= 69) AND "
        "(((octet_length(VALUE) - 53) % 16) = 0))",
    ),
)
"""Format 1: the byte 1, the key version (4 bytes, big-endian), the IV (16), AES-256-CBC with PKCS padding (16 a block),
HMAC-SHA-256 (32) over all before it and tenant, table, column and row id.
"""

E164: Domain[str] = Domain(
    DOMAIN(
        "e164",
        Text(),
        schema="public",
        metadata=Base.metadata,
        constraint_name="e164_is_a_plus_and_2_to_15_digits",
        check=r"(VALUE ~ '^\+[1-9][0-9]{1,14}$'::text)",
    ),
)
"""A phone number in E.164: a plus and 2 to 15 digits, the first not zero."""

KEYED_HASH: Domain[bytes] = Domain(
    DOMAIN(
        "keyed_hash",
        LargeBinary(),
        schema="private",
        metadata=Base.metadata,
        constraint_name="keyed_hash_has_32_bytes",
        check="(octet_length(VALUE) = 32)",
    ),
)
"""HMAC-SHA-256 under a key that is derived from a version of the registry."""


# What columns named key_version refer to. The rest of the table is nobody's but the owner's, as is all of `private`.
Table("encryption_keys", Base.metadata, Column("key_version", Integer(), primary_key=True), schema="private")
