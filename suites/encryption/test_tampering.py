"""A ciphertext that is not the one made for its row, under its key, gives an error of its own and never a text."""

from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from schemaproof.identity import service
from suites.dictionary.declared import table, tables
from suites.encryption.sealed import ROW, TENANT, decrypt, encrypt, value
from suites.fixture_types import ActingAs, Refused

pytestmark = [pytest.mark.req("7.1"), pytest.mark.req("7.5")]

_ENCRYPTED = [(name, column) for name in tables() for column in table(name).of_type("private.ciphertext")]
_VERSION = range(1, 5)


def test_every_flipped_byte_is_noticed(db: psycopg.Connection[Any], refused: Refused) -> None:
    ciphertext = encrypt(db, "a token")
    for position in range(len(ciphertext)):
        flipped = bytearray(ciphertext)
        flipped[position] ^= 1 << (position % 8)
        with refused("SP102" if position in _VERSION else "SP101"):  # under a version that is not there
            decrypt(db, bytes(flipped))
    assert decrypt(db, ciphertext) == "a token"


def test_every_truncation_is_noticed(db: psycopg.Connection[Any], refused: Refused) -> None:
    ciphertext = encrypt(db, "a token of more than one block")
    for length in range(len(ciphertext)):
        with refused("SP101"):
            decrypt(db, ciphertext[:length])
    for longer in (ciphertext + b"\0", ciphertext + bytes(16), ciphertext * 2):
        with refused("SP101"):
            decrypt(db, longer)


def test_blocks_cannot_be_reordered(db: psycopg.Connection[Any], refused: Refused) -> None:
    ciphertext = encrypt(db, "x" * 40)
    first, second = ciphertext[21:37], ciphertext[37:53]
    with refused("SP101"):
        decrypt(db, ciphertext[:21] + second + first + ciphertext[53:])


@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    # an example ends with its savepoint rolled back
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.binary(max_size=200))
def test_bytes_that_no_cipher_made_are_refused(db: psycopg.Connection[Any], refused: Refused, body: bytes) -> None:
    with refused("SP101"):
        decrypt(db, b"\x01\0\0\0\x02" + body)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param((ROW, "public.t", "c", ROW), id="another tenant"),
        pytest.param((TENANT, "public.u", "c", ROW), id="another table"),
        pytest.param((TENANT, "public.t", "d", ROW), id="another column"),
        pytest.param((TENANT, "public.t", "c", TENANT), id="another row"),
        pytest.param((ROW, "public.t", "c", TENANT), id="tenant and row swapped"),
        pytest.param((TENANT, "public.", "tc", ROW), id="a boundary moved"),
        pytest.param((TENANT, "", "public.tc", ROW), id="an empty part"),
        pytest.param((None, "public.t", "c", ROW), id="no tenant"),
        pytest.param((TENANT, "public.t", "c", None), id="no row"),
    ],
)
def test_ciphertext_opens_in_its_own_place_only(
    db: psycopg.Connection[Any], refused: Refused, place: tuple[Any, ...]
) -> None:
    ciphertext = encrypt(db, "a token", TENANT, "public.t", "c", ROW)
    assert decrypt(db, ciphertext, TENANT, "public.t", "c", ROW) == "a token"
    with refused("SP101"):
        decrypt(db, ciphertext, *place)


@pytest.mark.parametrize(
    "place",
    [
        (None, "public.t", "c", ROW),
        (TENANT, None, "c", ROW),
        (TENANT, "public.t", None, ROW),
        (TENANT, "public.t", "c", None),
    ],
)
def test_nothing_is_encrypted_for_no_place(
    db: psycopg.Connection[Any], refused: Refused, place: tuple[Any, ...]
) -> None:
    with refused("SP001"):
        encrypt(db, "a token", *place)


@pytest.mark.parametrize(("name", "column"), _ENCRYPTED)
def test_ciphertext_swapped_between_rows_is_noticed(
    db: psycopg.Connection[Any],
    tenants: tuple[UUID, UUID],
    acting_as: ActingAs,
    refused: Refused,
    name: str,
    column: str,
) -> None:
    schema, relation = name.split(".")
    view = sql.Identifier(schema, f"decrypted_{relation}")
    _, row_id = table(name).primary_key
    where = "tenant_id = %s and deleted_at is null and {} is not null"
    live = sql.SQL(f"select {{}} from {{}} where {where} order by {{}} limit 1").format(
        *map(sql.Identifier, (row_id,)), sql.Identifier(schema, relation), *map(sql.Identifier, (column, row_id))
    )
    ours, theirs = (value(db, live.as_string(db), tenant) for tenant in tenants)
    swap = sql.SQL("update {0} set {1} = (select {1} from {0} where {2} = %s) where {2} = %s").format(
        sql.Identifier(schema, relation), sql.Identifier(column), sql.Identifier(row_id)
    )
    read = sql.SQL("select * from {} where {} = %s").format(view, sql.Identifier(row_id))
    with acting_as(service()) as connection:
        assert connection.execute(read, [ours]).rowcount == 1
        assert connection.execute(swap, [theirs, ours]).rowcount == 1
    with refused("SP101"), acting_as(service()) as connection:
        connection.execute(read, [ours])


def _version_id(db: psycopg.Connection[Any]) -> UUID:
    found = value(db, "select vault_secret_id from private.encryption_keys where state = 'current'")
    assert isinstance(found, UUID)
    return found


@pytest.mark.req("7.2")
@pytest.mark.parametrize("wrong", ["ab" * 32, "not hexadecimal", "x"])
def test_wrong_key_is_noticed(db: psycopg.Connection[Any], refused: Refused, wrong: str) -> None:
    ciphertext = encrypt(db, "a token")
    db.execute("select vault.update_secret(%s, %s)", [_version_id(db), wrong])
    with refused("SP101"):
        decrypt(db, ciphertext)


@pytest.mark.req("7.2")
def test_missing_key_is_told(db: psycopg.Connection[Any], refused: Refused) -> None:
    ciphertext = encrypt(db, "a token")
    db.execute("delete from vault.secrets where id = %s", [_version_id(db)])
    with refused("SP102"):
        decrypt(db, ciphertext)
    with refused("SP102"):
        encrypt(db, "a token")
    with refused("SP102"):
        value(db, "select private.hash_text('p', %s, 'm')", TENANT)


@pytest.mark.parametrize("version", [-1, 0, 9, 2**31 - 1])
def test_hash_under_a_version_that_is_not_there_is_refused(
    db: psycopg.Connection[Any], refused: Refused, version: int
) -> None:
    with refused("SP102"):
        value(db, "select private.hash_text('p', %s, 'm', %s)", TENANT, version)


@pytest.mark.req("7.4")
def test_hash_depends_on_purpose_tenant_message_and_version_and_on_nothing_else(
    db: psycopg.Connection[Any],
) -> None:
    query = "select private.hash_text(%s, %s, %s, %s)"
    first = ("phone_number", TENANT, "+4915100000001", 2)
    others = [
        ("code", *first[1:]),
        ("phone_number", ROW, *first[2:]),
        (*first[:2], "+4915100000002", 2),
        (*first[:3], 1),
        ("phone_number+", TENANT, "4915100000001", 2),  # the boundary of purpose and message moved
        ("", TENANT, "phone_number+4915100000001", 2),
    ]
    found = [value(db, query, *arguments) for arguments in (first, *others)]
    assert len(set(found)) == len(found)
    assert {len(digest) for digest in found} == {32}
    assert value(db, query, *first) == found[0]
    assert value(db, query, *first[:3], None) == found[0], "the current version is the default"


@pytest.mark.req("7.4")
def test_hash_is_keyed(db: psycopg.Connection[Any]) -> None:
    before = value(db, "select private.hash_text('p', %s, 'm')", TENANT)
    db.execute("select vault.update_secret(%s, %s)", [_version_id(db), Random(1).randbytes(32).hex()])
    assert value(db, "select private.hash_text('p', %s, 'm')", TENANT) != before


@pytest.mark.parametrize("arguments", [(None, TENANT, "m"), ("p", None, "m")])
def test_hash_for_no_purpose_or_tenant_is_refused(
    db: psycopg.Connection[Any], refused: Refused, arguments: tuple[Any, ...]
) -> None:
    with refused("SP001"):
        value(db, "select private.hash_text(%s, %s, %s)", *arguments)


def test_uses_of_a_secret_have_keys_of_their_own(db: psycopg.Connection[Any]) -> None:
    query = "select private.derive_key(%s::bytea, %s::bytea)"
    keys = {value(db, query, b"secret", use) for use in (b"encrypt", b"authenticate", b"hash")}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}
