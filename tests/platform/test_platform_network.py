"""Emulated extensions that would need a network or a library: what they do, and that they say what they do not."""

import base64
import hashlib
import hmac
import json

import psycopg
import pytest

from tests.platform.statements import sqlstate, value

NOT_SUPPORTED = "0A000"


@pytest.mark.parametrize(
    "name", ["pg_net", "http", "pg_graphql", "pg_jsonschema", "pgjwt", "pgmq", "wrappers", "pg_cron", "supabase_vault"]
)
def test_migration_creates_the_extension_as_postgres(migrator: psycopg.Connection, name: str) -> None:
    schema = {"pg_graphql": "graphql", "pgmq": "pgmq", "supabase_vault": "vault"}.get(name, "extensions")
    migrator.execute(f"create schema if not exists {schema}")
    assert sqlstate(migrator, f"create extension if not exists {name} with schema {schema}") is None
    assert value(migrator, "select count(*) from pg_extension where extname = %s", name) == 1


def test_request_of_pg_net_is_queued_and_never_sent(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension pg_net")
    migrator.execute("set local role service_role")
    first = value(migrator, "select net.http_post('https://example.org/hook', body => '{\"a\": 1}')")
    second = value(migrator, "select net.http_get('https://example.org', params => '{\"q\": \"ä b\"}')")
    migrator.execute("reset role")
    queue = "select id, method, url, convert_from(body, 'utf8')::jsonb from net.http_request_queue order by id"
    assert migrator.execute(queue).fetchall() == [
        (first, "POST", "https://example.org/hook", {"a": 1}),
        (second, "GET", "https://example.org?q=%C3%A4%20b", None),
    ]
    assert value(migrator, "select count(*) from net._http_response") == 0
    assert value(migrator, "select (net._http_collect_response(1)).status::text") == "ERROR"
    assert sqlstate(migrator, "select net._http_collect_response(1, async => false)") == NOT_SUPPORTED


@pytest.mark.parametrize(
    "call", ["http_get('https://example.org')", "http_post('https://example.org', '{}', 'application/json')"]
)
def test_synchronous_request_is_refused(migrator: psycopg.Connection, call: str) -> None:
    migrator.execute("create extension http with schema extensions")
    assert sqlstate(migrator, f"select status from extensions.{call}") == NOT_SUPPORTED


def test_validation_by_json_schema_is_refused_and_never_passes(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension pg_jsonschema with schema extensions")
    migrator.execute(
        "create table public.documents (body jsonb,"
        ' constraint body_is_valid check (extensions.jsonb_matches_schema(\'{"type": "object"}\', body)))'
    )
    assert sqlstate(migrator, "insert into public.documents values ('{}')") == NOT_SUPPORTED


def test_graphql_is_answered_with_an_error(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension pg_graphql with schema graphql")
    answer = value(migrator, "select graphql.resolve('{ __typename }')")
    assert isinstance(answer, dict)
    assert set(answer) == {"errors"}


def _encoded(document: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document, separators=(",", ":")).encode()).rstrip(b"=").decode()


def test_token_is_signed_as_the_rfc_says(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension pgjwt with schema extensions")
    signed = _encoded({"alg": "HS256", "typ": "JWT"}) + "." + _encoded({"sub": "ä", "n": 1}).replace("\n", "")
    payload = json.dumps({"sub": "ä", "n": 1}, separators=(",", ":"))
    digest = hmac.digest(b"secret", signed.encode(), hashlib.sha256)
    token = signed + "." + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert value(migrator, "select extensions.sign(%s::json, 'secret')", payload) == token
    verify = "select valid from extensions.verify(%s, %s)"
    assert value(migrator, verify, token, "secret") is True
    assert value(migrator, verify, token, "another") is False
    expired = value(migrator, "select extensions.sign('{\"exp\": 1}', 'secret', 'HS512')")
    assert value(migrator, "select valid from extensions.verify(%s, 'secret', 'HS512')", expired) is False


def test_message_is_hidden_while_read_and_gone_when_archived(migrator: psycopg.Connection) -> None:
    migrator.execute("create schema pgmq; create extension pgmq; select pgmq.create('orders')")
    first = value(migrator, "select pgmq.send('orders', '{\"order\": 1}')")
    second = value(migrator, "select pgmq.send('orders', '{\"order\": 2}', 3600)")
    read = "select msg_id, read_ct, message from pgmq.read('orders', 30, 10)"
    assert migrator.execute(read).fetchall() == [(first, 1, {"order": 1})]
    assert migrator.execute(read).fetchall() == []
    assert value(migrator, "select pgmq.archive('orders', %s::bigint)", first) is True
    assert value(migrator, "select pgmq.archive('orders', %s::bigint)", first) is False
    assert value(migrator, "select message from pgmq.a_orders") == {"order": 1}
    assert value(migrator, "select pgmq.delete('orders', %s::bigint)", second) is True
    assert value(migrator, "select pgmq.drop_queue('orders')") is True
    assert sqlstate(migrator, "select pgmq.create_partitioned('orders')") == NOT_SUPPORTED
