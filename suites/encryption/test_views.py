"""The decrypting views open for service_role, and for nobody else."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from fixtures import factories as make
from fixtures.row import Row
from schemaproof.identity import Identity, anon, member, service
from suites.dictionary.declared import table, tables
from suites.fixture_types import ActingAs, Refused

pytestmark = [pytest.mark.req("7.3"), pytest.mark.req("3.5")]

_ENCRYPTED = [name for name in tables() if table(name).of_type("private.ciphertext")]
_TENANT = UUID("11111111-1111-4111-8111-111111111111")


def _view(name: str) -> sql.Identifier:
    schema, relation = name.split(".")
    return sql.Identifier(schema, f"decrypted_{relation}")


def _columns(db: psycopg.Connection[Any], name: str) -> set[str]:
    return {column.name for column in db.execute(sql.SQL("select * from {}").format(_view(name))).description or ()}


@pytest.mark.parametrize("name", _ENCRYPTED)
def test_every_table_with_something_encrypted_has_its_view(db: psycopg.Connection[Any], name: str) -> None:
    columns = table(name).columns
    hidden = {*table(name).of_type("private.ciphertext"), *table(name).of_type("private.keyed_hash")}
    plain = {column.removesuffix("_ciphertext") for column in table(name).of_type("private.ciphertext")}
    assert _columns(db, name) == set(columns) - hidden - {"key_version", "deleted_at", "deletion_id"} | plain


@pytest.mark.parametrize("name", _ENCRYPTED)
def test_service_role_reads_every_live_row_in_the_clear(
    db: psycopg.Connection[Any], acting_as: ActingAs, name: str
) -> None:
    live = sql.SQL("select count(*) from {} where deleted_at is null").format(sql.Identifier(*name.split(".")))
    with acting_as(service()) as connection:
        found = connection.execute(sql.SQL("select * from {}").format(_view(name))).fetchall()
        assert connection.execute(live).fetchone() == (len(found),)
        assert len(found) >= 2


def test_views_show_what_was_encrypted(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    made: list[tuple[str, Row, str, str]] = [
        (
            "public.slack_connections",
            make.make_slack_connection(db, tenants[0], bot_token="xoxb-1"),
            "slack_connection_id",
            "bot_token",
        ),
        (
            "public.communication_logs",
            make.make_whatsapp_log(db, tenants[0], phone_number="+4915112345678"),
            "communication_log_id",
            "phone_number",
        ),
        (
            "public.webhook_deliveries",
            make.make_webhook_delivery(db, tenants[0], signature="sha256=ab"),
            "webhook_delivery_id",
            "signature",
        ),
    ]
    for (name, row, key, plain), expected in zip(made, ("xoxb-1", "+4915112345678", "sha256=ab"), strict=True):
        query = sql.SQL("select {} from {} where {} = %s").format(
            sql.Identifier(plain), _view(name), sql.Identifier(key)
        )
        with acting_as(service()) as connection:
            assert connection.execute(query, [row[key]]).fetchall() == [(expected,)]


def test_message_without_a_number_is_shown_without_one(db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]) -> None:
    row = make.make_whatsapp_log(db, tenants[0], key_version=None)
    query = "select phone_number from public.decrypted_communication_logs where communication_log_id = %s"
    assert db.execute(query, [row["communication_log_id"]]).fetchall() == [(None,)]


@pytest.mark.req("6.1")
@pytest.mark.parametrize("name", _ENCRYPTED)
def test_views_do_not_show_what_is_deleted(db: psycopg.Connection[Any], acting_as: ActingAs, name: str) -> None:
    key = sql.Identifier(table(name).primary_key[-1])
    query = sql.SQL("select {0} from {1} where deleted_at is not null").format(key, sql.Identifier(*name.split(".")))
    deleted = set(db.execute(query).fetchall())
    with acting_as(service()) as connection:
        shown = set(connection.execute(sql.SQL("select {} from {}").format(key, _view(name))).fetchall())
    assert deleted
    assert not deleted & shown


@pytest.mark.parametrize("identity", [anon(), member(_TENANT)], ids=lambda identity: str(identity.role))
@pytest.mark.parametrize("name", _ENCRYPTED)
def test_nobody_else_reads_a_view(
    db: psycopg.Connection[Any], acting_as: ActingAs, refused: Refused, identity: Identity, name: str
) -> None:
    for what in (sql.SQL("*"), sql.SQL("count(*)"), sql.SQL("tenant_id")):
        with refused("42501"), acting_as(identity) as connection:
            connection.execute(sql.SQL("select {} from {}").format(what, _view(name)))


@pytest.mark.parametrize("identity", [anon(), member(_TENANT), service()], ids=lambda identity: str(identity.role))
@pytest.mark.parametrize(
    "call",
    [
        "private.encrypt_text('x', gen_random_uuid(), 't', 'c', gen_random_uuid())",
        "private.decrypt_text('\\x01', gen_random_uuid(), 't', 'c', gen_random_uuid())",
        "private.hash_text('p', gen_random_uuid(), 'm', 1)",
        "private.key_secret(1)",
        "private.derive_key('\\x01', '\\x01')",
        "private.current_key_version()",
        "private.create_encryption_key()",
        "private.rotate_encryption_key()",
        "private.retire_encryption_key(1)",
        "private.remove_encryption_key(1)",
        "private.encryption_key_uses(1)",
        "private.ciphertext_key_version('\\x01')",
        "private.ciphertext_context(gen_random_uuid(), 't', 'c', gen_random_uuid())",
        "private.find_data_subject(gen_random_uuid(), null, null, null, null)",
    ],
    ids=lambda call: call.partition("(")[0],
)
def test_no_api_role_can_name_what_works_with_keys(
    acting_as: ActingAs, refused: Refused, identity: Identity, call: str
) -> None:
    with refused("42501"), acting_as(identity) as connection:
        connection.execute(f"select {call}".encode())


@pytest.mark.parametrize("identity", [anon(), member(_TENANT), service()], ids=lambda identity: str(identity.role))
def test_no_api_role_can_encrypt_anew(acting_as: ActingAs, refused: Refused, identity: Identity) -> None:
    with refused("42501"), acting_as(identity) as connection:
        connection.execute("call private.reencrypt()")
