"""What runs in which transaction: measured with Supabase CLI 3.1.0, so that both give the same verdict."""

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.migrations import MigrationError, down, up
from schemaproof.migrations.plan import plan

from .conftest import Project, ledger, tables


@pytest.mark.parametrize(
    "text",
    [
        "create table a (i int); create index concurrently a_idx on a (i); insert into a values (1)",
        "create table a (i int); create unique\n index  CONCURRENTLY a_idx on a (i)",
        "create table a (i int); create index a_idx on a (i); -- why\nreindex (verbose) table concurrently a",
        "create table a (i int); create index a_idx on a (i); drop index concurrently a_idx",
        "create table a (i int); vacuum a; vacuum(analyze) a;",
        "create table a (i int primary key); cluster a using a_pkey; cluster",
        "create table a (i int); do $$ begin insert into a values (1); commit; end $$",
        "create table a (i int); create procedure p() language plpgsql as $$ begin commit; end $$; call p()",
        "begin; create table a (i int); commit; insert into a values (1)",
        "start transaction; create table a (i int); end; vacuum a",
        "create table b (i int); rollback; create table a (i int)",
        "-- pg-delta: transaction=false\ncreate table a (i int); vacuum a",
        "begin; create table a (i int); savepoint s; drop table a; rollback to s; release s; commit",
        "set local lock_timeout = '4s'; create table a (i int)",
    ],
)
def test_supabase_cli_accepts_it_and_so_do_we(connection: psycopg.Connection, project: Project, text: str) -> None:
    up(connection, project({"1_a.sql": text}))
    assert "a" in tables(connection)
    assert [version for version, _, _ in ledger(connection)] == ["1"]


@pytest.mark.parametrize(
    ("sqlstate", "text"),
    [
        (
            "25001",
            "create table a (i int) partition by range (i); create table a1 partition of a for values from (0) to (1); "
            "alter table a detach partition a1 concurrently",
        ),
        ("25001", "create table a (i int); create /* c */ index concurrently a_idx on a (i)"),
        ("25001", "create table a (); create database other"),
        ("25P01", "create table a (); savepoint s; drop table a; rollback to s"),
        ("25P01", "create table a (); lock table a"),
        ("25P01", "create table a (); declare c cursor for select 1"),
    ],
)
def test_supabase_cli_refuses_it_in_a_pipeline_and_so_do_we(
    connection: psycopg.Connection, project: Project, text: str, sqlstate: str
) -> None:
    with pytest.raises(MigrationError) as caught:
        up(connection, project({"1_a.sql": text}))
    assert caught.value.sqlstate == sqlstate
    assert (tables(connection), ledger(connection)) == (set(), [])


def test_file_that_leaves_a_transaction_open_is_refused(connection: psycopg.Connection, project: Project) -> None:
    """The Supabase CLI calls this a success, and both table and ledger entry are lost."""
    with pytest.raises(MigrationError) as caught:
        up(connection, project({"1_a.sql": "begin;\ncreate table a ();\n"}))
    assert (caught.value.line, caught.value.sqlstate) == (2, "25001")
    assert (tables(connection), ledger(connection)) == (set(), [])


def test_failure_behind_a_lone_statement_tells_what_stays(connection: psycopg.Connection, project: Project) -> None:
    text = "create table a (i int);\ncreate index concurrently x on a (i);\ncreate table b ();\nselect 1/0"
    with pytest.raises(MigrationError) as caught:
        up(connection, project({"1_a.sql": text}))
    assert (caught.value.line, caught.value.sqlstate) == (4, "22012")
    assert "line 2 cannot run inside a transaction" in caught.value.remedy
    assert (tables(connection), ledger(connection)) == ({"a"}, [])


def test_failure_in_one_transaction_claims_no_leftovers(connection: psycopg.Connection, project: Project) -> None:
    with pytest.raises(MigrationError) as caught:
        up(connection, project({"1_a.sql": "create table a (); select 1/0"}))
    assert caught.value.remedy == ""


def test_failed_concurrent_index_is_told_to_be_left_invalid(connection: psycopg.Connection, project: Project) -> None:
    text = "create unique index concurrently x on a (i)"
    with pytest.raises(MigrationError) as caught:
        up(connection, project({"1_a.sql": "create table a as select 1 as i union all select 1", "2_b.sql": text}))
    assert caught.value.sqlstate == "23505"
    assert "INVALID" in caught.value.remedy
    assert connection.execute("select indisvalid from pg_index where indexrelid = 'x'::regclass").fetchone() == (False,)


def test_failure_in_a_transaction_of_the_files_own_is_undone_to_its_begin(
    connection: psycopg.Connection, project: Project
) -> None:
    with pytest.raises(MigrationError):
        up(connection, project({"1_a.sql": "create table a (); begin; create table b (); select 1/0; commit"}))
    assert tables(connection) == {"a"}
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_rollback_runs_concurrently_too(connection: psycopg.Connection, project: Project) -> None:
    history = project(
        {"1_a.sql": "create table a (i int); create index x on a (i)"},
        {"1_a.sql": "drop index concurrently x; drop table a"},
    )
    up(connection, history)
    assert down(connection, history) == history
    assert (tables(connection), ledger(connection)) == (set(), [])


def test_alter_system_runs_alone(database: Database, project: Project) -> None:
    with database.connect() as superuser:
        up(superuser, project({"1_a.sql": "select 1; alter system set work_mem = '5MB'; alter system reset work_mem"}))
        assert [version for version, _, _ in ledger(superuser)] == ["1"]


def test_enum_value_used_in_the_file_that_adds_it_is_refused(connection: psycopg.Connection, project: Project) -> None:
    history = project(
        {
            "1_a.sql": "create type e as enum ('a')",
            "2_b.sql": "alter type e add value 'b';\nselect 'b'::e",
        }
    )
    with pytest.raises(MigrationError) as caught:
        up(connection, history)
    assert (caught.value.line, caught.value.sqlstate) == (2, "55P04")


@pytest.mark.parametrize(
    ("text", "atomic"),
    [
        ("select 1", True),
        ("", True),
        ("savepoint a; rollback to a; rollback work to savepoint a", True),
        ("rollback", False),
        ("select 1; abort", False),
        ("prepare transaction 'x'", False),
        ("comment on table a is 'begin; commit'", True),
        ("-- pg-delta: transaction=false\r\nselect 1", False),
        ("\n-- pg-delta: transaction=false\nselect 1", True),
        ("create index concurrently_idx on a (i)", True),
        ("vacuumx", True),
    ],
)
def test_plan_tells_whether_a_file_is_one_transaction(project: Project, text: str, atomic: bool) -> None:
    assert plan(project({"1_a.sql": text})[0].script).atomic is atomic
