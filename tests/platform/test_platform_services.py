"""What the platform's services bring: webhooks, GraphQL, broadcasts, tables and functions of auth and storage."""

import psycopg
import pytest

from tests.platform.statements import sqlstate, value

HOOK = (
    "create table public.orders (id int primary key); create trigger hook after insert or delete on public.orders"
    " for each row execute function supabase_functions.http_request({})"
)


def test_webhook_queues_its_request_for_whoever_writes(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension pg_net with schema extensions")
    migrator.execute(HOOK.format("'https://example.org', 'POST', '{\"x-key\": \"1\"}', '{\"a\": \"b\"}', '900'"))
    migrator.execute("set local role anon; insert into public.orders values (7); reset role")
    row = migrator.execute(
        "select q.method, q.url, q.headers ->> 'x-key', q.timeout_milliseconds, convert_from(q.body, 'utf8')::jsonb,"
        " h.hook_name, h.hook_table_id::oid::regclass::text"
        " from net.http_request_queue as q join supabase_functions.hooks as h on h.request_id = q.id"
    ).fetchone()
    body = {"type": "INSERT", "table": "orders", "schema": "public", "record": {"id": 7}, "old_record": None}
    assert row == ("POST", "https://example.org?a=b", "1", 900, body, "hook", "orders")


def test_webhook_without_pg_net_lets_the_row_pass(migrator: psycopg.Connection) -> None:
    migrator.execute(HOOK.format("'https://example.org', 'GET', 'null', 'null', 'null'"))
    migrator.execute("insert into public.orders values (7); delete from public.orders")
    assert value(migrator, "select count(*) from supabase_functions.hooks where request_id is null") == 2


@pytest.mark.parametrize("arguments", ["", "'https://example.org'", "'https://example.org', 'PUT', '{}', '{}', '1'"])
def test_webhook_of_wrong_arguments_fails_with_the_row(migrator: psycopg.Connection, arguments: str) -> None:
    migrator.execute(HOOK.format(arguments))
    assert sqlstate(migrator, "insert into public.orders values (7)") == "P0001"


def test_dump_finds_the_schemas_of_graphql(migrator: psycopg.Connection) -> None:
    answer = "select graphql_public.graphql(query => '{ __typename }')"
    without = value(migrator, answer)
    assert sqlstate(migrator, 'create extension if not exists "pg_graphql" with schema "graphql"') is None
    assert value(migrator, answer) != without
    migrator.execute("drop extension if exists pg_graphql")
    assert value(migrator, answer) == without
    assert sqlstate(migrator, "create role worker; grant usage on schema graphql_public to worker") is None
    assert sqlstate(migrator, "create schema if not exists graphql; create schema if not exists pgbouncer") is None


def test_change_is_broadcast_from_a_trigger(migrator: psycopg.Connection) -> None:
    migrator.execute(
        "create table public.notes (id int primary key);"
        "create function public.tell() returns trigger language plpgsql security definer as $$ begin"
        " perform realtime.broadcast_changes('notes', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);"
        " return null; end $$;"
        "create trigger tell after insert or update or delete on public.notes for each row execute function tell();"
        "insert into public.notes values (1); delete from public.notes"
    )
    messages = migrator.execute(
        "select topic, event, extension, private, payload -> 'record' ->> 'id', payload -> 'old_record' ->> 'id'"
        " from realtime.messages order by event desc"
    ).fetchall()
    assert messages == [
        ("notes", "INSERT", "broadcast", True, "1", None),
        ("notes", "DELETE", "broadcast", True, None, "1"),
    ]
    assert value(migrator, "select realtime.topic()") == "notes"


def test_broadcast_of_no_change_fails_and_a_message_that_cannot_be_kept_does_not(migrator: psycopg.Connection) -> None:
    call = "select realtime.broadcast_changes('t', 'e', '{}', 't', 's', null::record, null::record, '{}')"
    assert sqlstate(migrator, call.format("TRUNCATE", "ROW")) == "P0001"
    assert sqlstate(migrator, call.format("INSERT", "STATEMENT")) == "P0001"
    assert sqlstate(migrator, "select realtime.send('{}', 'e', null)") is None
    assert value(migrator, "select count(*) from realtime.messages") == 0


def test_subscription_belongs_to_the_role_of_its_claims(migrator: psycopg.Connection) -> None:
    migrator.execute(
        "insert into realtime.subscription (subscription_id, entity, claims)"
        " values (gen_random_uuid(), 'auth.users', '{\"role\": \"anon\"}')"
    )
    assert value(migrator, "select claims_role::text from realtime.subscription") == "anon"


def test_secret_of_the_vault_is_referred_to(migrator: psycopg.Connection) -> None:
    assert sqlstate(migrator, "create table public.t (secret uuid references vault.secrets (id))") is None
    assert sqlstate(migrator, "insert into public.t values (vault.create_secret('s'))") is None
    assert sqlstate(migrator, "insert into public.t values (gen_random_uuid())") == "23503"


@pytest.mark.parametrize(
    "table",
    [
        "flow_state",
        "instances",
        "mfa_amr_claims",
        "mfa_challenges",
        "one_time_tokens",
        "saml_providers",
        "saml_relay_states",
        "sso_domains",
        "sso_providers",
    ],
)
def test_table_of_auth_is_there_for_postgres_alone(migrator: psycopg.Connection, table: str) -> None:
    assert value(migrator, f"select count(*) from auth.{table}") == 0
    assert value(migrator, "select relrowsecurity from pg_class where oid = %s::regclass", f"auth.{table}") is True
    assert sqlstate(migrator, f"drop table auth.{table} cascade") == "42501"
    migrator.execute("set local role anon")
    assert sqlstate(migrator, f"select from auth.{table}") == "42501"


def test_search_lists_what_lies_directly_below_a_path(migrator: psycopg.Connection) -> None:
    migrator.execute(
        "insert into storage.buckets (id, name) values ('b', 'b'), ('other', 'other');"
        "insert into storage.objects (bucket_id, name, metadata) values ('b', 'top.png', '{\"size\": 3}'),"
        " ('b', 'x/one.png', '{\"size\": 4}'), ('b', 'x/y/two.png', null), ('other', 'x/three.png', null)"
    )
    names = "select name, id is null from storage.search({})"
    assert migrator.execute(names.format("'', 'b'")).fetchall() == [("x", True), ("top.png", False)]
    assert migrator.execute(names.format("'x/', 'b', 100, 2")).fetchall() == [("y", True), ("one.png", False)]
    assert migrator.execute(names.format("'x/', 'b', 100, 2, 0, 'O'")).fetchall() == [("one.png", False)]
    assert migrator.execute(names.format("'', 'b', 1, 1, 1")).fetchall() == [("top.png", False)]
    sizes = "select bucket_id, size from storage.get_size_by_bucket() order by bucket_id"
    assert migrator.execute(sizes).fetchall() == [("b", 7), ("other", None)]


def test_policy_reads_the_operation_and_uploads_are_closed(migrator: psycopg.Connection) -> None:
    assert value(migrator, "select storage.operation()") is None
    migrator.execute("set local storage.operation = 'object.list'")
    assert value(migrator, "select storage.operation()") == "object.list"
    assert sqlstate(migrator, "create policy p on storage.s3_multipart_uploads using (true)") is None
    assert value(migrator, "select count(*) from storage.s3_multipart_uploads_parts") == 0
