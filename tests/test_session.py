"""A session's server is one on which its proof would hold."""

from functools import partial
from pathlib import Path

import pytest
from psycopg import sql

from schemaproof.config import load_target
from schemaproof.errors import ServerError, UsageError
from schemaproof.migrations import status
from schemaproof.platform import load_platform
from schemaproof.server import ServerSpec, open_server
from schemaproof.session import open_session


def test_named_server_whose_postgres_is_a_superuser_is_refused_with_and_without_the_platforms_roles(
    clinic: Path,
) -> None:
    with open_server(ServerSpec(superuser="postgres")) as server, server.connect() as connection:
        spec = ServerSpec(kind="dsn", dsn=server.loopback_conninfo())
        for create_roles in (False, True):
            with pytest.raises(ServerError, match="postgres"):
                open_session(load_target(clinic), spec, create_roles=create_roles)
        for role in load_platform("supabase").missing_roles(connection):
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        with pytest.raises(ServerError, match="postgres"):
            open_session(load_target(clinic), spec)


def test_roles_of_a_named_server_are_created_only_when_asked_for(clinic: Path) -> None:
    with open_server(ServerSpec()) as server, server.connect() as connection:
        spec = ServerSpec(kind="dsn", dsn=server.loopback_conninfo())
        missing = load_platform("supabase").missing_roles(connection)
        with pytest.raises(UsageError, match="anon"):
            open_session(load_target(clinic), spec)
        assert load_platform("supabase").missing_roles(connection) == missing != ()
        open_session(load_target(clinic), spec, create_roles=True).close()
        assert load_platform("supabase").missing_roles(connection) == ()


def test_schemas_that_the_migrations_make_are_looked_at_without_settings(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "1_a.sql").write_text(
        """
        create schema "App b"; create table "App b".a (); create schema app; create schema empty;
        create schema gone; drop schema gone;
        create schema crypto; create extension pgcrypto schema crypto;
        create schema mixed; create extension citext schema mixed; create table mixed.a ();
        """
    )
    with open_session(load_target(tmp_path, migrations=folder, platform="plain"), ServerSpec()) as session:
        assert session.schemas == ("public", "App b", "app", "empty", "mixed")


def test_schemas_of_the_platform_are_not_the_projects(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "1_a.sql").write_text(
        "create schema app; create extension pgmq; create extension pg_cron; select pgmq.create('q');"
    )
    with open_session(load_target(tmp_path, migrations=folder, platform="supabase"), ServerSpec()) as session:
        assert session.schemas == ("public", "app")


def test_schemas_that_the_settings_name_are_taken_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "1_a.sql").write_text("create schema app; create schema other;")
    (tmp_path / "schemaproof.toml").write_text('migrations = "migrations"\nplatform = "plain"\nschemas = ["app"]')
    with open_session(load_target(tmp_path), ServerSpec()) as session:
        assert session.schemas == ("app",)


def test_project_without_public_has_only_its_own_schemas(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "1_a.sql").write_text("drop schema public; create schema app;")
    with open_session(load_target(tmp_path, migrations=folder, platform="plain"), ServerSpec()) as session:
        assert session.schemas == ("app",)


def test_a_revision_holds_the_migrations_up_to_it_and_no_others(clinic: Path) -> None:
    target = load_target(clinic)
    with open_session(target, ServerSpec()) as session:
        for number in (1, len(target.history), 0, 1):
            with session.scratch(partial(session.at, number)) as database, database.connect() as connection:
                applied = [found.version for found in status(connection, target.history) if found.state == "applied"]
                assert applied == [migration.version for migration in target.history[:number]]
