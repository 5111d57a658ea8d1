"""A single file stands for the migrations: what of it runs, what is passed over and told, what is refused."""

from pathlib import Path

import psycopg
import pytest

from schemaproof.errors import UsageError
from schemaproof.migrations import Folder, MigrationError, check_syntax, read_file, up, verify
from schemaproof.platform import Holdings, load_platform

from .conftest import tables

SUPABASE = load_platform("supabase").holdings
PLAIN = load_platform("plain").holdings
HEAD = "select pg_catalog.set_config('search_path', '', false);\n"


def read(folder: Path, content: str | bytes, *, name: str = "dump.sql", held: Holdings = SUPABASE) -> Folder:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(path, held)


def kept(folder: Folder) -> list[str]:
    return [statement.sql for statement in folder.migrations[0].statements]


def entry(name: str, kind: str, schema: str, sql: str, *, owner: str = "postgres", data: bool = False) -> str:
    """One entry as pg_dump writes it."""
    return f"--\n-- {'Data for ' * data}Name: {name}; Type: {kind}; Schema: {schema}; Owner: {owner}\n--\n\n{sql}\n\n\n"


@pytest.mark.parametrize(
    ("name", "version", "called"),
    [
        ("schema.sql", "0", "schema"),
        ("20250131120000_baseline.sql", "20250131120000", "baseline"),
        ("3.sql", "3", ""),
        ("2025-01-31.sql", "2025", "01-31"),
        ("dump", "0", "dump"),
    ],
)
def test_version_is_the_digits_of_the_name_or_0(tmp_path: Path, name: str, version: str, called: str) -> None:
    (migration,) = read(tmp_path, "select 1;", name=name).migrations
    assert (migration.version, migration.name, migration.undo) == (version, called, None)


def test_statements_keep_their_lines_whatever_is_taken_out(tmp_path: Path) -> None:
    text = "\\restrict x\n\nCREATE SCHEMA public;\ncopy a from stdin;\n1\n2\n\\.\n\\unrestrict x\ncreate table b ();\n"
    (migration,) = (folder := read(tmp_path, text)).migrations
    assert [(each.sql, each.line, each.rows) for each in migration.statements] == [
        ("copy a from stdin", 4, "1\n2\n"),
        ("create table b ()", 9, None),
    ]
    assert ["lines 1, 8" in note.reason for note in folder.notes] == [True, False]
    assert "line 3" in folder.notes[1].reason


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE SCHEMA public",
        'create schema if not exists "auth"',
        "DROP SCHEMA IF EXISTS public",
        "CREATE DATABASE app WITH TEMPLATE = template0",
        "ALTER DATABASE app OWNER TO postgres",
        "GRANT CONNECT ON DATABASE app TO anon",
        "SET client_encoding = 'LATIN1'",
        "SET transaction_timeout = 0",
        "COMMENT ON EXTENSION pgcrypto IS 'x'",
        "CREATE PUBLICATION supabase_realtime WITH (publish = 'insert')",
        "ALTER TABLE public.a OWNER TO supabase_admin",
        'ALTER FUNCTION public.f(a integer) OWNER TO "supabase_admin"',
        "ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO anon",
        "CREATE ROLE anon",
        "ALTER ROLE authenticator WITH NOSUPERUSER LOGIN",
        "GRANT anon TO authenticator WITH INHERIT FALSE GRANTED BY supabase_admin",
        "GRANT pg_monitor TO postgres WITH ADMIN OPTION",
        "GRANT SET ON PARAMETER log_lock_waits TO postgres",
    ],
)
def test_what_the_platform_has_is_passed_over(tmp_path: Path, statement: str) -> None:
    assert kept(read(tmp_path, f"{statement};\nselect 1;")) == ["select 1"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE SCHEMA app",
        "CREATE SCHEMA public_api",
        "SET client_encoding = 'UTF8'",
        "SET default_tablespace = ''",
        "CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA extensions",
        "CREATE PUBLICATION mine FOR ALL TABLES",
        "ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.a",
        "ALTER TABLE public.a OWNER TO postgres",
        "ALTER TABLE public.a OWNER TO authenticated",
        "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO anon",
        "CREATE ROLE app_user",
        "GRANT app_user TO authenticator",
        "GRANT ALL ON TABLE public.a TO anon",
        "DROP TABLE public.a",
    ],
)
def test_what_is_the_projects_runs(tmp_path: Path, statement: str) -> None:
    assert kept(read(tmp_path, f"{statement};\nselect 1;")) == [statement, "select 1"]


def test_of_the_platforms_schemas_only_what_a_project_puts_there_runs(tmp_path: Path) -> None:
    hook = "CREATE TRIGGER welcome AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.welcome()"
    policy = "CREATE POLICY own ON storage.objects USING (true)"
    rows = "COPY auth.users (id) FROM stdin"
    text = HEAD + "".join(
        (
            entry("pgsodium", "SCHEMA", "-", "CREATE SCHEMA pgsodium;", owner="supabase_admin"),
            entry("SCHEMA auth", "ACL", "-", "GRANT USAGE ON SCHEMA auth TO anon;"),
            entry(
                "uid()", "FUNCTION", "auth", "CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'select null';"
            ),
            entry("users", "TABLE", "auth", "CREATE TABLE auth.users (id uuid);\n\n\nSET default_tablespace = '';"),
            entry("users", "TABLE DATA", "auth", f"{rows};\n5\n\\.", data=True),
            entry(
                "schema_migrations", "TABLE DATA", "auth", "COPY auth.schema_migrations FROM stdin;\n1\n\\.", data=True
            ),
            entry("users welcome", "TRIGGER", "auth", f"{hook};"),
            entry("objects own", "POLICY", "storage", f"{policy};"),
            entry("t", "TRIGGER", "storage", hook.replace("public.", "storage.") + ";"),
            entry("objects", "ROW SECURITY", "storage", "ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;"),
            entry(
                "e",
                "EVENT TRIGGER",
                "-",
                "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION extensions.f();",
                owner="supabase_admin",
            ),
            entry(
                "schema_migrations",
                "TABLE",
                "supabase_migrations",
                "CREATE TABLE supabase_migrations.schema_migrations ();",
            ),
            entry("notes", "TABLE", "public", "CREATE TABLE public.notes ();"),
        )
    )
    expected = [HEAD.strip("; \n"), "CREATE SCHEMA pgsodium", "SET default_tablespace = ''", rows, hook, policy]
    assert kept(read(tmp_path, text)) == [*expected, "CREATE TABLE public.notes ()"]


def test_drops_that_clean_a_database_before_a_dump_are_passed_over(tmp_path: Path) -> None:
    text = f"{HEAD}ALTER TABLE ONLY public.a DROP CONSTRAINT a_pkey;\nDROP TABLE public.a;\nDROP SCHEMA app;\n" + entry(
        "app", "SCHEMA", "-", "CREATE SCHEMA app;"
    )
    assert kept(read(tmp_path, text, held=PLAIN)) == [HEAD.strip("; \n"), "CREATE SCHEMA app"]


def test_roles_that_are_named_and_not_made_are_told(tmp_path: Path) -> None:
    text = (
        "create role mine; create table a (); alter table a owner to boss; grant select on a to mine, app_user;\n"
        "create policy p on a to public, reader using (current_user <> 'x'); grant select on a to pg_monitor, anon;"
    )
    folder = read(tmp_path, text)
    assert folder.roles == {"boss", "app_user", "reader", "anon"}
    (note,) = folder.notes
    assert "app_user, boss, reader;" in note.reason


def test_dump_with_several_databases_is_refused(tmp_path: Path) -> None:
    one = "\\connect {0}\n" + HEAD + entry("a", "TABLE", "public", "CREATE TABLE public.a ();")
    empty = f"\\connect template1\n{HEAD}"
    assert kept(read(tmp_path, empty + one.format("x")))[-1] == "CREATE TABLE public.a ()"
    with pytest.raises(UsageError, match="2 databases"):
        read(tmp_path, empty + one.format("x") + one.format("y"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no statement"),
        (b"-- nothing\n;;\n", "no statement"),
        (b"CREATE SCHEMA public;", "no statement"),
        (b"select '\xe9';", "--encoding=UTF8"),
        (b"PGDMP\x01\x0f\x00", "pg_restore --file=schema.sql dump.sql"),
        (b"toc.dat\0\0\0", "pg_restore"),
        (b"\x1f\x8b\x08", "gunzip"),
        ("select 1;".encode("utf-16"), "UTF-16"),
        (b"select 1;\0", "NUL"),
    ],
)
def test_file_that_is_no_sql_is_refused_with_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(UsageError) as refusal:
        read(tmp_path, content)
    assert said in str(refusal.value)
    assert refusal.value.remedy
    assert refusal.value.exit_code == 2


def test_dump_in_the_directory_format_is_told_from_a_folder_of_migrations(tmp_path: Path) -> None:
    from schemaproof.migrations import read_folder

    (tmp_path / "toc.dat").write_bytes(b"PGDMP")
    with pytest.raises(UsageError) as refusal:
        read_folder(tmp_path)
    assert "pg_restore" in refusal.value.remedy


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_rows_are_loaded_and_the_ledger_holds_the_file(
    connection: psycopg.Connection, tmp_path: Path, mark: bytes
) -> None:
    text = (
        f"{HEAD}SET row_security = off;\r\nCREATE TABLE public.a (i int, t text);\r\n"
        "COPY public.a (i, t) FROM stdin;\r\n1\tz\\twölf;\r\n2\t\\N\r\n\\.\r\n"
        "ALTER TABLE public.a ADD PRIMARY KEY (i);\r\n"
    )
    history = read(tmp_path, mark + text.encode(), held=PLAIN).migrations
    check_syntax(connection, history)
    up(connection, history)
    assert connection.execute("select i, t from a order by i").fetchall() == [(1, "z\twölf;"), (2, None)]
    assert verify(connection, history) == ()


@pytest.mark.parametrize(
    ("rows", "sqlstate", "line"),
    [("1\tx\nb\tx\n", "22P02", 5), ("1\tx\n2\ty\n1\tz\n", "23505", 6), ("1\n", "22P04", 4)],
)
def test_row_that_is_refused_is_told_by_its_line_and_nothing_stays(
    connection: psycopg.Connection, tmp_path: Path, rows: str, sqlstate: str, line: int
) -> None:
    text = f"create table a (\n    i int primary key, t text);\ncopy a from stdin;\n{rows}\\.\n"
    history = read(tmp_path, text).migrations
    with pytest.raises(MigrationError) as refusal:
        up(connection, history)
    assert (refusal.value.sqlstate, refusal.value.line) == (sqlstate, line)
    assert rows.split("\n")[line - 4].expandtabs() in str(refusal.value).expandtabs()
    assert tables(connection) == set()


def test_rows_in_a_file_with_transactions_of_its_own_are_loaded(connection: psycopg.Connection, tmp_path: Path) -> None:
    text = "begin;\ncreate table a (i int);\ncopy a from stdin;\n1\n2\n\\.\ncommit;\nselect 1;"
    up(connection, read(tmp_path, text).migrations)
    assert connection.execute("select sum(i) from a").fetchone() == (3,)


def test_rows_larger_than_a_message_are_loaded(connection: psycopg.Connection, tmp_path: Path) -> None:
    rows = "".join(f"{number}\t{'ü' * 90}\n" for number in range(10_000))
    up(connection, read(tmp_path, f"create table a (i int, t text);\ncopy a from stdin;\n{rows}\\.\n").migrations)
    assert connection.execute("select count(*), sum(length(t)) from a").fetchone() == (10_000, 900_000)


def test_search_path_of_a_dump_holds_for_the_file_and_not_for_the_session(
    connection: psycopg.Connection, tmp_path: Path
) -> None:
    first = read(tmp_path, f"{HEAD}create table public.a ();").migrations
    up(connection, first)
    assert connection.execute("show search_path").fetchone() == ('"$user", public',)
    with pytest.raises(MigrationError) as refusal:
        up(connection, (*first, *read(tmp_path, f"{HEAD}create table b ();", name="1.sql").migrations))
    assert refusal.value.sqlstate == "3F000"


@pytest.mark.parametrize(("command", "line"), [("\\i other.sql", 2), ("\\set x 1", 2), ("\\.", 2)])
def test_other_commands_of_psql_are_refused_with_their_line(tmp_path: Path, command: str, line: int) -> None:
    (migration,) = read(tmp_path, f"select 1;\n{command}\n").migrations
    with pytest.raises(MigrationError) as refusal:
        _ = migration.statements
    assert (refusal.value.line, refusal.value.exit_code) == (line, 1)
