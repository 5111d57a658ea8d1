"""`schemaproof check` on a single file: a dump builds what was dumped, and what it cannot say is told."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from schemaproof.catalogue import Catalogue, compare, render, take_catalogue
from schemaproof.config import load_target
from schemaproof.errors import UsageError
from schemaproof.migrations import LEDGER_SCHEMA
from schemaproof.server import ServerSpec
from schemaproof.session import Session, open_session
from tests.installed import needs_system

SCHEMAS = Path(__file__).parent / "schemas"
KINDS = ["embedded", pytest.param("system", marks=needs_system)]
ROWS = """
    insert into desk.tickets (tenant_id, body)
    select gen_random_uuid(), E'\\\\.\\n\\tz;''--/*$$\\r ü ' || i from generate_series(1, 50) as i
"""


@pytest.fixture(scope="module", params=KINDS)
def spec(request: pytest.FixtureRequest) -> ServerSpec:
    return ServerSpec(kind=request.param)


@pytest.fixture(scope="module")
def desk(spec: ServerSpec) -> Iterator[Session]:
    with open_session(load_target(SCHEMAS / "desk"), spec) as session:
        yield session


def dump(
    session: Session, path: Path, arguments: Sequence[str] = (), *, rows: str = "", program: str = "pg_dump"
) -> Path:
    """Dump a migrated database."""
    database = session.fresh()
    if rows:
        with database.connect() as connection:
            connection.execute(rows)
    assert session.server.bin_dir is not None
    command = [str(session.server.bin_dir / program), *arguments, "--dbname", database.conninfo(), "--file", str(path)]
    subprocess.run(command, check=True, env=session.server.client_environment())
    session.drop(database)
    return path


def catalogue(session: Session) -> Catalogue:
    """What is in a migrated database, but for the ledger."""
    database = session.fresh()
    with database.connect() as connection:
        found = take_catalogue(connection)
    session.drop(database)
    ledger = {key for key, value in found.objects.items() if value.get("schema") == LEDGER_SCHEMA}
    return Catalogue({key: value for key, value in found.objects.items() if key not in ledger})


def without_global_default_privileges(found: Catalogue) -> Catalogue:
    kept = {
        key: value for key, value in found.objects.items() if key.kind != "default privileges" or value.get("schema")
    }
    assert len(kept) < len(found.objects), "there are none to leave out"
    return Catalogue(kept)


def schemaproof(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "schemaproof", *arguments]
    return subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize(
    "arguments",
    [(), ("--create",), ("--clean", "--if-exists"), ("--clean",), ("--quote-all-identifiers",), ("--inserts",)],
    ids=" ".join,
)
def test_dump_with_rows_builds_what_was_dumped(
    desk: Session, spec: ServerSpec, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    path = dump(desk, tmp_path / "dump.sql", arguments, rows=ROWS)
    with open_session(load_target(tmp_path, migrations=path, platform="plain"), spec) as session:
        assert render(compare(catalogue(desk), catalogue(session))) == ""
        with session.fresh().connect() as connection:
            bodies = connection.execute("select body from desk.tickets order by ticket_id").fetchall()
        assert bodies == [(f"\\.\n\tz;'--/*$$\r ü {number}",) for number in range(1, 51)]


def test_cluster_dump_builds_the_database_with_its_roles(desk: Session, spec: ServerSpec, tmp_path: Path) -> None:
    database = desk.fresh()
    with database.connect() as connection:
        connection.execute("alter role desk_user connection limit 7")
    keep = {database.name, "postgres", "template1"}
    assert desk.server.bin_dir is not None
    with desk.server.connect() as connection:
        names = {name for (name,) in connection.execute("select datname from pg_database where datallowconn")}
    others = [f"--exclude-database={name}" for name in sorted(names - keep)]
    path = tmp_path / "all.sql"
    command = [str(desk.server.bin_dir / "pg_dumpall"), *others, "--dbname", database.conninfo(), "--file", str(path)]
    subprocess.run(command, check=True, env=desk.server.client_environment())
    with open_session(load_target(tmp_path, migrations=path, platform="plain"), spec) as session:
        assert render(compare(catalogue(desk), catalogue(session))) == ""


def test_dump_of_a_newer_server_loads_on_an_older_one(tmp_path: Path) -> None:
    with open_session(load_target(SCHEMAS / "desk"), ServerSpec(kind="embedded")) as newer:
        path = dump(newer, tmp_path / "dump.sql")
    target = load_target(tmp_path, migrations=path, platform="plain")
    with open_session(target, _system_or_skip()) as session:
        assert session.schemas == ("public", "desk")


def _system_or_skip() -> ServerSpec:
    from tests.installed import open_or_skip

    spec = ServerSpec(kind="system")
    open_or_skip(spec).close()
    return spec


@pytest.mark.parametrize(
    "arguments",
    [("--schema-only",), (), ("--schema=public",), ("--schema-only", "--create")],
    ids=" ".join,
)
def test_dump_of_a_supabase_project_builds_what_was_dumped(
    clinic: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with open_session(load_target(clinic), ServerSpec()) as session:
        path = dump(session, tmp_path / "dump.sql", arguments)
        before = catalogue(session)
    if "--schema=public" in arguments:  # pg_dump leaves out what belongs to no schema
        before = without_global_default_privileges(before)
    with open_session(load_target(tmp_path, migrations=path, platform="supabase"), ServerSpec()) as session:
        assert render(compare(before, catalogue(session))) == ""


def test_default_privileges_of_the_platform_open_nothing_that_a_dump_leaves_shut(clinic: Path, tmp_path: Path) -> None:
    with open_session(load_target(clinic), ServerSpec()) as session:
        path = dump(session, tmp_path / "dump.sql", ("--schema-only", "--schema=public"))
        without = dump(session, tmp_path / "bare.sql", ("--schema-only", "--schema=public", "--no-privileges"))
    query = "select has_table_privilege('anon', 'public.visits', 'truncate')"
    for file, opened in ((path, False), (without, True)):
        with (
            open_session(load_target(tmp_path, migrations=file, platform="supabase"), ServerSpec()) as session,
            session.fresh().connect() as connection,
        ):
            assert connection.execute(query).fetchone() == (opened,)


def test_check_proves_a_file_and_tells_what_it_passed_over(clinic: Path, tmp_path: Path) -> None:
    with open_session(load_target(clinic), ServerSpec()) as session:
        dump(session, tmp_path / "20250131_clinic.sql", ("--schema-only",))
    done = schemaproof(tmp_path, "check", "--migrations", "20250131_clinic.sql", "--format", "json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["target"]["versions"]) == (0, ["20250131"])
    statuses = {check["name"]: check["status"] for check in document["checks"]}
    assert {statuses[name] for name in ("build", "ledger", "row_security", "privileges")} == {"passed"}
    assert statuses["stairway"] == "not_applicable"
    assert "schemaproof keeps the ledger itself" in done.stderr
    assert "CREATE SCHEMA auth" not in done.stderr


def test_finding_of_a_dump_names_its_line(clinic: Path, tmp_path: Path) -> None:
    path = clinic / "migrations" / "3_visits.sql"
    path.write_text(
        path.read_text() + "grant truncate on visits to anon;\nalter table visits disable row level security;\n"
    )
    with open_session(load_target(clinic), ServerSpec()) as session:
        text = dump(session, tmp_path / "dump.sql", ("--schema-only",)).read_text()
    done = schemaproof(tmp_path, "check", "--migrations", "dump.sql", "--format", "json")
    found = {each["check"]: each for each in json.loads(done.stdout)["findings"]}
    lines = text.splitlines()
    assert lines[found["row_security"]["line"] - 1] == "CREATE TABLE public.visits ("
    assert "ON TABLE public.visits TO anon" in lines[found["privileges"]["line"] - 1]


@pytest.mark.parametrize(
    ("text", "sqlstate", "said"),
    [
        ("create table a (id uuid default extensions.gen_random_uuid());", "3F000", "--platform supabase"),
        ("create table a (id int); create table a (id int);", "42P07", "--schema="),
        (
            "create table a (id int primary key); create table b (id int references a);\ncopy b from stdin;\n1\n\\.\n",
            "23503",
            "--schema-only",
        ),
    ],
)
def test_what_cannot_be_built_is_a_finding_with_its_remedy(tmp_path: Path, text: str, sqlstate: str, said: str) -> None:
    (tmp_path / "schema.sql").write_text(text)
    arguments = ("check", "--migrations", "schema.sql", "--platform", "plain", "--format", "json")
    done = schemaproof(tmp_path, *arguments)
    (found,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, found["check"], found["key"]) == (1, "build", f"build:schema.sql:{sqlstate}")
    assert said in found["remedy"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check", "--migrations", "nowhere.sql"), "nowhere.sql"),
        (("check", "--migrations", "empty.sql"), "no statement"),
        (("check", "--migrations", "custom.dump"), "pg_restore"),
        (("check", "--migrations", "."), "<digits>_<name>.sql"),
        (("check", "--migrations", "schema.sql", "--rollbacks", "."), "rollback"),
        (("migrate", "status", "--migrations", "schema.sql"), "folder"),
        (("migrate", "up", "--migrations", "schema.sql"), "folder"),
    ],
)
def test_what_is_no_schema_exits_2_with_what_to_do(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "schema.sql").write_text("create table a ();")
    (tmp_path / "empty.sql").write_text("")
    (tmp_path / "custom.dump").write_bytes(b"PGDMP\x01\x0f")
    done = schemaproof(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_settings_may_name_a_file_and_then_no_rollbacks(tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text("create table a ();")
    settings = tmp_path / "schemaproof.toml"
    settings.write_text('migrations = "schema.sql"\nplatform = "plain"')
    target = load_target(tmp_path)
    assert (target.is_file, [each.version for each in target.history]) == (True, ["0"])
    settings.write_text('migrations = "schema.sql"\nrollbacks = "rollbacks"')
    with pytest.raises(UsageError):
        _ = load_target(tmp_path).history


def test_fingerprint_of_a_file_changes_with_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    prints = set()
    for row in ("1", "2"):
        path.write_text(f"create table a (i int);\ncopy a from stdin;\n{row}\n\\.\n")
        prints.add(load_target(tmp_path, migrations=path).fingerprint())
    assert len(prints) == 2


def test_dump_as_the_supabase_cli_rewrites_it_builds(tmp_path: Path) -> None:
    """All names are quoted, and the comments that pg_dump writes before its entries are gone."""
    (tmp_path / "dump.sql").write_text(
        """
        SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;
CREATE EXTENSION IF NOT EXISTS "pg_net" WITH SCHEMA "extensions";
COMMENT ON SCHEMA "public" IS 'standard public schema';
CREATE EXTENSION IF NOT EXISTS "pg_graphql" WITH SCHEMA "graphql";
CREATE EXTENSION IF NOT EXISTS "pg_stat_statements" WITH SCHEMA "extensions";
CREATE EXTENSION IF NOT EXISTS "supabase_vault" WITH SCHEMA "vault";
CREATE TABLE IF NOT EXISTS "public"."a" ("id" "uuid" DEFAULT "extensions"."uuid_generate_v4"() NOT NULL);
ALTER TABLE "public"."a" OWNER TO "postgres";
ALTER PUBLICATION "supabase_realtime" OWNER TO "postgres";
GRANT USAGE ON SCHEMA "public" TO "anon";
GRANT ALL ON TABLE "public"."a" TO "service_role";
ALTER DEFAULT PRIVILEGES FOR ROLE "postgres" IN SCHEMA "public" GRANT ALL ON TABLES TO "anon";
RESET ALL;
"""
    )
    target = load_target(tmp_path, migrations=tmp_path / "dump.sql", platform="supabase")
    with open_session(target, ServerSpec()) as session, session.fresh().connect() as connection:
        query = (
            "select has_table_privilege(role, 'public.a', 'select') from unnest(array['anon', 'service_role']) as role"
        )
        assert connection.execute(query).fetchall() == [(False,), (True,)]
        assert session.schemas == ("public",)
