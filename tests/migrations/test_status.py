from pathlib import Path

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.migrations import Migration, read_migrations, status, up, verify

from .conftest import MIGRATOR, Project, fill, tables

FUNCTION = "create function f() returns int language sql as $$\n  select {};\n$$"


def kinds(connection: psycopg.Connection, history: tuple[Migration, ...]) -> list[tuple[str, str]]:
    return [(each.version, each.kind) for each in verify(connection, history)]


def states(connection: psycopg.Connection, history: tuple[Migration, ...]) -> list[tuple[str, str, str]]:
    return [(each.version, each.name, each.state) for each in status(connection, history)]


def test_without_a_ledger_all_is_pending_and_nothing_is_written(
    connection: psycopg.Connection, project: Project
) -> None:
    history = project({"1_a.sql": "select 1", "2_b.sql": "select 2"})
    assert states(connection, history) == [("1", "a", "pending"), ("2", "b", "pending")]
    assert verify(connection, history) == ()
    assert connection.execute("select to_regnamespace('supabase_migrations')").fetchone() == (None,)


def test_each_state_is_told(connection: psycopg.Connection, project: Project) -> None:
    history = project({f"{number}_m.sql": f"select {number}" for number in range(1, 6)})
    up(connection, (history[0], history[2], history[3]))
    kept = (*history[:3], history[4])
    assert states(connection, kept) == [
        ("1", "m", "applied"),
        ("2", "m", "out-of-order"),
        ("3", "m", "applied"),
        ("4", "m", "missing-file"),
        ("5", "m", "pending"),
    ]
    assert kinds(connection, kept) == [("2", "out-of-order"), ("4", "missing-file")]


def test_edited_file_is_named_with_a_diff(connection: psycopg.Connection, project: Project) -> None:
    up(connection, project({"1_a.sql": "create table a ();\n\ncreate table b (i int)", "2_c.sql": "select 1"}))
    edited = project({"1_a.sql": "create table a ();\n\ncreate table b (i bigint)"})
    (mismatch,) = verify(connection, edited)
    assert (mismatch.version, mismatch.kind, mismatch.path) == ("1", "edited", edited[0].path)
    assert mismatch.diff.splitlines()[0] == "--- 1 as applied"
    assert mismatch.diff.splitlines()[3:] == [
        " create table a ();",
        "-create table b (i int);",
        "+create table b (i bigint);",
    ]


@pytest.mark.parametrize(
    "edit",
    [
        "create  table a\n(\n);\r\n" + FUNCTION.format(1),
        "-- a comment\ncreate table a (); /* another; */ " + FUNCTION.format(1) + ";;\n-- end",
        "create table a ();" + FUNCTION.format(1).replace("\n", "\r\n"),
    ],
)
def test_white_space_and_comments_are_no_edit(connection: psycopg.Connection, project: Project, edit: str) -> None:
    up(connection, project({"1_a.sql": "create table a ();\n" + FUNCTION.format(1)}))
    assert kinds(connection, project({"1_a.sql": edit})) == []


@pytest.mark.parametrize(
    "edit",
    [
        "create table a ();\n" + FUNCTION.format(2),
        "create table a ();\n" + FUNCTION.format("1 -- one\n"),
        'create table "A" ();\n' + FUNCTION.format(1),
        "create table a ()",
        FUNCTION.format(1) + ";create table a ()",
        "create table a ();\n" + FUNCTION.format(1) + "; select 1",
        "",
        "create table a ();\n" + FUNCTION.format("' "),
        "create table a ( 'open",
    ],
)
def test_everything_else_is_an_edit(connection: psycopg.Connection, project: Project, edit: str) -> None:
    up(connection, project({"1_a.sql": "create table a ();\n" + FUNCTION.format(1)}))
    assert kinds(connection, project({"1_a.sql": edit})) == [("1", "edited")]


def test_statements_cut_by_another_tool_are_the_same(connection: psycopg.Connection, project: Project) -> None:
    history = project({"1_a.sql": "create table a (); -- one\ncreate table b ()"})
    up(connection, history)
    connection.execute(
        "update supabase_migrations.schema_migrations set statements = %s",
        (["create table a ();", "-- one\n", "create table b ();\n"],),
    )
    assert verify(connection, history) == ()


def test_entry_without_statements_cannot_be_compared_and_says_so(
    connection: psycopg.Connection, project: Project
) -> None:
    history = project({"1_a.sql": "select 1"})
    up(connection, history)
    connection.execute("update supabase_migrations.schema_migrations set statements = null, name = null")
    assert kinds(connection, history) == [("1", "unrecorded")]
    assert states(connection, history) == [("1", "a", "applied")]


def test_verify_needs_only_to_read(database: Database, project: Project) -> None:
    history = project({"1_a.sql": "create table a ()"})
    with database.connect(role=MIGRATOR) as connection:
        up(connection, history)
        connection.execute("set default_transaction_read_only = on")
        assert verify(connection, history) == ()
        assert states(connection, history) == [("1", "a", "applied")]
        assert tables(connection) == {"a"}


def test_byte_order_mark_and_restrict_lines_are_no_edit(connection: psycopg.Connection, tmp_path: Path) -> None:
    folder = fill(tmp_path / "migrations", {"1_a.sql": b"\xef\xbb\xbf\\restrict x\nselect 1;"})
    up(connection, read_migrations(folder))
    fill(folder, {"1_a.sql": "\\restrict y\nselect 1;"})
    assert verify(connection, read_migrations(folder)) == ()
