"""What a new database has: owners, default privileges, schemas, tables that migrations lean on."""

from pathlib import Path

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.errors import ServerError
from schemaproof.server import EmulatedExtension, ServerSpec
from tests.installed import open_or_skip
from tests.platform.statements import SUPABASE, installed, sqlstate, value

TABLE_PRIVILEGES = ("select", "insert", "update", "delete", "truncate", "references", "trigger")


def test_database_and_public_belong_to_postgres(migrator: psycopg.Connection) -> None:
    owner = "select pg_get_userbyid(datdba) from pg_database where datname = current_database()"
    assert value(migrator, owner) == "postgres"
    assert value(migrator, "select nspowner::regrole::text from pg_namespace where nspname = 'public'") == (
        "pg_database_owner"
    )


@pytest.mark.req("1.2")
def test_migration_role_is_no_superuser_and_still_creates_schemas_extensions_and_roles(
    migrator: psycopg.Connection,
) -> None:
    assert value(migrator, "select rolsuper from pg_roles where rolname = current_user") is False
    assert sqlstate(migrator, "create schema private") is None
    assert sqlstate(migrator, "create extension citext") is None
    assert sqlstate(migrator, "create role worker") is None


@pytest.mark.req("3.3")
@pytest.mark.parametrize("maker", ["postgres", "supabase_admin"])
@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_new_table_of_public_is_open_to_every_api_role(superuser: psycopg.Connection, maker: str, role: str) -> None:
    superuser.execute(f"set role {maker}; create table public.opened (id bigserial); create function public.f() "
                      "returns int language sql return 1")  # fmt: skip
    for privilege in TABLE_PRIVILEGES:
        assert value(superuser, "select has_table_privilege(%s, 'public.opened', %s)", role, privilege) is True
    assert value(superuser, "select has_sequence_privilege(%s, 'public.opened_id_seq', 'usage')", role) is True
    superuser.execute("revoke execute on function public.f() from public")
    assert value(superuser, "select has_function_privilege(%s, 'public.f()', 'execute')", role) is True


@pytest.mark.req("3.3")
def test_anon_can_truncate_a_table_that_no_migration_closed(database: Database) -> None:
    with database.connect(role="postgres") as postgres:
        postgres.execute("create table public.opened (id int); insert into public.opened values (1)")
        postgres.execute("alter table public.opened enable row level security")
    with database.connect() as connection:
        connection.execute("set role anon; truncate public.opened; reset role")
        assert value(connection, "select count(*) from public.opened") == 0


def test_anon_can_create_nothing_in_public(migrator: psycopg.Connection) -> None:
    migrator.execute("set local role anon")
    assert sqlstate(migrator, "create table public.mine ()") == "42501"


@pytest.mark.parametrize(
    ("schema", "owner"),
    [
        ("auth", "supabase_admin"),
        ("storage", "supabase_admin"),
        ("extensions", "postgres"),
        ("vault", "supabase_admin"),
    ],
)
def test_schema_belongs_to_whom_the_platform_gives_it(migrator: psycopg.Connection, schema: str, owner: str) -> None:
    assert value(migrator, "select nspowner::regrole::text from pg_namespace where nspname = %s", schema) == owner
    assert value(migrator, "select has_schema_privilege('postgres', %s, 'usage')", schema) is True


def test_anon_reads_neither_users_nor_secrets(migrator: psycopg.Connection) -> None:
    migrator.execute("set local role anon")
    assert sqlstate(migrator, "select from auth.users") == "42501"
    assert sqlstate(migrator, "select from vault.secrets") == "42501"


def test_postgres_refers_to_users_and_hangs_triggers_on_them(migrator: psycopg.Connection) -> None:
    assert sqlstate(migrator, "create table public.profiles (id uuid primary key references auth.users (id)"
                    " on delete cascade, email text)") is None  # fmt: skip
    migrator.execute(
        "create function public.welcome() returns trigger language plpgsql security definer as $$ begin"
        " insert into public.profiles values (new.id, new.email); return new; end $$;"
        " create trigger welcome after insert on auth.users for each row execute function public.welcome()"
    )
    migrator.execute(
        "insert into auth.users (id, email, raw_user_meta_data) values (gen_random_uuid(), 'a@example.org', '{}')"
    )
    assert value(migrator, "select email from public.profiles") == "a@example.org"
    migrator.execute("delete from auth.users")
    assert value(migrator, "select count(*) from public.profiles") == 0


def test_confirmed_at_follows_the_earlier_confirmation(migrator: psycopg.Connection) -> None:
    migrator.execute(
        "insert into auth.users (id, email_confirmed_at, phone_confirmed_at)"
        " values (gen_random_uuid(), '2025-01-02', '2025-01-01')"
    )
    assert value(migrator, "select confirmed_at = '2025-01-01' from auth.users") is True


def test_objects_are_closed_until_a_migration_adds_a_policy(migrator: psycopg.Connection) -> None:
    migrator.execute("insert into storage.buckets (id, name) values ('avatars', 'avatars')")
    migrator.execute("insert into storage.objects (bucket_id, name) values ('avatars', 'a/b.png')")
    migrator.execute("set local role anon")
    assert value(migrator, "select count(*) from storage.objects") == 0
    migrator.execute("reset role")
    assert sqlstate(migrator, "create policy readable on storage.objects for select to anon using"
                    " ((storage.foldername(name))[1] = 'a')") is None  # fmt: skip
    migrator.execute("set local role anon")
    assert migrator.execute("select name, path_tokens from storage.objects").fetchall() == [("a/b.png", ["a", "b.png"])]


@pytest.mark.parametrize(
    ("name", "folders", "file", "extension"),
    [("a/b/c.tar.gz", ["a", "b"], "c.tar.gz", "gz"), ("c.png", [], "c.png", "png"), ("a/", ["a"], "", "")],
)
def test_path_helpers_split_an_objects_name(
    migrator: psycopg.Connection, name: str, folders: list[str], file: str, extension: str
) -> None:
    query = "select storage.foldername(%s), storage.filename(%s), storage.extension(%s)"
    assert migrator.execute(query, (name, name, name)).fetchone() == (folders, file, extension)


def test_postgres_publishes_a_table_to_realtime(migrator: psycopg.Connection) -> None:
    migrator.execute("create table public.news (id int primary key)")
    assert sqlstate(migrator, "alter publication supabase_realtime add table public.news") is None
    assert sqlstate(migrator, "create policy listen on realtime.messages for select to authenticated using"
                    " (realtime.topic() = 'news')") is None  # fmt: skip


@pytest.mark.parametrize(
    "extension",
    [
        "moddatetime",
        "postgres_fdw",
        "dblink",
        "pg_stat_statements",
        "earthdistance cascade",
        "hstore",
        "pg_trgm",
        "ltree",
    ],
)
def test_postgres_creates_the_extensions_that_the_platform_lets_it(
    migrator: psycopg.Connection, extension: str
) -> None:
    name, _, cascade = extension.partition(" ")
    assert sqlstate(migrator, f'create extension if not exists "{name}" with schema extensions {cascade}') is None


def test_postgres_cannot_create_an_extension_that_the_platform_withholds(migrator: psycopg.Connection) -> None:
    assert sqlstate(migrator, "create extension file_fdw") == "42501"
    assert sqlstate(migrator, "create extension pageinspect") == "42501"


def test_extensions_of_a_new_project_are_used_without_their_schemas_name(migrator: psycopg.Connection) -> None:
    assert value(migrator, "select uuid_generate_v4() <> uuid_nil()") is True
    assert value(migrator, "select length(gen_random_bytes(7))") == 7
    assert sqlstate(migrator, "create extension if not exists pgcrypto; create extension if not exists"
                    ' "uuid-ossp" with schema extensions') is None  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "alter table storage.objects enable row level security",
        "alter table storage.objects disable trigger all",
        "alter table auth.users add column tenant_id uuid",
        "create index on auth.users (created_at)",
        "create table auth.mine ()",
        "create function auth.tenant() returns int language sql return 1",
        "create or replace function auth.uid() returns uuid language sql stable return null::uuid",
        "drop table auth.sessions cascade",
        "drop index storage.bname",
        "drop function storage.filename(text) cascade",
        "drop schema storage cascade",
    ],
)
def test_postgres_cannot_change_what_the_services_own(migrator: psycopg.Connection, statement: str) -> None:
    assert sqlstate(migrator, statement) == "42501"


@pytest.mark.parametrize(
    "statement",
    [
        "create policy p on storage.objects for select using (true); alter policy p on storage.objects using (false);"
        " drop policy p on storage.objects",
        "create policy p on auth.users for select using (true)",
        "create trigger t after insert on storage.objects for each row execute function"
        " storage.update_updated_at_column(); drop trigger t on storage.objects",
        "create table public.a (id uuid references auth.users); alter table public.a drop column id",
        "create role r; grant select on storage.buckets to r",
        "insert into storage.buckets (id, name) values ('a', 'a')",
    ],
)
def test_postgres_may_do_beside_the_services_what_the_platform_lets_it(
    migrator: psycopg.Connection, statement: str
) -> None:
    assert sqlstate(migrator, statement) is None


def test_server_without_pgcrypto_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "none").touch()
    without = EmulatedExtension("pgcrypto", (tmp_path / "none",), replaces_real=True)
    with open_or_skip(ServerSpec(extensions=(without,))) as server:
        with server.connect() as connection:
            SUPABASE.create_roles(connection)
        with pytest.raises(ServerError) as caught:
            installed(server)
    assert "pgcrypto" in caught.value.message
    assert "contrib" in caught.value.remedy
