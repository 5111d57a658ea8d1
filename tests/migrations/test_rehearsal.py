import psycopg
import pytest

from schemaproof.errors import UsageError
from schemaproof.migrations import MigrationError, Step, rehearse, status, up

from .conftest import Project, ledger, tables


def test_rehearsal_runs_everything_and_leaves_nothing(connection: psycopg.Connection, project: Project) -> None:
    history = project({"1_a.sql": "create table a (i int)", "2_b.sql": "insert into a values (1)"})
    told: list[Step] = []
    assert rehearse(connection, history, on_step=told.append) == history
    assert [step.migration.version for step in told if step.seconds is not None] == ["1", "2"]
    assert (tables(connection), ledger(connection)) == (set(), [])
    assert connection.execute("select to_regnamespace('supabase_migrations')").fetchone() == (None,)
    assert up(connection, history) == history


def test_rehearsal_meets_the_data_that_is_there(connection: psycopg.Connection, project: Project) -> None:
    history = project({"1_a.sql": "create table a (i int)", "2_b.sql": "select 1;\nalter table a add primary key (i)"})
    up(connection, history, to="1")
    connection.execute("insert into a values (1), (1)")
    with pytest.raises(MigrationError) as caught:
        rehearse(connection, history)
    assert (caught.value.path, caught.value.line, caught.value.sqlstate) == (history[1].path, 2, "23505")
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert [each.state for each in status(connection, history)] == ["applied", "pending"]


@pytest.mark.parametrize("text", ["create index concurrently x on a (i)", "begin; commit", "vacuum"])
def test_rehearsal_names_what_cannot_be_rehearsed_and_runs_nothing(
    connection: psycopg.Connection, project: Project, text: str
) -> None:
    history = project({"1_a.sql": "create table a (i int)", "2_b.sql": f"\n{text}"})
    told: list[Step] = []
    with pytest.raises(UsageError) as caught:
        rehearse(connection, history, on_step=told.append)
    assert "2_b.sql" in caught.value.message
    assert "line 2" in caught.value.message
    assert told == []


def test_rehearsal_says_when_its_one_transaction_may_be_to_blame(
    connection: psycopg.Connection, project: Project
) -> None:
    history = project(
        {
            "1_a.sql": "create type e as enum ('a')",
            "2_b.sql": "alter type e add value 'b'",
            "3_c.sql": "create table t as select 'b'::e as e",
        }
    )
    up(connection, history, to="1")
    with pytest.raises(MigrationError) as caught:
        rehearse(connection, history)
    assert caught.value.sqlstate == "55P04"
    assert "dry run" in caught.value.remedy
    assert len(up(connection, history)) == 2


def test_rehearsal_checks_deferred_constraints_at_the_end(connection: psycopg.Connection, project: Project) -> None:
    table = "create table a (i int primary key, j int references a deferrable initially deferred)"
    whole = {"1_a.sql": table, "2_b.sql": "insert into a values (1, 2); insert into a values (2, 1)"}
    assert len(rehearse(connection, project(whole))) == 2
    with pytest.raises(MigrationError) as caught:
        rehearse(connection, project({**whole, "3_c.sql": "insert into a values (3, 4)"}))
    assert caught.value.sqlstate == "23503"
    assert tables(connection) == set()


def test_rehearsal_resets_settings_between_files(connection: psycopg.Connection, project: Project) -> None:
    history = project({"1_a.sql": "set search_path = ''", "2_b.sql": "create table a ()"})
    assert rehearse(connection, history) == history
    assert tables(connection) == set()
