"""Two runners at once, and runners that are killed, as processes of their own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.errors import ServerError
from schemaproof.migrations import MigrationError, up
from schemaproof.migrations.lock import LOCK_KEY, exclusive
from tests.command import hearing_signals

from .conftest import MIGRATOR, Project, ledger, tables

SLOW = "create table slow (); select pg_sleep(60)"
SLEEPING = "select pid from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'"


@contextmanager
def runner(database: Database, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "schemaproof", "migrate", "up", "--dsn", database.conninfo(MIGRATOR)]
    with hearing_signals():
        process = subprocess.Popen(
            [*command, "--migrations", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder.parent,
        )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def await_one(connection: psycopg.Connection, query: str, *, found: bool = True) -> None:
    until = time.monotonic() + 20
    while (connection.execute(query).fetchone() is not None) is not found:
        assert time.monotonic() < until, query
        time.sleep(0.05)


def test_each_migration_runs_once_and_both_runners_end_well(
    database: Database, connection: psycopg.Connection, project: Project
) -> None:
    files = {f"{number}_m.sql": f"create table t{number} (); select pg_sleep(0.1)" for number in range(1, 7)}
    folder = project(files)[0].path.parent
    with runner(database, folder) as one, runner(database, folder) as other:
        outputs = [process.communicate(timeout=60) for process in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0], outputs
    assert [version for version, _, _ in ledger(connection)] == list("123456")
    assert sorted(stdout.splitlines()[-1] for stdout, _ in outputs) == ["6 migrations applied", "nothing to apply"]


def test_waiting_runner_does_not_block_a_concurrent_index(
    database: Database, connection: psycopg.Connection, project: Project
) -> None:
    """Waiting inside pg_advisory_lock() would: CREATE INDEX CONCURRENTLY waits for older snapshots."""
    text = "create table a (i int); select pg_sleep(1); create index concurrently x on a (i)"
    folder = project({"1_a.sql": text})[0].path.parent
    with runner(database, folder) as one, runner(database, folder) as other:
        outputs = [process.communicate(timeout=60) for process in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0], outputs
    assert connection.execute("select indisvalid from pg_index where indexrelid = 'x'::regclass").fetchone() == (True,)


def test_killed_runner_leaves_the_step_before_it_and_no_lock(
    database: Database, connection: psycopg.Connection, project: Project
) -> None:
    history = project({"1_a.sql": "create table a ()", "2_b.sql": SLOW})
    with runner(database, history[0].path.parent) as process:
        await_one(connection, SLEEPING)
        process.kill()
        await_one(connection, SLEEPING, found=False)
    assert (tables(connection), [version for version, _, _ in ledger(connection)]) == ({"a"}, ["1"])
    (mended, *_) = history
    assert up(connection, (mended, project({"2_b.sql": "create table b ()"})[1])) != ()
    assert tables(connection) == {"a", "b"}


def test_interrupted_runner_ends_without_a_traceback(
    database: Database, connection: psycopg.Connection, project: Project
) -> None:
    folder = project({"1_a.sql": SLOW})[0].path.parent
    with runner(database, folder) as process:
        await_one(connection, SLEEPING)
        process.send_signal(2)
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    await_one(connection, SLEEPING, found=False)
    assert (tables(connection), ledger(connection)) == (set(), [])


def test_lost_connection_is_told_with_the_file(
    database: Database, connection: psycopg.Connection, project: Project
) -> None:
    folder = project({"1_a.sql": SLOW})[0].path.parent
    with runner(database, folder) as process:
        await_one(connection, SLEEPING)
        with database.connect() as superuser:
            superuser.execute(f"select pg_terminate_backend(pid) from ({SLEEPING}) as sleeper")
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "1_a.sql" in stderr
    assert "Traceback" not in stderr
    assert (tables(connection), ledger(connection)) == (set(), [])


def test_waiting_is_told_once_and_bounded(database: Database, connection: psycopg.Connection) -> None:
    told: list[str] = []
    with database.connect(role=MIGRATOR) as other, exclusive(other):
        pid = other.info.backend_pid
        with pytest.raises(ServerError) as caught, exclusive(connection, wait=0.3, on_wait=told.append):
            pass
    assert len(told) == 1
    assert f"process {pid} " in told[0]
    assert f"process {pid} " in caught.value.message
    with exclusive(connection, wait=0):
        pass


def test_lock_survives_the_reset_of_settings_and_ends_with_the_run(
    database: Database, connection: psycopg.Connection, project: Project
) -> None:
    seen: list[bool] = []
    with database.connect(role=MIGRATOR) as other:

        def look(*_: object) -> None:
            row = other.execute("select pg_try_advisory_lock(%s)", (LOCK_KEY,)).fetchone()
            assert row is not None
            seen.append(row[0])

        up(connection, project({"1_a.sql": "reset all", "2_b.sql": "select 1"}), on_step=look)
        assert seen == [False] * 4
        look()
        assert seen[-1] is True


def test_lock_is_let_go_after_a_failure(database: Database, connection: psycopg.Connection, project: Project) -> None:
    with pytest.raises(MigrationError):
        up(connection, project({"1_a.sql": "select 1/0"}))
    with database.connect(role=MIGRATOR) as other, exclusive(other, wait=0):
        pass
