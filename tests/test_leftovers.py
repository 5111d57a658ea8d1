"""What a run leaves when it is killed: nothing that is secret, and no database that the next run does not drop."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from psycopg import sql

from schemaproof.config import load_target
from schemaproof.database import PREFIX, Database, unique_name
from schemaproof.leftovers import Claim, drop_leftovers, new_run
from schemaproof.platform import load_platform
from schemaproof.server import Server, ServerSpec, open_server
from schemaproof.session import attach, open_session
from tests.command import hearing_signals

CHECK = ("-m", "schemaproof", "check", "--dsn")
XDIST = ("-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "suites", "--pg-dsn")
# Says that it runs, and waits to be told to end.
SUITE = """
import time
from pathlib import Path

def test_waits(fresh_db, sampled_db):
    Path("runs").touch()
    while not Path("ends").exists():
        time.sleep(0.02)
    with fresh_db.connect() as connection:
        assert connection.execute("select count(*) from public.clinics").fetchone() == (0,)
"""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def staying() -> Iterator[Server]:
    """A server that runs name by a DSN."""
    platform = load_platform("supabase")
    with open_server(ServerSpec(extensions=platform.extensions)) as server:
        with server.connect() as connection:
            platform.create_roles(connection)
            connection.execute("create database other_maintenance")
        yield server


@pytest.fixture
def project(clinic: Path) -> Path:
    """A project whose suite waits."""
    (clinic / "suites").mkdir()
    (clinic / "suites" / "test_own.py").write_text(SUITE)
    settings = clinic / "schemaproof.toml"
    settings.write_text('suites = "suites"\n' + settings.read_text())
    return clinic


@pytest.fixture
def start(project: Path, tmp_path: Path) -> Iterator[Start]:
    """Start a process in the project and wait until its suite runs; whatever is left of it is killed at the end."""
    processes = []
    (tmp_path / "temporary").mkdir()

    def run(*arguments: str) -> "subprocess.Popen[str]":
        with hearing_signals():
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=project,
                env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        processes.append(process)
        eventually((project / "runs").exists)
        return process

    yield run
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def eventually(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, "the condition did not come to hold"
        time.sleep(0.05)


def names(server: Server) -> set[str]:
    with server.connect() as connection:
        return {name for (name,) in connection.execute("select datname::text from pg_database")}


def own(server: Server) -> set[str]:
    return {name for name in names(server) if name.startswith(PREFIX)}


def check(project: Path, dsn: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, *CHECK, dsn, "--only", "build"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("command", [CHECK, XDIST], ids=["check", "xdist"])
def test_next_run_drops_what_a_killed_one_left(
    staying: Server, project: Path, start: Start, command: tuple[str, ...]
) -> None:
    process = start(*command, staying.loopback_conninfo())
    left = own(staying)
    assert len({name.split("_")[1] for name in left}) == 1
    assert len({name.split("_")[2] for name in left}) > 1, "the workers have processes of their own"

    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert own(staying) >= left

    done = check(project, staying.loopback_conninfo("other_maintenance"))
    assert (done.returncode, done.stderr) == (0, "")
    os.killpg(process.pid, signal.SIGKILL)  # the suites' process is an orphan
    assert not left & own(staying)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_run_that_is_told_to_end_drops_its_databases(
    staying: Server, project: Path, start: Start, number: signal.Signals
) -> None:
    before = own(staying)
    process = start(*CHECK, staying.loopback_conninfo())
    assert own(staying) > before

    os.kill(process.pid, number)

    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 128 + number
    assert own(staying) == before


def test_interrupt_that_is_taken_for_an_error_ends_the_run_too(staying: Server, project: Path, start: Start) -> None:
    """As psycopg takes one between two savepoints; here the sample data's loader does."""
    (project / "loader.py").write_text(
        "import os, signal, psycopg\n"
        "def load(connection):\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "        connection.execute('select pg_sleep(5)')\n"
        "    except KeyboardInterrupt:\n"
        "        open('runs', 'w').close()\n"
        "        raise psycopg.ProgrammingError('nested out of order')\n"
    )
    settings = project / "schemaproof.toml"
    settings.write_text(settings.read_text().replace('"sample.sql"', '"loader:load"'))
    (project / "report.txt").write_text("yesterday's")
    process = start(*CHECK, staying.loopback_conninfo(), "-o", "report.txt")
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 128 + signal.SIGTERM
    assert (project / "report.txt").read_text() == "yesterday's"
    assert own(staying) == set()


def test_two_runs_at_once_on_one_server_do_each_other_no_harm(staying: Server, project: Path, start: Start) -> None:
    first = start(*CHECK, staying.loopback_conninfo())
    running = own(staying)

    done = check(project, staying.loopback_conninfo("other_maintenance"))

    assert (done.returncode, done.stderr) == (0, "")
    assert own(staying) == running
    (project / "ends").touch()
    output, _ = first.communicate(timeout=60)
    assert first.returncode == 0, output
    assert not own(staying) & running


@pytest.mark.parametrize(
    ("command", "named"), [(CHECK, True), (CHECK[:-1], False), (XDIST, True)], ids=["dsn", "started", "xdist"]
)
def test_run_writes_no_password_and_a_killed_one_leaves_no_file(
    staying: Server, start: Start, tmp_path: Path, command: tuple[str, ...], named: bool
) -> None:
    process = start(*command, *([staying.loopback_conninfo()] if named else []))
    temporary, password = tmp_path / "temporary", (staying.password or "").encode()
    files = [path for path in temporary.rglob("*") if path.is_file()]
    assert password
    assert not any(password in path.read_bytes() for path in files)

    os.kill(process.pid, signal.SIGKILL)

    eventually(lambda: not list(temporary.glob("schemaproof*")))


@pytest.fixture
def databases(staying: Server) -> Iterator[Callable[[str], str]]:
    """Make databases by name; they are gone after the test."""
    made = []

    def make(name: str) -> str:
        with staying.connect() as connection:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        made.append(name)
        return name

    yield make
    with staying.connect() as connection:
        for name in made:
            connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


def test_only_names_that_a_run_makes_are_taken_for_leftovers(staying: Server, databases: Callable[[str], str]) -> None:
    left = {databases(unique_name(kind, run=new_run())) for kind in ("template", "x" * 90, "")}
    others = {databases(f"{PREFIX}{tail}") for tail in ("notes", "notes_1", "0123abcd_notes_1", "0123abcg_1_notes_1")}
    others |= {databases(f"my_{PREFIX}0123abcd_1_notes_1"), databases(f"{PREFIX}0123abcd_1_notes_1_old")}

    drop_leftovers(staying)

    assert not left & names(staying)
    assert others <= names(staying)


@pytest.mark.parametrize("run", ["00000000", "7fffffff", "80000000", "ffffffff"])
def test_claimed_runs_databases_stay_until_it_ends(staying: Server, databases: Callable[[str], str], run: str) -> None:
    name = databases(unique_name("template", run=run))
    claim = Claim(staying, run)
    drop_leftovers(staying)
    assert name in names(staying)

    claim.close()

    assert name not in names(staying)


def test_leftover_that_cannot_be_dropped_stops_nothing(staying: Server, databases: Callable[[str], str]) -> None:
    name, other = (databases(unique_name("template", run=new_run())) for _ in range(2))
    with staying.connect(name) as connection:
        connection.execute("set client_min_messages = error")
        connection.execute("create subscription s connection '' publication p with (connect = false, slot_name = none)")
    drop_leftovers(staying)
    assert name in names(staying)
    assert other not in names(staying)
    with staying.connect(name) as connection:
        connection.execute("drop subscription s")
    drop_leftovers(staying)
    assert name not in names(staying)


def test_process_that_joins_a_run_names_its_databases_after_it_and_drops_only_those(
    staying: Server, clinic: Path
) -> None:
    target = load_target(clinic)
    with open_session(target, ServerSpec(kind="dsn", dsn=staying.loopback_conninfo())) as owner:
        owners = owner.base()
        joined = attach(owner.handle(), target)
        theirs = joined.fresh()
        assert theirs.name.split("_")[1] == owners.name.split("_")[1] == owner.run
        joined.close()
        assert theirs.name not in names(staying)
        assert owners.name in names(staying)
        Database.create(staying, unique_name("killed", run=owner.run))
    assert not {name for name in names(staying) if owner.run in name}
