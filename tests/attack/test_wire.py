"""A probe is one round trip that the next one undoes; what it says comes as rows, counts and SQLSTATEs."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from schemaproof.attack.wire import Wire
from schemaproof.server import Server


@pytest.fixture
def connection(supabase_server: Server) -> Iterator["psycopg.Connection[Any]"]:
    """A transaction with a table of two rows."""
    with supabase_server.connect() as opened, opened.transaction(force_rollback=True):
        opened.execute("create temporary table t (id int primary key, body text)")
        opened.execute("insert into t values (1, 'one'), (2, null)")
        yield opened


@pytest.fixture
def wire(connection: "psycopg.Connection[Any]") -> Wire:
    """The wire of that transaction, at its mark."""
    made = Wire(connection)
    made.mark()
    return made


def test_rows_come_as_text_and_null_as_none(wire: Wire) -> None:
    answer = wire.run("select id, body from t order by id")
    assert (answer.rows, answer.count) == ((("1", "one"), ("2", None)), 2)


def test_write_is_counted_and_undone_by_the_next_run(wire: Wire) -> None:
    assert wire.run("delete from t").count == 2
    assert wire.run("select from t").count == 2


def test_after_looks_at_what_the_last_statement_left(wire: Wire) -> None:
    wire.run("delete from t where id = 1")
    assert wire.after("select id from t").rows == (("2",),)
    wire.back()
    assert wire.after("select id from t").count == 2


def test_error_is_its_sqlstate_with_the_constraint_that_it_is_about(wire: Wire) -> None:
    answer = wire.run("insert into t values (1, 'again')")
    assert (answer.sqlstate, answer.table, answer.constraint) == ("23505", "t", "t_pkey")
    assert wire.run("select from t").sqlstate is None


def test_error_that_a_function_raises_is_about_no_table(wire: Wire) -> None:
    answer = wire.run("do $$ begin raise unique_violation; end $$")
    assert (answer.sqlstate, answer.table) == ("23505", "")


def test_copy_out_gives_its_lines(wire: Wire) -> None:
    assert wire.run("copy (select id from t order by id) to stdout").rows == (("1",), ("2",))


def test_copy_in_takes_its_data(wire: Wire) -> None:
    assert wire.run("copy t (id, body) from stdin", data="3\tthree\n").count == 1
    assert wire.after("select body from t where id = 3").rows == (("three",),)


def test_copy_in_without_data_ends_in_an_error_and_the_wire_goes_on(wire: Wire) -> None:
    assert wire.run("copy t (id, body) from stdin").sqlstate == "57014"
    assert wire.run("copy t (id, body) from stdin", data="1\tone\n").sqlstate == "23505"
    assert wire.run("select from t").count == 2


def test_probes_are_counted(wire: Wire) -> None:
    wire.run("select 1")
    wire.after("select 2")
    assert wire.sent == 1


def test_lost_connection_is_an_error_and_no_denial(supabase_server: Server) -> None:
    lost = pytest.raises(psycopg.OperationalError, match="connection was lost by: select pg_terminate")
    with supabase_server.connect() as opened, lost:
        Wire(opened).after("select pg_terminate_backend(pg_backend_pid())")


ENDS = "select pg_terminate_backend(pg_backend_pid())"


def test_statement_that_ended_a_session_is_not_sent_to_another(supabase_server: Server) -> None:
    fatal: list[str] = []
    with supabase_server.connect() as opened, pytest.raises(psycopg.OperationalError):
        Wire(opened, fatal=fatal).after(ENDS)
    assert fatal == [ENDS]
    with supabase_server.connect() as opened:
        again = Wire(opened, fatal=fatal)
        assert again.after(ENDS).sqlstate == "57P01"
        assert again.after("select 1").rows == (("1",),)


def test_session_that_ends_after_an_answer_is_laid_to_what_was_answered(supabase_server: Server) -> None:
    fatal = ["select 2"]
    with supabase_server.connect() as opened, supabase_server.connect() as other:
        wire = Wire(opened, fatal=fatal)
        wire.after("select 1")
        other.execute("select pg_terminate_backend(%s, 5000)", [opened.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            wire.after("select 2")
    assert fatal == ["select 1"]


def test_session_that_is_found_ended_on_the_way_back_is_laid_to_the_last_statement(supabase_server: Server) -> None:
    fatal: list[str] = []
    with supabase_server.connect() as opened, supabase_server.connect() as other:
        wire = Wire(opened, fatal=fatal)
        wire.after("select 1")
        other.execute("select pg_terminate_backend(%s, 5000)", [opened.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            wire.back()
    assert fatal == ["select 1"]
