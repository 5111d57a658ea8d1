"""What Supabase's supautils lets `postgres` do, and refuses it: in the database, and before a statement is sent."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.migrations import MigrationError, read_folder, up
from schemaproof.platform import Unseen
from tests.platform.statements import sqlstate, value


def migrate(database: Database, folder: Path, text: str) -> None:
    (folder / "20240101000000_only.sql").write_text(text)
    with database.connect(role="postgres") as connection:
        up(connection, read_folder(folder).migrations)


@pytest.mark.parametrize(
    "statement",
    [
        "create extension citext with schema public; alter extension citext set schema extensions",
        'alter extension "uuid-ossp" set schema public',
        "create extension citext; alter extension citext update",
        'drop extension "uuid-ossp"',
        "drop extension supabase_vault cascade",
        "create foreign data wrapper w; create server s foreign data wrapper w; drop foreign data wrapper w cascade",
        "create extension postgres_fdw; create server s foreign data wrapper postgres_fdw",
        "create publication p for all tables; drop publication p",
        "create publication p for tables in schema public",
        "alter publication supabase_realtime add tables in schema public",
        "do $$ begin execute 'drop extension \"uuid-ossp\"'; end $$",
    ],
)
def test_postgres_runs_what_takes_a_superuser_elsewhere(migrator: psycopg.Connection, statement: str) -> None:
    assert sqlstate(migrator, statement) is None
    assert value(migrator, "select rolsuper from pg_roles where rolname = 'postgres'") is False


def test_postgres_is_no_superuser_after_a_statement_that_fails(migrator: psycopg.Connection) -> None:
    assert sqlstate(migrator, "alter extension citext set schema public") == "42704"
    assert value(migrator, "select rolsuper from pg_roles where rolname = 'postgres'") is False
    assert sqlstate(migrator, "create extension file_fdw") == "42501"


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_no_other_role_gets_more_by_it(migrator: psycopg.Connection, role: str) -> None:
    migrator.execute(f"create table public.t (); set local role {role}")
    assert sqlstate(migrator, "alter extension pgcrypto set schema public") == "42501"
    assert sqlstate(migrator, "drop extension pgcrypto") == "42501"
    assert sqlstate(migrator, "create foreign data wrapper w") == "42501"
    assert sqlstate(migrator, "select extensions.run_privileged('comment on extension pgcrypto is null')") == "42501"


def test_statements_of_two_sessions_wait_for_each_other_and_both_pass(database: Database) -> None:
    with (
        database.connect(role="postgres", autocommit=False) as first,
        database.connect(role="postgres", autocommit=False) as second,
        database.connect() as onlooker,
    ):
        first.execute("create foreign data wrapper one")
        second.execute("set local lock_timeout = '100ms'")
        assert sqlstate(second, "create foreign data wrapper two") == "55P03"
        assert value(onlooker, "select rolsuper from pg_roles where rolname = 'postgres'") is False
        first.commit()
        assert sqlstate(second, "create foreign data wrapper two") is None


@pytest.mark.parametrize(
    "setting",
    [
        "authenticator set pgrst.db_pre_request = 'public.check_request'",
        "authenticator set pgrst.db_aggregates_enabled = 'true'",
        "authenticated set plan_filter.statement_cost_limit = 1000",
        "authenticator set safeupdate.enabled = 1",
        "postgres set pgaudit.log = 'all'",
        "anon set statement_timeout = '20s'",
    ],
)
def test_postgres_keeps_settings_of_roles_that_the_platform_allows(migrator: psycopg.Connection, setting: str) -> None:
    assert sqlstate(migrator, f"alter role {setting}") is None


def test_postgres_keeps_no_setting_of_its_own_making(migrator: psycopg.Connection) -> None:
    assert sqlstate(migrator, "alter role authenticator set app.secret = 'x'") == "42501"


@pytest.mark.parametrize(
    "statement",
    [
        "alter role anon login",
        "ALTER USER \"authenticated\" WITH PASSWORD 'x'",
        "alter role service_role rename to s",
        "drop role if exists anon",
        "alter role supabase_auth_admin createdb",
    ],
)
def test_reserved_role_is_not_altered(migrator: psycopg.Connection, statement: str) -> None:
    assert sqlstate(migrator, Unseen.of(migrator).adapted(statement)) == "42939"


@pytest.mark.parametrize(
    "statement",
    [
        "alter role anon set statement_timeout = '1s'",
        "alter role authenticator reset statement_timeout",
        "alter role anonymous login",
        "create table t (x text default 'alter role anon login')",
        "select 1 -- alter database postgres set x = 1",
    ],
)
def test_statement_that_the_platform_takes_is_sent_as_it_is(migrator: psycopg.Connection, statement: str) -> None:
    assert Unseen.of(migrator).adapted(statement) == statement


def test_refusal_names_the_place_in_the_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(MigrationError) as caught:
        migrate(database, tmp_path, "select 1;\n\nalter role anon login;\n")
    assert (caught.value.sqlstate, caught.value.line) == ("42939", 3)


def test_database_of_the_project_is_the_one_that_is_migrated(database: Database, tmp_path: Path) -> None:
    migrate(
        database,
        tmp_path,
        "alter database postgres set search_path to public, extensions, private;\n"
        "ALTER DATABASE \"postgres\" SET statement_timeout = '7s';\n"
        "grant connect on database postgres to anon;\ncomment on database postgres is 'mine';\n",
    )
    with database.connect() as connection:
        assert value(
            connection,
            "select setconfig from pg_db_role_setting as s join pg_database as d on d.oid = s.setdatabase"
            " where d.datname = current_database() and setrole = 0",
        ) == ["search_path=public, extensions, private", "statement_timeout=7s"]
        assert value(connection, "select has_database_privilege('anon', current_database(), 'connect')") is True
        assert value(connection, "select count(*) from pg_db_role_setting where setdatabase = "
                     "(select oid from pg_database where datname = 'postgres')") == 0  # fmt: skip


def test_database_keeps_no_setting_of_the_projects_making(database: Database, tmp_path: Path) -> None:
    with pytest.raises(MigrationError) as caught:
        migrate(database, tmp_path, "alter database postgres set \"app.settings.secret\" = 'x';")
    assert caught.value.sqlstate == "42501"


def test_event_trigger_of_postgres_is_its_own_and_fires(database: Database, tmp_path: Path) -> None:
    migrate(
        database,
        tmp_path,
        "create function public.enable_rls() returns event_trigger language plpgsql as $$\n"
        "declare made record; begin for made in select * from pg_event_trigger_ddl_commands() loop\n"
        "execute format('alter table %s enable row level security', made.object_identity); end loop; end $$;\n"
        "create event trigger ensure_rls on ddl_command_end when tag in ('CREATE TABLE')\n"
        "execute function public.enable_rls();\n"
        "create table public.notes (id int);\n"
        "comment on extension pgcrypto is 'mine';\n",
    )
    with database.connect(role="postgres") as connection:
        assert value(connection, "select relrowsecurity from pg_class where relname = 'notes'") is True
        assert value(
            connection, "select evtowner::regrole::text from pg_event_trigger where evtname = 'ensure_rls'"
        ) == ("postgres")
        assert sqlstate(connection, "drop event trigger ensure_rls") is None


def test_nothing_is_adapted_on_a_server_of_the_platforms_own(superuser: psycopg.Connection) -> None:
    superuser.execute("drop function extensions.run_privileged(text)")
    statement = "alter database postgres set search_path = public"
    assert Unseen.of(superuser).adapted(statement) == statement


def test_privileged_statements_are_no_way_to_others(session: Callable[[str], psycopg.Connection]) -> None:
    postgres = session("postgres")
    assert sqlstate(postgres, "select extensions.run_privileged('drop table auth.users cascade')") == "42501"
