from pathlib import Path

import pytest
from pglast import parser

from schemaproof.migrations import MigrationError
from schemaproof.migrations.statement import _scan, _scanned_slices, recorded_form, split

FILE = Path("1_a.sql")

ATOMIC = "create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end"
ATOMIC_CASE = "create or replace procedure p() begin atomic select case x when 1 then case when y then 2 end end; end"
RULE = "create rule r as on insert to a do also (insert into b values (1); delete from c where x = ';')"
AWKWARD = (
    "create table a (id int)",
    "select ';', E'\\';', U&'\\003b', \"a;b\", $$;$$, $x$ ; $$ ; $x$, 'it''s;'",
    "select 1 /* one; /* two; */ three; */ + 1",
    "select 1 -- one; two\n + 1",
    ATOMIC,
    ATOMIC_CASE,
    RULE,
    "do $do$ begin perform 1; end; $do$",
    "create function g() returns trigger language plpgsql as 'begin return new; end;'",
    "select 'zwölf; 🙂' as \"schräg;\"",
    "select 'a'\n'b;c'",
    'create table t (begin int, "end" int)',
    "merge into a using b on true when matched then delete",
    "select B'01', X'1F', 1.5e3, 0x1F",
    "prepare p as select $1::int",
    "create policy p on a for select to public using ((select 1) = 1)",
    "end",
    "begin",
    "select a[1:2], b::text, 5 operator(pg_catalog.+) 3",
)


def join(statements: tuple[str, ...]) -> str:
    return ";\n".join(statements) + ";"


@pytest.mark.parametrize("sql", AWKWARD)
def test_awkward_statement_is_one_statement(sql: str) -> None:
    assert [each.sql for each in split(f"{sql};{sql}", FILE)] == [sql, sql]


def test_statements_are_cut_at_their_semicolons_only() -> None:
    assert tuple(each.sql for each in split(join(AWKWARD), FILE)) == AWKWARD


def test_scanner_cuts_as_the_parser_does() -> None:
    text = f"-- head\n{join(AWKWARD)}\n;; -- tail"
    assert list(_scanned_slices(text, _scan(text, FILE))) == list(parser.split(text, only_slices=True))


def test_statement_that_no_parser_knows_leaves_the_others_whole() -> None:
    text = f"create tbale x (a int);\n{ATOMIC};\n-- c;\n{RULE}"
    assert [(each.sql, each.line) for each in split(text, FILE)] == [
        ("create tbale x (a int)", 1),
        (ATOMIC, 2),
        (RULE, 4),
    ]


def test_line_is_that_of_the_first_token_and_not_of_the_comment_before_it() -> None:
    text = "\r\n-- é;\r\n/* a;\r\n b */ select 1;\r\n\r\n-- c\r\nselect\r\n2;;\r\nselect 3"
    assert [(each.line, each.sql) for each in split(text, FILE)] == [
        (4, "select 1"),
        (7, "select\r\n2"),
        (9, "select 3"),
    ]


def test_start_counts_characters() -> None:
    text = "-- ü🙂\nselect 'ß';\n select 2"
    assert [text[each.start : each.stop] for each in split(text, FILE)] == ["select 'ß'", "select 2"]


@pytest.mark.parametrize("text", ["", "\n", "-- only a comment", "/* ; */", ";;"])
def test_nothing_is_no_statement(text: str) -> None:
    assert split(text, FILE) == ()


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        ("select 1;\n\\d foo\n", 2, 1, "\\d"),
        ("\\connect other\nselect 1;", 1, 1, "\\connect"),
        ("select 1 \\gset x_\n", 1, 10, "\\gset"),
        ("select 1;\n  \\i other.sql", 2, 3, "\\i"),
    ],
)
def test_psql_command_is_refused_by_its_name(text: str, line: int, column: int, word: str) -> None:
    with pytest.raises(MigrationError) as caught:
        split(text, FILE)
    assert (caught.value.path, caught.value.line, caught.value.column) == (FILE, line, column)
    assert f"{word} is a command of psql" in caught.value.reason


def test_backslash_in_a_literal_is_no_psql_command() -> None:
    assert len(split(r"select '\d', $$\d$$, E'\\'; -- \d", FILE)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "select 1;\ncopy a from stdin;\n1\t2\n\\.\nselect 2;",
        "select 1;\ncopy a (x) from stdin with (format csv);\n1,'it\n\\.\n",
        "select 1;\nCOPY public.a FROM\n STDIN;",
        "select 1;\ncopy (select 1) to stdout;",
    ],
)
def test_copy_with_its_data_is_refused(text: str) -> None:
    with pytest.raises(MigrationError) as caught:
        split(text, FILE)
    assert caught.value.line == 2
    assert "COPY" in caught.value.reason


def test_copy_from_a_file_of_the_server_is_a_statement() -> None:
    assert len(split("copy a from '/srv/stdin'; copy a (stdin) from program 'true'", FILE)) == 2


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("select 1;\nselect 'abc", 2, 8), ("do $$ x", 1, 4), ("\n\nselect 1 /* x", 3, 10), ('select "a', 1, 8)],
)
def test_literal_without_end_is_refused_where_it_starts(text: str, line: int, column: int) -> None:
    with pytest.raises(MigrationError) as caught:
        split(text, FILE)
    assert (caught.value.line, caught.value.column, caught.value.sqlstate) == (line, column, "42601")


def test_recorded_form_is_what_the_supabase_cli_writes() -> None:
    """The expected list was read from the ledger after `supabase db push` of CLI 3.1.0."""
    text = """-- head comment
create table public.a (id int primary key); -- trailing on line

/* block; */ insert into public.a values (1);;
create function public.f() returns int language sql begin atomic select 1; select 2; end;
do $$ begin perform 1; end $$  ;

-- final comment
"""
    assert recorded_form(text, split(text, FILE)) == [
        "-- head comment\ncreate table public.a (id int primary key)",
        "-- trailing on line\n\n/* block; */ insert into public.a values (1)",
        "create function public.f() returns int language sql begin atomic select 1; select 2; end",
        "do $$ begin perform 1; end $$",
        "-- final comment",
    ]


def test_recorded_form_keeps_a_comment_before_the_semicolon_with_its_statement() -> None:
    text = "select 1 -- one; still\n ; select 2"
    assert recorded_form(text, split(text, FILE)) == ["select 1 -- one; still", "select 2"]


@pytest.mark.parametrize(
    ("text", "recorded"),
    [
        ("select 1; /* a */ ; -- b;\n/* c; */ ; ;\n", ["select 1", "/* a */", "-- b;\n/* c; */"]),
        ("/* a */ ; select 1 /* b /* c; */ ; */ ;", ["/* a */", "select 1 /* b /* c; */ ; */"]),
        ("select 1 -- last;", ["select 1 -- last"]),
        ("select 1 -- last;\n", ["select 1 -- last;"]),
        ("select 1; -- a;;; ;", ["select 1", "-- a;;;"]),
        ("select 1; -- a\u00a0\ufeff", ["select 1", "-- a"]),
        ("select 1; -- a\x1f", ["select 1", "-- a\x1f"]),
    ],
)
def test_recorded_form_ends_an_entry_at_every_semicolon_as_the_supabase_cli_does(
    text: str, recorded: list[str]
) -> None:
    assert recorded_form(text, split(text, FILE)) == recorded
