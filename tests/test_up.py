"""`schemaproof up`: a database for a person, as the one who pastes its lines meets it."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemaproof.server import Server
from tests.command import hearing_signals, schemaproof
from tests.installed import needs_container

NOTES = """
create table notes (note_id int primary key, owner text not null, body text not null);
alter table notes enable row level security;
grant select on notes to public;
create policy own on notes using (owner = current_setting('app.owner', true));
"""

Up = Callable[..., tuple[subprocess.Popen[str], dict[str, Any]]]


@pytest.fixture
def up() -> Iterator[Up]:
    """Start `schemaproof up` in a folder, and return it with what it prints once it is open."""
    processes = []

    def start(folder: Path, *arguments: str) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        with hearing_signals():
            process = subprocess.Popen(
                [sys.executable, "-m", "schemaproof", "up", "--format", "json", *arguments],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        processes.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        return process, json.loads(line)

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def seats(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in told["identities"]}


def paste(seat: dict[str, Any], query: str) -> "subprocess.CompletedProcess[str]":
    """Run a seat's line as a person does, with a query."""
    return subprocess.run(
        ["sh", "-c", f'{seat["psql"]} -X -A -t -v ON_ERROR_STOP=1 -c "$1"', "sh", query],
        capture_output=True,
        text=True,
        check=False,
    )


def answer(seat: dict[str, Any], query: str) -> list[str]:
    done = paste(seat, query)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_each_line_opens_psql_as_its_identity(up: Up, clinic: Path) -> None:
    _, told = up(clinic)
    found = seats(told)

    assert list(found) == ["supabase_admin", "postgres", "service_role", "anon", "member of A", "member of B"]
    for name, role in (("postgres",) * 2, ("service_role",) * 2, ("anon",) * 2, ("member of A", "authenticated")):
        assert answer(found[name], "select current_user") == [role]
    assert answer(found["anon"], "show statement_timeout") == ["3s"]
    assert answer(found["member of A"], "show statement_timeout") == ["8s"]


def test_member_sees_the_own_tenants_rows_alone(up: Up, clinic: Path) -> None:
    _, told = up(clinic)
    found = seats(told)
    query = "select distinct clinic_id from public.patients order by 1"

    of_a, of_b = (answer(found[f"member of {name}"], query) for name in "AB")

    assert len(of_a) == len(of_b) == 1
    assert set(of_a) != set(of_b)
    assert {*of_a, *of_b} <= set(answer(found["service_role"], query))
    assert of_a[0] in found["member of A"]["keys"].values()


def test_url_is_for_programs(up: Up, clinic: Path) -> None:
    _, told = up(clinic)

    with psycopg.connect(told["url"]) as connection:
        assert connection.execute("select current_database(), current_user").fetchone() == (
            told["database"],
            "supabase_admin",
        )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_everything_is_gone_after_the_signal(up: Up, clinic: Path, number: signal.Signals) -> None:
    process, told = up(clinic)
    host = Path(psycopg.conninfo.conninfo_to_dict(_conninfo(told))["host"])  # type: ignore[arg-type]
    assert host.is_dir()

    process.send_signal(number)

    assert process.wait(30) == 128 + number
    assert not host.exists()
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()


def _conninfo(told: dict[str, Any]) -> str:
    return shlex.split(told["identities"][0]["psql"])[-1]


def test_rows_are_made_up_without_sample_data_and_it_says_so(up: Up, tmp_path: Path) -> None:
    (tmp_path / "1_notes.sql").write_text(NOTES)

    _, told = up(tmp_path, "--migrations", ".", "--platform", "plain")

    assert told["sampled"] is False
    owner = seats(told)["postgres"]
    assert int(*answer(owner, "select count(*) from notes")) >= 4
    assert len(answer(owner, "select distinct owner from notes")) >= 2


def test_text_tells_where_the_rows_are_from(tmp_path: Path) -> None:
    (tmp_path / "1_notes.sql").write_text(NOTES)
    with hearing_signals():
        process = subprocess.Popen(
            [sys.executable, "-m", "schemaproof", "up", "--migrations", ".", "--platform", "plain"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
        )
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    while lines[-1] and "Ctrl-C" not in lines[-1]:
        lines.append(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)

    assert "1 migration of" in lines[0]
    assert "made up" in lines[1]
    assert "DATABASE_URL=postgresql://" in lines[3]
    assert "Ctrl-C" in lines[-1]


def test_database_on_a_server_that_stays_is_dropped_and_the_password_not_shown(
    up: Up, plain_server: Server, tmp_path: Path
) -> None:
    (tmp_path / "1_notes.sql").write_text(NOTES)
    url = plain_server.loopback_conninfo()
    process, told = up(tmp_path, "--migrations", ".", "--platform", "plain", "--dsn", url)
    with plain_server.connect() as connection:
        assert _exists(connection, told["database"])

    process.send_signal(signal.SIGINT)
    process.wait(30)

    with plain_server.connect() as connection:
        assert not _exists(connection, told["database"])
    assert plain_server.password is not None
    assert plain_server.password not in json.dumps(told)


def _exists(connection: psycopg.Connection[Any], name: str) -> bool:
    return connection.execute("select from pg_database where datname = %s", [name]).fetchone() is not None


def test_password_with_odd_letters_reaches_a_container_from_the_shell(up: Up, clinic: Path) -> None:
    _, told = up(clinic, "--image", needs_container())

    assert answer(seats(told)["member of A"], "select current_user") == ["authenticated"]
    with psycopg.connect(told["url"]) as connection:
        assert connection.info.dbname == told["database"]


def test_refused_migration_is_told_and_nothing_stays_open(tmp_path: Path) -> None:
    (tmp_path / "1_notes.sql").write_text("create table notes (")

    done = schemaproof(tmp_path, "up", "--migrations", ".", "--platform", "plain")

    assert done.returncode == 1
    assert "1_notes.sql:1" in done.stderr


def test_server_that_ends_ends_the_command(up: Up, clinic: Path) -> None:
    process, told = up(clinic)
    host = Path(str(psycopg.conninfo.conninfo_to_dict(_conninfo(told))["host"]))
    pid = int((host.parent / "data" / "postmaster.pid").read_text().splitlines()[0])

    os.kill(pid, signal.SIGQUIT)

    assert process.wait(30) == 2
    assert process.stderr is not None
    assert "the server failed" in process.stderr.read()
