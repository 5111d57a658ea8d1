"""What psql alone understands is told from SQL, wherever SQL may hold the same characters."""

import pytest

from schemaproof.migrations.psql import Rows, read_psql


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_rows_of_a_copy_leave_their_lines_empty(newline: str) -> None:
    source = newline.join(("copy a from stdin;", "1\tx;'--", "\\N\t$$", "\\.", "select 1;", ""))
    found = read_psql(source)
    (rows,) = found.rows
    assert rows.text == newline.join(("1\tx;'--", "\\N\t$$", ""))
    assert found.text[: rows.place] == "copy a from stdin;"
    assert [line.strip() for line in found.text.split("\n")] == ["copy a from stdin;", "", "", "", "select 1;", ""]


def test_copy_without_rows_has_none() -> None:
    found = read_psql("copy a from stdin;\n\\.\nselect 1;")
    assert found.rows == [Rows(18, "")]
    assert found.text == "copy a from stdin;\n\nselect 1;"


def test_rows_end_with_the_file_as_in_psql() -> None:
    assert read_psql("copy a from stdin;\n1\n2").rows == [Rows(18, "1\n2")]


@pytest.mark.parametrize(
    "before",
    [
        "select ';copy a from stdin;';",
        "do $x$ begin perform ';'; end $x$;",
        "select E'\\';', U&'\\003b', \"a;\";",
        "/* ; /* ; */ copy a from stdin; */",
        "-- it's; $$\n",
        "select $1, a$b$c from t$;",
    ],
)
def test_copy_is_found_behind_what_looks_like_its_end(before: str) -> None:
    found = read_psql(f"{before}\n-- rows; of b\ncopy b (x) from STDIN with (format csv);\n1\n\\.\nselect 2;")
    assert [rows.text for rows in found.rows] == ["1\n"]
    assert found.text.endswith("csv);\n\n\nselect 2;")


@pytest.mark.parametrize(
    "source",
    [
        "create function f() returns void language plpgsql as $$\ncopy a from stdin;\n\\connect x\n$$;\nselect 1;",
        "select '\n\\restrict x\n';",
        "/*\n\\connect x\n*/ select 1;",
        "copy a from '/srv/stdin';\nselect 1;",
        "copy a to stdout;\nselect 1;",
        "select 'never ends;\ncopy a from stdin;\n1\n",
    ],
)
def test_what_is_no_command_stays(source: str) -> None:
    found = read_psql(source)
    assert (found.text, found.rows, found.commands) == (source, [], [])


def test_commands_of_a_dump_are_taken_out_with_their_lines_and_others_stay() -> None:
    found = read_psql('\\restrict k\nselect 1;\n\\unrestrict k\n\\connect "my db"\n\\c x\n\\i other.sql\n')
    assert found.commands == [(1, "restrict"), (3, "unrestrict"), (4, "connect"), (5, "c")]
    assert found.text == "\nselect 1;\n\n\n\n\\i other.sql\n"
