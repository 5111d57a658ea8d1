"""What a piece of SQL refers to is read from its text: names, writes, who is asked."""

import pytest

from schemaproof.references import Name, parse_expression, refer, refer_plpgsql


def _function(body: str, *, returns: str = "void") -> str:
    return f"create function f() returns {returns} language plpgsql as $$ {body} $$"


def test_tables_are_named_as_written_and_ctes_are_none() -> None:
    found = refer("with t as (select * from public.a) select * from t join b on true where exists (select from s.c)")
    assert found.relations == {Name("public", "a"), Name(None, "b"), Name("s", "c")}
    assert found.written == frozenset()


@pytest.mark.parametrize(
    "statement",
    [
        "insert into public.a values (1)",
        "update public.a set x = 1",
        "delete from public.a",
        "merge into public.a using b on a.x = b.x when matched then delete",
        "with d as (delete from public.a returning *) select * from d",
    ],
)
def test_every_write_is_seen(statement: str) -> None:
    assert refer(statement).written == {Name("public", "a")}


def test_tables_that_a_text_makes_are_told_apart() -> None:
    assert refer("create temporary table t as select * from a; insert into t select * from a").made == {"t"}
    assert refer("create temporary table t (x int)").made == {"t"}


@pytest.mark.parametrize("expression", ["current_user", "session_user", "current_role"])
def test_words_for_the_caller_are_seen(expression: str) -> None:
    assert refer(f"select {expression}").asks_who
    assert not refer("select current_date").asks_who


def test_plpgsql_is_read_in_conditions_assignments_loops_and_defaults() -> None:
    body = """
        declare a int := s.one(); r record;
        begin
            if s.two() > 0 then a := s.three(); end if;
            for r in select * from s.rows loop perform s.four(r.x); end loop;
            a = s.five(a);
        end
    """
    found = refer_plpgsql(_function(body))
    assert {name.name for name in found.calls} == {"one", "two", "three", "four", "five"}
    assert found.relations == {Name("s", "rows")}
    assert found.readable
    assert not found.dynamic
    assert not found.raises


def test_raise_of_an_error_and_dynamic_text_are_seen() -> None:
    assert refer_plpgsql(_function("begin raise exception 'no'; end")).raises
    assert not refer_plpgsql(_function("begin raise notice 'yes'; end")).raises
    assert refer_plpgsql(_function("begin execute 'select 1'; end")).dynamic


def test_what_cannot_be_parsed_is_said_to_be_unread() -> None:
    assert not refer("this is no SQL").readable
    assert not refer_plpgsql("create function f() returns int language plpgsql as $$ begin retur 1 end $$").readable
    assert parse_expression("(") is None
