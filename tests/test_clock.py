"""The clock of a started server moves, with every process of it and nothing else; a scheduler lives by it."""

import ctypes.util
import importlib.util
import math
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemaproof.clock import Clock, clocked_server, faketime, open_scheduled, scheduled
from schemaproof.config import load_target
from schemaproof.errors import ServerError, UsageError
from schemaproof.server import Server, ServerSpec
from schemaproof.session import Session, open_session
from tests.installed import needs_system

_DAY = timedelta(days=1)
# Far more than a read of the clock takes, far less than any move.
_ABOUT = timedelta(seconds=5)


@pytest.fixture(scope="module")
def clocked() -> Iterator[tuple[Server, Clock]]:
    with clocked_server(ServerSpec()) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _real_time(request: pytest.FixtureRequest) -> None:
    """The server is shared: its clock is right when a test begins."""
    if "clocked" in request.fixturenames:
        _, clock = request.getfixturevalue("clocked")
        clock.speed(1.0)
        clock.jump_to(datetime.now(UTC))


def _shown(connection: psycopg.Connection[Any]) -> datetime:
    ((found,),) = connection.execute("select clock_timestamp()").fetchall()
    assert isinstance(found, datetime)
    return found


def _is_about(connection: psycopg.Connection[Any], expected: datetime) -> bool:
    return abs(_shown(connection) - expected) < _ABOUT


def test_clock_is_right_until_it_is_moved(clocked: tuple[Server, Clock]) -> None:
    server, clock = clocked
    with server.connect() as connection:
        assert _is_about(connection, datetime.now(UTC))
    assert abs(clock.now() - datetime.now(UTC)) < _ABOUT


@pytest.mark.parametrize("days", [180, -180, 0.5, 3650])
def test_jump_moves_sessions_that_are_there_and_new_ones(clocked: tuple[Server, Clock], days: float) -> None:
    server, clock = clocked
    with server.connect() as old:
        clock.jump(days * _DAY)
        with server.connect() as new:
            for connection in (old, new):
                assert _is_about(connection, datetime.now(UTC) + days * _DAY)
            assert abs(clock.now() - _shown(new)) < _ABOUT


def test_jump_moves_now_and_the_servers_own_log(clocked: tuple[Server, Clock]) -> None:
    server, clock = clocked
    clock.jump_to(datetime(2040, 2, 29, 12, tzinfo=UTC))
    with server.connect() as connection:
        ((day,),) = connection.execute("select now()::date::text").fetchall()
        assert day == "2040-02-29"
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("select 1 / 0")
    assert server.run_directory is not None
    assert (server.run_directory / "log").read_text().splitlines()[-1].startswith("2040-02-29 12:00:")


def test_fast_clock_gets_ahead_and_goes_on_from_there(clocked: tuple[Server, Clock]) -> None:
    server, clock = clocked
    with server.connect() as connection:
        goal = datetime.now(UTC) + timedelta(hours=1)
        clock.run_until(goal, factor=36_000)
        assert goal <= _shown(connection) < goal + timedelta(minutes=30)
        before = clock.now()
        time.sleep(0.05)
        assert clock.now() - before < _ABOUT, "at time's own speed again"


def test_change_of_speed_is_no_jump(clocked: tuple[Server, Clock]) -> None:
    server, clock = clocked
    clock.jump(100 * _DAY)
    with server.connect() as connection:
        for factor in (60.0, 0.5, 10.0, 1.0):
            expected = clock.now()
            clock.speed(factor)
            assert abs(_shown(connection) - expected) < _ABOUT


def test_jump_keeps_the_speed(clocked: tuple[Server, Clock]) -> None:
    server, clock = clocked
    clock.speed(3600)
    clock.jump(_DAY)
    with server.connect() as connection:
        before = _shown(connection)
        time.sleep(0.05)
        assert _shown(connection) - before > timedelta(minutes=2)


@pytest.mark.parametrize("factor", [0, -1, math.inf, math.nan, 1e6])
def test_speed_that_is_none_is_refused(clocked: tuple[Server, Clock], factor: float) -> None:
    with pytest.raises(UsageError):
        clocked[1].speed(factor)


def test_instant_without_a_time_zone_is_refused(clocked: tuple[Server, Clock]) -> None:
    for move in (clocked[1].jump_to, clocked[1].run_until):
        with pytest.raises(UsageError):
            move(datetime(2030, 1, 1))


def test_what_is_shared_is_there_while_it_is_needed() -> None:
    with faketime.faketime(time.time()) as prepared:
        library, (semaphore, memory) = Path(prepared.environment["LD_PRELOAD"]), _shared_by(prepared)
        assert library.is_file()
        assert semaphore.is_file()
        assert memory.is_file()
    assert not library.parent.exists()
    assert not semaphore.exists()
    assert not memory.exists()


def _shared_by(prepared: faketime.Faketime) -> tuple[Path, Path]:
    semaphore, memory = prepared.environment["FAKETIME_SHARED"].replace("/", "").split()
    return Path(f"/dev/shm/sem.{semaphore}"), Path(f"/dev/shm/{memory}")


def test_programs_that_the_server_starts_share_its_clock(clocked: tuple[Server, Clock]) -> None:
    server, clock = clocked
    clock.jump_to(datetime(2040, 2, 29, 12, tzinfo=UTC))
    named_before = set(Path("/dev/shm").glob("*faketime_*"))
    with server.connect() as connection:
        connection.execute("create temporary table told (day text)")
        for _ in range(10):
            with server.connect() as other:  # a process that ends would take with it what the others share
                other.execute("select 1")
            connection.execute("copy told from program 'date -u +%F'")
        assert connection.execute("select distinct day from told").fetchall() == [("2040-02-29",)]
    assert set(Path("/dev/shm").glob("*faketime_*")) <= named_before, "nothing is named after a process"


def test_nothing_of_it_reaches_this_process_or_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="sp-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        with clocked_server(ServerSpec()) as (_, clock):
            clock.jump(1000 * _DAY)
            assert list(Path(folder).glob("schemaproof-clock-*"))
            assert dict(os.environ) == environment
            assert time.time() < clock.now().timestamp() - 999 * 86400
        assert not list(Path(folder).iterdir())


def test_cache_that_a_clocked_server_made_is_of_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="sp-", dir="/tmp") as cache:
        Path(cache).chmod(0o755)
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
        with clocked_server(ServerSpec()) as (_, clock):
            clock.jump(1000 * _DAY)
        kept = [path for path in Path(cache).rglob("*") if path.is_file()]
        assert kept
        assert max(path.lstat().st_mtime for path in kept) <= time.time()


def test_missing_extra_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as refusal, clocked_server(ServerSpec()):
        pass
    assert refusal.value.remedy.endswith("pip install 'schemaproof[clock]'")


def test_library_of_another_system_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faketime, "_LIBRARY", "no/such/library.so.1")
    with pytest.raises(UsageError), clocked_server(ServerSpec()):
        pass


def test_server_whose_clock_does_not_move_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = ctypes.util.find_library("m")
    mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines()}
    (place,) = [path for path in mapped if path.endswith(f"/{name}")]
    harmless = shutil.copyfile(place, tmp_path / "libfaketime.so.1")
    monkeypatch.setattr(faketime, "_find_library", lambda: harmless)
    with pytest.raises(ServerError), clocked_server(ServerSpec()):
        pass


def test_clock_of_a_server_that_stays_is_refused() -> None:
    with pytest.raises(UsageError), clocked_server(ServerSpec(kind="dsn", dsn="host=/nowhere")):
        pass


@pytest.fixture(params=["embedded", pytest.param("system", marks=needs_system)])
def session(request: pytest.FixtureRequest, clinic: Path) -> Iterator[Session]:
    with open_session(load_target(clinic), ServerSpec(kind=request.param)) as opened:
        yield opened


def _next_hour(database: scheduled.ScheduledDatabase, *, after: timedelta = timedelta(0)) -> datetime:
    return (database.clock.now() + after + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)


def test_scheduler_runs_what_falls_due_on_the_moved_clock(session: Session) -> None:
    with open_scheduled(session) as database:
        with database.connect(role="postgres") as connection:
            connection.execute("create extension if not exists pg_cron")
            connection.execute("select cron.schedule('tick', '0 * * * *', 'select now()')")
            connection.execute("select cron.schedule('broken', '0 * * * *', 'select 1 / 0')")
            connection.execute("select cron.schedule('never', '30 * * * *', 'select 1')")
        for after in (timedelta(0), 181 * _DAY):
            instant = _next_hour(database, after=after)
            runs = database.reach(instant)
            assert [(run.jobname, run.status, run.due) for run in runs] == [
                ("tick", "succeeded", instant),
                ("broken", "failed", instant),
            ]
            assert all(instant <= run.start_time <= run.end_time < instant + timedelta(minutes=1) for run in runs)
        assert database.clock.now() > datetime.now(UTC) + 181 * _DAY
        starts = [when for when, text in database.launcher_log() if " starting: select now()" in text]
        assert len(starts) == (2 if database.real else 0)


@needs_system
def test_real_scheduler_that_does_not_finish_is_told(clinic: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        open_session(load_target(clinic), ServerSpec(kind="system")) as session,
        open_scheduled(session) as database,
        database.connect(role="postgres") as connection,
    ):
        if not database.real:
            pytest.skip("the installed PostgreSQL has no pg_cron")
        connection.execute("select cron.schedule('slow', '0 * * * *', 'select pg_sleep(60)')")
        monkeypatch.setattr(scheduled, "_PATIENCE_SECONDS", 0.5)
        with pytest.raises(ServerError) as failure:
            database.reach(_next_hour(database))
        assert "slow" in failure.value.message
