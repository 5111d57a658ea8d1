"""Roles belong to the whole server: a target that makes some gets servers of its own, or is refused, or cleans up."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg import sql

from schemaproof.checks import select_checks
from schemaproof.config import load_target
from schemaproof.errors import ServerError, UsageError
from schemaproof.results import Results
from schemaproof.run import run_checks
from schemaproof.server import Server, ServerSpec, open_server
from schemaproof.session import attach, open_session
from tests.installed import needs_system

DESK = Path(__file__).parent / "schemas" / "desk"
MEMBERSHIP = """
create role desk_user nologin;
grant desk_user to authenticator;
create schema desk;
grant usage on schema desk to desk_user;
"""
# The platform opens what is made in `public`, which is a finding of its own.
CLOSING, OPENING = (
    "".join(
        f"alter default privileges in schema public {verb} all on {kind} {whom} anon, authenticated, service_role;\n"
        for kind in ("tables", "sequences", "functions")
    )
    for verb, whom in (("revoke", "from"), ("grant", "to"))
)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A copy of the healthy schema whose first migration makes a role."""
    return Path(shutil.copytree(DESK, tmp_path / "desk"))


@pytest.fixture(scope="module")
def staying() -> Iterator[Server]:
    """A server that runs name by a DSN."""
    with open_server(ServerSpec(superuser="keeper")) as server:
        yield server


def check(folder: Path, spec: ServerSpec | None = None, *, create_roles: bool = False) -> Results:
    with open_session(load_target(folder), spec or ServerSpec(), create_roles=create_roles) as session:
        return run_checks(session, select_checks([]), lambda _: None)


def roles(server: Server) -> set[str]:
    with server.connect() as connection:
        return {name for (name,) in connection.execute("select rolname from pg_roles where rolname !~ '^pg_'")}


def databases(server: Server) -> set[str]:
    with server.connect() as connection:
        return {name for (name,) in connection.execute("select datname from pg_database")}


def proved(results: Results) -> dict[str, tuple[str, dict[str, int]]]:
    return {found.name: (found.status, dict(found.proved)) for found in results.checks}


@pytest.mark.parametrize("kind", ["embedded", pytest.param("system", marks=needs_system)])
def test_schema_that_makes_its_role_is_proved_up_and_down(desk: Path, kind: str) -> None:
    spec = ServerSpec(kind="embedded" if kind == "embedded" else "system")
    results = check(desk, spec)
    assert results.findings == []
    assert proved(results)["stairway"] == ("passed", {"steps": 2})
    assert proved(results)["row_security"] == ("passed", {"tables": 1})


def test_role_that_a_rollback_leaves_behind_is_found(desk: Path) -> None:
    (desk / "rollbacks" / "1_roles.sql").write_text("drop schema desk;")
    assert [found.key for found in check(desk).findings] == ["stairway:1:role:desk_user"]


def test_role_of_a_project_on_supabase_is_proved_up_and_down(desk: Path) -> None:
    path = desk / "schemaproof.toml"
    path.write_text(path.read_text().replace('"plain"', '"supabase"'))
    (desk / "migrations" / "1_roles.sql").write_text(MEMBERSHIP + CLOSING)
    undo = desk / "rollbacks" / "1_roles.sql"
    undo.write_text(undo.read_text() + OPENING)
    results = check(desk)
    assert results.findings == []
    assert proved(results)["stairway"] == ("passed", {"steps": 2})


def test_platform_plain_runs_migrations_as_the_superuser_postgres(desk: Path) -> None:
    (desk / "migrations" / "1_roles.sql").write_text(
        "create table who as select current_user::text, rolsuper from pg_roles where rolname = current_user;"
        "create role desk_user; create schema desk; grant usage on schema desk to desk_user;"
    )
    with open_session(load_target(desk), ServerSpec()) as session, session.fresh().connect() as connection:
        assert connection.execute("select * from who").fetchall() == [("postgres", True)]


def test_database_to_start_over_in_is_on_a_server_of_its_own_and_clones_are_not(desk: Path) -> None:
    with open_session(load_target(desk), ServerSpec()) as session:
        base, fresh = session.base(), session.fresh()
        assert (base.server is session.server, fresh.server is session.server) == (False, True)
        assert ("desk_user" in roles(base.server), "desk_user" in roles(session.server)) == (False, True)
        directory = base.server.run_directory
        assert directory is not None
        assert directory.exists()
        session.drop(base)
        assert not directory.exists()


def test_process_that_joins_starts_over_on_a_server_of_its_own_too(desk: Path) -> None:
    with open_session(load_target(desk), ServerSpec()) as session:
        with attach(session.handle(), load_target(desk)) as joined:
            assert joined.schemas == session.schemas == ("public", "desk")
            directory = joined.base().server.run_directory
            assert directory is not None
        assert not directory.exists()
        assert "desk_user" in roles(session.server)


def test_target_that_makes_no_role_starts_over_on_the_runs_server(clinic: Path) -> None:
    with open_session(load_target(clinic), ServerSpec()) as session:
        assert session.base().server is session.server


def test_named_server_is_not_given_roles_unasked(desk: Path, staying: Server) -> None:
    spec = ServerSpec(kind="dsn", dsn=staying.loopback_conninfo())
    before = roles(staying), databases(staying)
    with pytest.raises(UsageError, match="desk_user") as refusal:
        check(desk, spec)
    assert "--create-roles" in refusal.value.remedy
    assert (roles(staying), databases(staying)) == before


def test_roles_made_on_a_named_server_are_gone_afterwards(desk: Path, staying: Server) -> None:
    spec = ServerSpec(kind="dsn", dsn=staying.loopback_conninfo())
    before = roles(staying), databases(staying)
    results = check(desk, spec, create_roles=True)
    assert results.findings == []
    assert proved(results)["stairway"][0] == "not_applicable"
    assert (roles(staying), databases(staying)) == before


def test_role_that_cannot_be_dropped_from_a_named_server_is_told(desk: Path, staying: Server) -> None:
    spec = ServerSpec(kind="dsn", dsn=staying.loopback_conninfo())
    session = open_session(load_target(desk), spec, create_roles=True)
    session.template_name()
    with staying.connect() as connection:
        connection.execute("create database held owner desk_user")
        with pytest.raises(ServerError, match="desk_user"):
            session.close()
        connection.execute("drop database held")
        connection.execute("drop role desk_user")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("alter role keeper set statement_timeout = '3s'", "keeper"),
        ("create role keeper", "already"),
        ("do $$ begin execute format('create role %I', 'x'); end $$", "not named"),
    ],
)
def test_roles_of_a_named_server_are_never_changed(desk: Path, staying: Server, statement: str, said: str) -> None:
    spec = ServerSpec(kind="dsn", dsn=staying.loopback_conninfo())
    (desk / "migrations" / "3_more.sql").write_text(f"{statement};")
    (desk / "rollbacks" / "3_more.sql").write_text("select 1;")
    with pytest.raises(UsageError, match=said):
        open_session(load_target(desk), spec, create_roles=True)


def test_roles_that_a_dump_names_are_made_bare_and_only_on_a_server_of_ones_own(
    tmp_path: Path, staying: Server
) -> None:
    path = tmp_path / "dump.sql"
    path.write_text(
        "create table a (); grant create on schema public to boss; alter table a owner to boss;"
        "grant select on a to reader;"
    )
    target = load_target(tmp_path, migrations=path, platform="supabase")
    with open_session(target, ServerSpec()) as session, session.fresh().connect() as connection:
        query = "select relowner::regrole::text from pg_class where oid = 'a'::regclass"
        assert connection.execute(query).fetchone() == ("boss",)
        attributes = "select rolsuper or rolbypassrls or rolcanlogin from pg_roles where rolname in ('boss', 'reader')"
        assert connection.execute(attributes).fetchall() == [(False,), (False,)]
    plain = load_target(tmp_path, migrations=path, platform="plain")
    spec = ServerSpec(kind="dsn", dsn=staying.loopback_conninfo())
    with pytest.raises(UsageError, match="boss, reader"):
        open_session(plain, spec)
    before = roles(staying)
    with open_session(plain, spec, create_roles=True) as session:
        session.template_name()
        assert roles(staying) == before | {"boss", "reader"}
    assert roles(staying) == before


def test_server_of_its_own_is_refused_where_the_server_is_named(desk: Path, staying: Server) -> None:
    spec = ServerSpec(kind="dsn", dsn=staying.loopback_conninfo())
    with open_session(load_target(desk), spec, create_roles=True) as session:
        assert not session.can_start_over
        with pytest.raises(UsageError):
            session.base()


def test_platforms_roles_are_known_without_a_server(supabase_server: Server) -> None:
    from schemaproof.platform import load_platform

    held = load_platform("supabase").holdings
    assert set(held.roles) == roles(supabase_server)
    with supabase_server.connect() as connection:
        for role in set(held.roles) - set(held.services):
            statement = sql.SQL("select pg_has_role('postgres', {}, 'usage')").format(sql.Literal(role))
            assert connection.execute(statement).fetchone() == (True,), role
