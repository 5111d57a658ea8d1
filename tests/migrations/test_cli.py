import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg
import pytest

from schemaproof.database import Database

from .conftest import MIGRATOR, fill, tables

Command = Callable[..., "subprocess.CompletedProcess[str]"]
FILES = {"1_a.sql": "create table a ()", "2_b.sql": "create table b ()"}
UNDO = {"1_a.sql": "drop table a", "2_b.sql": "drop table b"}


# What differs by the version of the server is tested without the command line.
pytestmark = [pytest.mark.usefixtures("server"), pytest.mark.parametrize("server", ["embedded"], indirect=True)]


def run(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "schemaproof", "migrate", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def command(tmp_path: Path, database: Database) -> Command:
    """Run `schemaproof migrate` on the database, in a project that has no settings."""
    fill(tmp_path / "migrations", FILES)
    fill(tmp_path / "rollbacks", UNDO)

    def on_database(*words: str) -> "subprocess.CompletedProcess[str]":
        return run(tmp_path, words[0], "--dsn", database.conninfo(MIGRATOR), "--migrations", "migrations", *words[1:])

    return on_database


def test_up_down_status_and_verify(command: Command, connection: psycopg.Connection) -> None:
    up = command("up")
    assert up.returncode == 0, up.stderr
    assert [line.split()[:2] for line in up.stdout.splitlines()] == [
        ["applied", "1_a.sql"],
        ["applied", "2_b.sql"],
        ["2", "migrations"],
    ]
    assert command("up").stdout == "nothing to apply\n"
    assert command("down").returncode == 0
    status = command("status")
    assert (status.returncode, [line.split() for line in status.stdout.splitlines()]) == (
        0,
        [["applied", "1", "a"], ["pending", "2", "b"]],
    )
    assert command("verify").returncode == 0
    assert command("down", "--to", "0").returncode == 0
    assert tables(connection) == set()


def test_edited_file_fails_status_and_verify(command: Command, tmp_path: Path) -> None:
    command("up")
    fill(tmp_path / "migrations", {"1_a.sql": "create table a (i int)"})
    status = command("status", "--format", "json")
    assert status.returncode == 1
    assert [(each["version"], each["state"]) for each in json.loads(status.stdout)["migrations"]] == [
        ("1", "edited"),
        ("2", "applied"),
    ]
    verify = command("verify", "--format", "json")
    assert verify.returncode == 1
    (mismatch,) = json.loads(verify.stdout)["mismatches"]
    assert (mismatch["version"], mismatch["kind"]) == ("1", "edited")
    assert "+create table a (i int);" in mismatch["diff"].splitlines()
    assert "+create table a (i int);" in command("verify").stdout.splitlines()


def test_refused_migration_is_exit_1_with_its_place(
    command: Command, tmp_path: Path, connection: psycopg.Connection
) -> None:
    fill(tmp_path / "migrations", {"2_b.sql": "select 1;\n  select nosuch;\n"})
    up = command("up")
    assert up.returncode == 1
    assert up.stderr.startswith("schemaproof: migrations/2_b.sql:2:10: 42703 ")
    assert up.stdout.splitlines()[-1].startswith("applied  1_a.sql")
    assert tables(connection) == {"a"}


def test_dry_run_executes_and_writes_nothing(command: Command, connection: psycopg.Connection) -> None:
    dry = command("up", "--dry-run")
    assert dry.returncode == 0
    assert dry.stdout.splitlines()[-1] == "2 migrations would be applied; the database is as it was"
    assert tables(connection) == set()


def test_wrong_version_is_exit_2(command: Command) -> None:
    up = command("up", "--to", "7")
    assert (up.returncode, up.stdout) == (2, "")
    assert "'7'" in up.stderr


@pytest.mark.parametrize("name", ["2024-01-01_x.sql", "1_again.sql"])
def test_what_is_wrong_with_the_files_is_told(command: Command, tmp_path: Path, name: str) -> None:
    fill(tmp_path / "migrations", {name: ""})
    up = command("up")
    assert up.returncode == (2 if name == "1_again.sql" else 0)
    assert name in up.stderr


def test_server_that_does_not_answer_is_exit_2_without_the_password(command: Command) -> None:
    up = command("up", "--dsn", "postgresql://u:s3cret@127.0.0.1:1/x")
    assert up.returncode == 2
    assert "s3cret" not in up.stdout + up.stderr
    assert "Traceback" not in up.stderr


def test_role_that_is_not_there_is_exit_2(command: Command) -> None:
    up = command("up", "--role", "nosuch")
    assert up.returncode == 2
    assert "nosuch" in up.stderr


def test_role_runs_the_migrations(tmp_path: Path, database: Database, connection: psycopg.Connection) -> None:
    fill(tmp_path / "migrations", {"1_a.sql": "create table a ()"})
    dsn = database.conninfo()
    up = run(tmp_path, "up", "--dsn", dsn, "--role", MIGRATOR, "--migrations", "migrations")
    assert up.returncode == 0, up.stderr
    query = "select tableowner::text from pg_tables where tablename = 'a'"
    assert connection.execute(query).fetchone() == (MIGRATOR,)


def test_database_url_is_read_only_when_a_dsn_is_asked_for(
    tmp_path: Path, database: Database, connection: psycopg.Connection
) -> None:
    fill(tmp_path / "migrations", FILES)
    environment = {"DATABASE_URL": database.conninfo(MIGRATOR), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    words = ("up", "--migrations", "migrations", "--platform", "plain")
    started = run(tmp_path, *words, "--server", "embedded", environment=environment)
    assert started.returncode == 0, started.stderr
    assert tables(connection) == set()
    assert run(tmp_path, *words, "--server", "dsn", environment=environment).returncode == 0
    assert tables(connection) == {"a", "b"}


def test_down_on_a_started_server_reverts_what_it_applied(tmp_path: Path) -> None:
    fill(tmp_path / "migrations", FILES)
    fill(tmp_path / "rollbacks", UNDO)
    down = run(tmp_path, "down", "--to", "0", "--migrations", "migrations")
    assert down.returncode == 0, down.stderr
    assert [line.split()[:2] for line in down.stdout.splitlines()] == [
        ["reverted", "2_b.sql"],
        ["reverted", "1_a.sql"],
        ["2", "migrations"],
    ]


def test_notices_of_the_server_are_shown(command: Command, tmp_path: Path) -> None:
    fill(tmp_path / "migrations", {"1_a.sql": "drop table if exists nosuch"})
    up = command("up")
    assert up.stderr == 'NOTICE: table "nosuch" does not exist, skipping\n'
