"""The platform that gives nothing: its superuser, and the extensions beside a server of schemaproof's own."""

from pathlib import Path

from schemaproof.config import load_target
from schemaproof.server import ServerSpec
from schemaproof.session import open_session
from tests.platform.statements import sqlstate, value


def project(folder: Path, text: str) -> Path:
    (folder / "migrations").mkdir()
    (folder / "schemaproof.toml").write_text('platform = "plain"\nmigrations = "migrations"\n')
    (folder / "migrations" / "20240101000000_only.sql").write_text(text)
    return folder


def test_migrations_name_postgres_and_make_extensions(tmp_path: Path) -> None:
    folder = project(
        tmp_path,
        'create extension if not exists "uuid-ossp"; create extension vector; create schema app;\n'
        "create table app.notes (id uuid primary key default uuid_generate_v4(), embedding vector(3));\n"
        "create index on app.notes using hnsw (embedding vector_cosine_ops) with (m = 16);\n"
        "alter table app.notes owner to postgres; grant all on schema app to postgres;\n",
    )
    with open_session(load_target(folder), ServerSpec()) as session:
        with session.scratch(session.fresh) as database, database.connect() as connection:
            assert value(connection, "select current_user::text") == "postgres"
            assert sqlstate(connection, "insert into app.notes (embedding) values ('[1,2,3]')") is None
        emulated = {part.name for part in session.parts()}
        assert "vector" in emulated
        assert "pgcrypto" not in emulated


def test_roles_create_what_postgresql_lets_them_and_no_more(tmp_path: Path) -> None:
    """What makes postgres_fdw trusted is of the other platform."""
    folder = project(tmp_path, "create role worker login; create schema app authorization worker;")
    with (
        open_session(load_target(folder), ServerSpec()) as session,
        session.scratch(session.fresh) as database,
        database.connect() as connection,
    ):
        connection.execute("set role worker")
        assert sqlstate(connection, "create extension postgres_fdw schema app") == "42501"


def test_nothing_but_the_superuser_is_there(tmp_path: Path) -> None:
    with (
        open_session(load_target(project(tmp_path, "select 1;")), ServerSpec()) as session,
        session.scratch(session.fresh) as database,
        database.connect() as connection,
    ):
        roles = connection.execute("select rolname::text from pg_roles where rolname !~ '^pg_'").fetchall()
        assert roles == [("postgres",)]
        assert value(connection, "select count(*) from pg_extension") == 1
        assert session.parts() == ()
