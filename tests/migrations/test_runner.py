import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.errors import ServerError, UsageError
from schemaproof.migrations import BEFORE_FIRST, Migration, MigrationError, Step, down, up

from .conftest import MIGRATOR, Project, ledger, tables

ABC = {f"{number}_{name}.sql": f"create table {name} ()" for number, name in enumerate("abc", 1)}
UNDO_ABC = {f"{number}_{name}.sql": f"drop table {name}" for number, name in enumerate("abc", 1)}


def versions(migrations: tuple[Migration, ...]) -> list[str]:
    return [migration.version for migration in migrations]


def applied(connection: psycopg.Connection) -> list[str]:
    return [version for version, _, _ in ledger(connection)]


def test_role_is_no_superuser(connection: psycopg.Connection) -> None:
    row = connection.execute(
        "select current_user::text, rolsuper from pg_roles where rolname = current_user"
    ).fetchone()
    assert row == (MIGRATOR, False)


def test_up_applies_everything_once(connection: psycopg.Connection, project: Project) -> None:
    history = project(ABC)
    assert up(connection, history) == history
    assert tables(connection) == {"a", "b", "c"}
    assert up(connection, history) == ()


def test_ledger_keeps_versions_names_and_statements(connection: psycopg.Connection, project: Project) -> None:
    up(connection, project({"1_a.sql": "-- why\nselect 1;\n\nselect 2;\n-- end", "2_.sql": ""}))
    assert ledger(connection) == [("1", "a", ["-- why\nselect 1", "select 2", "-- end"]), ("2", "", [])]


def test_up_to_a_version_stops_there(connection: psycopg.Connection, project: Project) -> None:
    history = project(ABC)
    assert versions(up(connection, history, to="2")) == ["1", "2"]
    assert versions(up(connection, history, to="2")) == []
    assert versions(up(connection, history)) == ["3"]


def test_up_to_before_the_first_applies_nothing_and_makes_no_ledger(
    connection: psycopg.Connection, project: Project
) -> None:
    assert up(connection, project(ABC), to=BEFORE_FIRST) == ()
    assert connection.execute("select to_regnamespace('supabase_migrations')").fetchone() == (None,)


def test_unknown_version_is_refused_with_the_nearest(connection: psycopg.Connection, project: Project) -> None:
    history = project({"20240101000000_a.sql": "select 1"})
    with pytest.raises(UsageError) as caught:
        up(connection, history, to="20240101000001")
    assert "20240101000000" in caught.value.remedy
    with pytest.raises(UsageError):
        down(connection, history, to="20240101000000")


def test_down_reverts_the_newest_one(connection: psycopg.Connection, project: Project) -> None:
    history = project(ABC, UNDO_ABC)
    up(connection, history)
    assert versions(down(connection, history)) == ["3"]
    assert (tables(connection), applied(connection)) == ({"a", "b"}, ["1", "2"])


def test_down_to_a_version_stands_there(connection: psycopg.Connection, project: Project) -> None:
    history = project(ABC, UNDO_ABC)
    up(connection, history)
    assert versions(down(connection, history, to="1")) == ["3", "2"]
    assert (tables(connection), applied(connection)) == ({"a"}, ["1"])
    assert down(connection, history, to="1") == ()


def test_down_to_before_the_first_reverts_all_and_up_comes_back(
    connection: psycopg.Connection, project: Project
) -> None:
    history = project(ABC, UNDO_ABC)
    up(connection, history)
    assert versions(down(connection, history, to=BEFORE_FIRST)) == ["3", "2", "1"]
    assert (tables(connection), applied(connection)) == (set(), [])
    assert down(connection, history) == ()
    assert versions(up(connection, history)) == ["1", "2", "3"]


def test_version_0_of_a_project_is_a_version(connection: psycopg.Connection, project: Project) -> None:
    history = project({"0_a.sql": "create table a ()", **ABC, "1_a.sql": ""})
    assert versions(up(connection, history, to="0")) == ["0"]


def test_irreversible_migration_is_refused_with_its_reason_and_nothing_is_reverted(
    connection: psycopg.Connection, project: Project
) -> None:
    marked = {**ABC, "2_b.sql": "-- schemaproof: irreversible old rows are gone\ncreate table b ()"}
    history = project(marked, {name: text for name, text in UNDO_ABC.items() if name != "2_b.sql"})
    up(connection, history)
    with pytest.raises(UsageError) as caught:
        down(connection, history, to=BEFORE_FIRST)
    assert "old rows are gone" in caught.value.message
    assert applied(connection) == ["1", "2", "3"]
    assert versions(down(connection, history, to="2")) == ["3"]


def test_irreversible_migration_with_a_rollback_is_reverted_only_when_data_may_be_lost(
    connection: psycopg.Connection, project: Project
) -> None:
    history = project(
        {"1_a.sql": "-- schemaproof: irreversible rows are gone\ncreate table a ()"}, {"1_a.sql": "drop table a"}
    )
    up(connection, history)
    with pytest.raises(UsageError):
        down(connection, history)
    assert tables(connection) == {"a"}
    assert down(connection, history, lose_data=True) == history
    assert tables(connection) == set()


def test_migration_without_rollback_is_refused(connection: psycopg.Connection, project: Project) -> None:
    history = project(ABC)
    up(connection, history)
    with pytest.raises(UsageError) as caught:
        down(connection, history)
    assert "3_c.sql" in caught.value.message
    assert applied(connection) == ["1", "2", "3"]


def test_older_file_than_the_newest_applied_is_refused_unless_all_are_wanted(
    connection: psycopg.Connection, project: Project
) -> None:
    history = project(ABC)
    up(connection, (history[0], history[2]))
    with pytest.raises(UsageError) as caught:
        up(connection, history)
    assert "2_b.sql" in caught.value.message
    assert versions(up(connection, history, include_all=True)) == ["2"]


def test_applied_version_without_a_file_is_refused(connection: psycopg.Connection, project: Project) -> None:
    history = project(ABC, UNDO_ABC)
    up(connection, history)
    for move in (up, down):
        with pytest.raises(UsageError) as caught:
            move(connection, history[:2])
        assert "3 (c)" in caught.value.message


def test_failing_file_leaves_the_step_before_it(connection: psycopg.Connection, project: Project) -> None:
    history = project({**ABC, "2_b.sql": "create table b ();\n\n  create table b2 (id nosuch);\ncreate table b3 ()"})
    with pytest.raises(MigrationError) as caught:
        up(connection, history)
    error = caught.value
    assert (error.path, error.line, error.column, error.sqlstate) == (history[1].path, 3, 23, "42704")
    assert error.statement == "create table b2 (id nosuch)"
    assert (tables(connection), applied(connection)) == ({"a"}, ["1"])


def test_failing_rollback_leaves_its_migration_applied(connection: psycopg.Connection, project: Project) -> None:
    history = project(ABC, {**UNDO_ABC, "2_b.sql": "drop table b; drop table nosuch"})
    up(connection, history)
    with pytest.raises(MigrationError) as caught:
        down(connection, history, to=BEFORE_FIRST)
    assert (caught.value.path, caught.value.sqlstate) == (history[1].rollback, "42P01")
    assert (tables(connection), applied(connection)) == ({"a", "b"}, ["1", "2"])


@pytest.mark.parametrize(
    ("text", "line", "sqlstate"),
    [
        ("select 1;\ndo $$\nbegin\n  perform 1;\n  raise exception 'no' using errcode = 'SP001';\nend $$", 5, "SP001"),
        ("\ndo $x$ begin\n  perform 1;\n  perform nosuch();\nend $x$;", 4, "42883"),
        ("do 'begin\n  execute ''selec 1'';\nend';", 2, "42601"),
        ("select 1;\ndo $$\nbegin\n  garbage here;\nend $$;", 4, "42601"),
        ("create function f() returns int language plpgsql as $$\nbegin\n  garbage here;\nend $$", 3, "42601"),
        ("create function f() returns int language sql as $$\n  select 1;\n  select nosuch; $$", 3, "42703"),
        ("select 1;\n-- why\nselect\n  1 / 0;", 3, "22012"),
        ("create table a (i int);\ninsert into a\nvalues ('x');", 3, "22P02"),
        ("select 'é🙂';\ncreate table b (i int);\nselect j\n  from b", 3, "42703"),
    ],
)
def test_failure_names_the_line(
    connection: psycopg.Connection, project: Project, text: str, line: int, sqlstate: str
) -> None:
    with pytest.raises(MigrationError) as caught:
        up(connection, project({"1_a.sql": text}))
    assert (caught.value.line, caught.value.sqlstate) == (line, sqlstate)
    assert f"{line:>5} | {text.splitlines()[line - 1]}" in caught.value.message


def test_full_disk_is_the_servers_fault_and_undoes_the_file(connection: psycopg.Connection, project: Project) -> None:
    text = "create table a ();\ndo $$ begin raise disk_full; end $$"
    with pytest.raises(ServerError) as caught:
        up(connection, project({"1_a.sql": text}))
    assert "1_a.sql:2: 53100" in caught.value.message
    assert (caught.value.exit_code, tables(connection)) == (2, set())


def test_failure_keeps_what_the_server_says_besides(connection: psycopg.Connection, project: Project) -> None:
    text = "create table a (i int primary key); insert into a values (1), (1)"
    with pytest.raises(MigrationError) as caught:
        up(connection, project({"1_a.sql": text}))
    assert "DETAIL: Key (i)=(1) already exists." in caught.value.message


def test_deferred_constraint_undoes_the_file_and_the_connection_lives(
    connection: psycopg.Connection, project: Project
) -> None:
    history = project(
        {
            "1_a.sql": "create table a (i int primary key, j int references a deferrable initially deferred)",
            "2_b.sql": "insert into a values (1, 2)",
        }
    )
    with pytest.raises(MigrationError) as caught:
        up(connection, history)
    assert (caught.value.path, caught.value.sqlstate) == (history[1].path, "23503")
    assert applied(connection) == ["1"]
    assert connection.execute("select count(*) from a").fetchone() == (0,)


def test_deferred_constraint_holds_at_the_end_of_the_file_only(
    connection: psycopg.Connection, project: Project
) -> None:
    table = "create table a (i int primary key, j int references a deferrable initially deferred);"
    history = project({"1_a.sql": f"{table} insert into a values (1, 2); insert into a values (2, 1)"})
    assert up(connection, history) == history


def test_settings_of_a_file_do_not_reach_the_next_nor_the_caller(
    connection: psycopg.Connection, project: Project
) -> None:
    connection.execute("set search_path = pg_catalog, public")
    history = project(
        {
            "1_a.sql": "set search_path = ''; select set_config('app.x', 'y', false)",
            "2_b.sql": "create table public.seen as select current_setting('search_path') as path",
        }
    )
    up(connection, history)
    assert connection.execute("select path from public.seen").fetchone() == ("pg_catalog, public",)
    assert connection.execute("select current_setting('search_path')").fetchone() == ("pg_catalog, public",)


def test_role_that_a_file_gives_up_is_taken_on_again(database: Database, project: Project) -> None:
    """As with a superuser's session that SET ROLE made the migrator's."""
    history = project({"1_a.sql": "reset role; create table a ()", "2_b.sql": "set role none; create table b ()"})
    with database.connect() as connection:
        connection.execute(f"set role {MIGRATOR}")
        up(connection, history)
        query = "select distinct pg_get_userbyid(relowner)::text from pg_class where relname in ('a', 'b')"
        assert connection.execute(query).fetchall() == [(MIGRATOR,)]
        assert connection.execute("select current_user::text").fetchone() == (MIGRATOR,)


def test_role_that_a_file_takes_on_does_not_write_the_ledger_nor_run_the_next(
    database: Database, project: Project
) -> None:
    history = project({"1_a.sql": "set role helper", "2_b.sql": "create table b ()"})
    with database.connect() as connection:
        connection.execute(f"set role {MIGRATOR}")
        assert up(connection, history) == history
        assert connection.execute("select tableowner::text from pg_tables where tablename = 'b'").fetchone() == (
            MIGRATOR,
        )


def test_session_authorization_that_a_file_gives_up_is_taken_on_again(database: Database, project: Project) -> None:
    history = project({"1_a.sql": "set session authorization default; create table a ()"})
    with database.connect() as connection:
        connection.execute(f"set session authorization {MIGRATOR}")
        up(connection, history)
        assert connection.execute("select tableowner::text from pg_tables where tablename = 'a'").fetchone() == (
            MIGRATOR,
        )


def test_role_taken_on_in_a_failed_file_is_put_down(connection: psycopg.Connection, project: Project) -> None:
    with pytest.raises(MigrationError):
        up(connection, project({"1_a.sql": "begin; set local role helper; select 1/0; commit"}))
    assert connection.execute("select current_user::text").fetchone() == (MIGRATOR,)


def test_steps_are_told_before_and_after(connection: psycopg.Connection, project: Project) -> None:
    history = project(ABC, UNDO_ABC)
    told: list[Step] = []
    up(connection, history, on_step=told.append, to="2")
    down(connection, history, on_step=told.append)
    assert [(step.migration.version, step.action, step.seconds is None) for step in told] == [
        ("1", "apply", True),
        ("1", "apply", False),
        ("2", "apply", True),
        ("2", "apply", False),
        ("2", "revert", True),
        ("2", "revert", False),
    ]


def test_ledger_of_a_hosted_project_with_more_columns_is_used(connection: psycopg.Connection, project: Project) -> None:
    connection.execute("create schema supabase_migrations")
    connection.execute(
        """
        create table supabase_migrations.schema_migrations (
            version text not null primary key, statements text[], name text,
            created_by text, idempotency_key text unique, rollback text[]
        )
        """
    )
    connection.execute(
        "insert into supabase_migrations.schema_migrations values ('1', '{create table a ()}', 'a', 'me', 'k', null)"
    )
    history = project(ABC, UNDO_ABC)
    assert versions(up(connection, history)) == ["2", "3"]
    assert versions(down(connection, history, to="1")) == ["3", "2"]
    assert connection.execute("select version, created_by from supabase_migrations.schema_migrations").fetchall() == [
        ("1", "me")
    ]


def test_ledger_of_an_early_cli_is_completed(connection: psycopg.Connection, project: Project) -> None:
    connection.execute("create schema supabase_migrations")
    connection.execute("create table supabase_migrations.schema_migrations (version text not null primary key)")
    connection.execute("insert into supabase_migrations.schema_migrations values ('1')")
    assert versions(up(connection, project(ABC))) == ["2", "3"]
    assert ledger(connection)[:2] == [("1", None, None), ("2", "b", ["create table b ()"])]


def test_ledger_that_may_not_be_read_is_told(database: Database, project: Project) -> None:
    with database.connect() as superuser:
        superuser.execute("create schema supabase_migrations")
        superuser.execute("create table supabase_migrations.schema_migrations (version text primary key)")
    with database.connect(role=MIGRATOR) as connection, pytest.raises(ServerError) as caught:
        up(connection, project(ABC))
    assert "42501" in caught.value.message


def test_version_recorded_by_another_tool_meanwhile_undoes_the_file(
    connection: psycopg.Connection, project: Project
) -> None:
    insert = "insert into supabase_migrations.schema_migrations (version) values ('2')"
    with pytest.raises(MigrationError) as caught:
        up(connection, project({"1_a.sql": "create table a ()", "2_b.sql": f"create table b (); {insert}"}))
    assert caught.value.sqlstate == "23505"
    assert tables(connection) == {"a"}


def test_carriage_returns_reach_function_bodies_as_they_stand(connection: psycopg.Connection, project: Project) -> None:
    up(connection, project({"1_a.sql": "create function f() returns int language sql as $$\r\nselect 1\r\n$$;\r\n"}))
    assert connection.execute("select prosrc from pg_proc where proname = 'f'").fetchone() == ("\r\nselect 1\r\n",)


def test_byte_order_mark_is_no_syntax_error(connection: psycopg.Connection, project: Project) -> None:
    up(connection, project({"1_a.sql": b"\xef\xbb\xbfcreate table a ()"}))
    assert tables(connection) == {"a"}


def test_percent_signs_are_no_placeholders(connection: psycopg.Connection, project: Project) -> None:
    up(connection, project({"1_a.sql": "create table a as select '%s %(x)s %' as t where 'x' like '%x%'"}))
    assert connection.execute("select t from a").fetchone() == ("%s %(x)s %",)
