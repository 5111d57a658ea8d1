import psycopg
import pytest

from schemaproof.errors import UsageError
from schemaproof.migrations import MigrationError, check_syntax, up

from .conftest import Project, ledger, tables


def test_right_grammar_passes_and_nothing_is_executed(connection: psycopg.Connection, project: Project) -> None:
    history = project(
        {
            "1_a.sql": "create table a (); commit; create table b (); vacuum; create table c (x nosuch);",
            "2_b.sql": "begin; create table d (); commit",
            "3_c.sql": "create index concurrently x on a (id); rollback; end; create table e ()",
            "4_d.sql": "",
            "5_e.sql": "-- only a comment",
        }
    )
    check_syntax(connection, history)
    assert tables(connection) == set()
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("create table a (id int);\ncommit;\n\n  insert int a values (1);\n", 4, 10),
        ("-- zwölf 🙂\nselect 'ü', from;", 2, 13),
        ("select 1;\r\nselec 2;\r\n", 2, 1),
        ("create table a (id int", 1, 23),
        ("create function f() returns int language sql begin atomic\nselec 1; end", 2, 1),
        ("select 1; selec 2", 1, 11),
    ],
)
def test_wrong_grammar_is_told_with_its_place(
    connection: psycopg.Connection, project: Project, text: str, line: int, column: int
) -> None:
    history = project({"1_a.sql": text})
    with pytest.raises(MigrationError) as caught:
        check_syntax(connection, history)
    error = caught.value
    assert (error.path, error.line, error.column, error.sqlstate) == (history[0].path, line, column, "42601")
    assert error.exit_code == 1
    source, caret = error.message.splitlines()[1:3]
    assert source == f"{line:>5} | {text.splitlines()[line - 1]}"
    assert caret.index("^") == len("    1 | ") + column - 1


def test_wrong_grammar_in_a_rollback_is_told(connection: psycopg.Connection, project: Project) -> None:
    history = project({"1_a.sql": "select 1"}, {"1_a.sql": "drop tabel a"})
    with pytest.raises(MigrationError) as caught:
        check_syntax(connection, history)
    assert caught.value.path == history[0].rollback


def test_grammar_of_another_server_version_is_judged_by_this_server(
    connection: psycopg.Connection, project: Project
) -> None:
    """MERGE … RETURNING came with PostgreSQL 17."""
    history = project(
        {"1_a.sql": "create table a (i int); merge into a using a b on true when matched then delete returning 1;"}
    )
    if connection.info.server_version >= 170000:
        assert up(connection, history) == history
        return
    with pytest.raises(MigrationError) as caught:
        up(connection, history)
    assert caught.value.sqlstate == "42601"


def test_up_parses_all_files_before_the_first_runs(connection: psycopg.Connection, project: Project) -> None:
    history = project({"1_a.sql": "create table a ()", "2_b.sql": "create tabel b ()"})
    with pytest.raises(MigrationError) as caught:
        up(connection, history)
    assert caught.value.path == history[1].path
    assert (tables(connection), ledger(connection)) == (set(), [])


def test_psql_command_is_refused_before_anything_runs(connection: psycopg.Connection, project: Project) -> None:
    history = project({"1_a.sql": "create table a ()", "2_b.sql": "\\i other.sql"})
    with pytest.raises(MigrationError):
        up(connection, history)
    assert tables(connection) == set()


def test_shadowed_division_does_not_let_anything_run(connection: psycopg.Connection, project: Project) -> None:
    connection.execute("create function public.div(int, int) returns int language sql return 1")
    connection.execute("create operator public./ (function = public.div, leftarg = int, rightarg = int)")
    connection.execute("set search_path = public, pg_catalog")
    check_syntax(connection, project({"1_a.sql": "create table a ()"}))
    assert tables(connection) == set()


def test_connection_in_a_transaction_is_refused(connection: psycopg.Connection, project: Project) -> None:
    history = project({"1_a.sql": "select 1"})
    connection.execute("begin")
    with pytest.raises(UsageError):
        up(connection, history)
    connection.execute("rollback")
    connection.autocommit = False
    with pytest.raises(UsageError):
        check_syntax(connection, history)


def test_sql_ascii_connection_counts_characters_all_the_same(connection: psycopg.Connection, project: Project) -> None:
    connection.execute("set client_encoding to 'SQL_ASCII'")
    with pytest.raises(MigrationError) as caught:
        check_syntax(connection, project({"1_a.sql": "select 'üüü' selec selec"}))
    assert caught.value.column == 20
