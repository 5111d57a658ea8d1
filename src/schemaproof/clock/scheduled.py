"""A migrated database on a clocked server, with a scheduler that lives by that clock: pg_cron, or its emulation."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.clock.clock import Clock, clocked_server
from schemaproof.cluster_roles import provide_roles
from schemaproof.database import Database
from schemaproof.errors import ServerError, UsageError
from schemaproof.platform.cron import JobRun, due_times, run_due_jobs
from schemaproof.server import Server, ServerSpec
from schemaproof.session import Session

__all__ = ["ScheduledDatabase", "open_scheduled"]

# There from the start: a launcher that does not find its database gives up, to be started again by a clock that moves.
_DATABASE = "postgres"
_LEAD = timedelta(seconds=30)
_FOOTING = timedelta(seconds=1)
_PATIENCE_SECONDS = 60.0
_POLL_SECONDS = 0.02
_LOG_TAIL_LINES = 20
_LOG_LINE = re.compile(r"(\S+ \S+) UTC \[(\d+)\] LOG:  (.*)")
_JOBS = "select jobid, jobname, schedule from cron.job where active and database = current_database() order by jobid"
_RUNS = """
select runid, status, coalesce(return_message, ''), start_time, end_time
from cron.job_run_details
where jobid = %s and start_time >= %s and end_time is not null
order by runid
limit 1
"""


@dataclass(frozen=True)
class ScheduledDatabase:
    """The one database of its server that has jobs: migrated directly, and never cloned.

    Args:
        database: the server's `postgres`, as on the platform.
        clock: the server's. Insert rows after moving it where their age matters.
        real: pg_cron itself runs the jobs, as a part of the server; else schemaproof's emulation of it does.
    """

    database: Database
    clock: Clock
    real: bool

    def connect(self, *, role: str | None = None, autocommit: bool = True) -> psycopg.Connection[Any]:
        """Connect; see `Database.connect`."""
        return self.database.connect(role=role, autocommit=autocommit)

    def reach(self, instant: datetime) -> list[JobRun]:
        """Move the clock to half a minute before `instant`, let it run until then, and let the scheduler do its work.

        What falls due between now and that half minute is not run: no scheduler makes up for a machine that was off.

        Args:
            instant: a full minute, later than the clock shows, with a time zone.

        Returns:
            the runs that fell due; they have ended.

        Raises:
            ServerError: the real scheduler does not run what is due, or not by this clock.
        """
        since = instant - _LEAD
        if not self.real:
            self.clock.jump_to(instant)
            return run_due_jobs(self.database.connect, since, instant)
        with self.connect() as watcher:
            self.clock.jump_to(since)
            _wake_launcher(watcher)  # so that it sees the minute which the jump led to before the next one begins
            self.clock.run_until(instant - _FOOTING)
            _wake_launcher(watcher)
            # At time's own speed: a faster clock would cut short what the launcher allows for connecting.
            self.clock.run_until(instant, factor=1.0)
            runs = self._await_runs(watcher, since, instant)
        self._refuse_launcher_before(since)
        return runs

    def launcher_log(self) -> list[tuple[datetime, str]]:
        """Return what pg_cron's launcher wrote into the server's log: when, by its own clock, and what.

        Empty with the emulated scheduler, which is no process of the server.
        """
        with self.connect() as connection:
            sessions = connection.execute("select pid from pg_stat_activity where backend_type = 'pg_cron launcher'")
            launchers = {pid for (pid,) in sessions}
        found = (_LOG_LINE.match(line) for line in _log(self.database.server).splitlines())
        return [
            (datetime.fromisoformat(f"{line[1]}+00:00"), line[3])
            for line in found
            if line and int(line[2]) in launchers
        ]

    def await_launcher(self) -> None:
        """Wait until the real scheduler works: the server starts it while others connect already."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self.real and not self.launcher_log():
            if time.monotonic() > deadline:
                raise self._failure("has not started")
            time.sleep(_POLL_SECONDS)

    def _await_runs(self, watcher: psycopg.Connection[Any], since: datetime, until: datetime) -> list[JobRun]:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        runs = []
        for jobid, jobname, schedule in watcher.execute(_JOBS).fetchall():
            for due in due_times(schedule, since, until):
                while (row := watcher.execute(_RUNS, (jobid, due)).fetchone()) is None:
                    if time.monotonic() > deadline:
                        raise self._failure(f"has not run {jobname}, due at {due}")
                    time.sleep(_POLL_SECONDS)
                runid, status, message, start, end = row
                runs.append(JobRun(runid, jobid, jobname, due, status, message, start, end))
        return runs

    def _refuse_launcher_before(self, instant: datetime) -> None:
        """SQL sessions may live by the moved clock while the launcher does not: its own log lines tell."""
        latest = max((when for when, _ in self.launcher_log()), default=None)
        if latest is None or latest < instant:
            raise self._failure(f"does not live by the server's clock: its last line in the log is of {latest}")

    def _failure(self, what: str) -> ServerError:
        tail = "\n".join(_log(self.database.server).splitlines()[-_LOG_TAIL_LINES:])
        return ServerError(
            f"pg_cron {what}; the clock shows {self.clock.now()}. The end of the server's log:\n{tail}",
            remedy="Mend what the log names.",
        )


@contextmanager
def open_scheduled(session: Session) -> Iterator[ScheduledDatabase]:
    """Start another server like the session's, with a clock of its own, and migrate one database there.

    Its scheduler is the real pg_cron where the installation has it; nothing of it is shared or kept.

    Raises:
        UsageError: the session's server is not one that schemaproof starts, or the extra `clock` is not installed.
        ServerError: no server, or its clock does not move.
        MigrationError: the migrations do not apply.
    """
    model, platform = session.server, session.platform
    if not model.is_local:
        raise UsageError(
            "The clock of a container, or of a server that schemaproof did not start, cannot be moved.",
            remedy="Use the server kind embedded or system.",
        )
    spec = session.spec_of_another()
    real = _has_pg_cron(model)
    with clocked_server(_with_real_scheduler(spec) if real else spec) as (server, clock):
        database = Database(server, _DATABASE)
        with database.connect() as connection:
            provide_roles(connection, platform, session.target.expected_roles)
            if platform.migration_role:
                owner = sql.Identifier(platform.migration_role)
                connection.execute(sql.SQL("alter database {} owner to {}").format(sql.Identifier(_DATABASE), owner))
            platform.install(connection)
            if real:  # it is not trusted, so the migrations' role could not
                connection.execute("create extension if not exists pg_cron")
        with database.connect(role=platform.migration_role) as connection:
            session.migrate(connection)
        scheduled = ScheduledDatabase(database, clock, real)
        scheduled.await_launcher()
        yield scheduled


def _with_real_scheduler(spec: ServerSpec) -> ServerSpec:
    settings = {
        "shared_preload_libraries": "pg_cron",
        "cron.database_name": _DATABASE,
        # The launcher connects as the jobs' owners, who have no password, so over the socket. It is chosen when the
        # server starts; its directory lies beside the data directory, where every process of the server works.
        "cron.host": "/proc/self/cwd/../s",
    }
    others = tuple(one for one in spec.extensions if one.name != "pg_cron")
    return replace(spec, extensions=others, settings={**spec.settings, **settings})


def _has_pg_cron(server: Server) -> bool:
    """Tell whether the installation has pg_cron's library; an emulated extension is SQL only."""
    with server.connect() as connection:
        row = connection.execute("select setting from pg_config where name = 'PKGLIBDIR'").fetchone()
    assert row is not None
    return any(Path(row[0]).glob("pg_cron.*"))


def _wake_launcher(watcher: psycopg.Connection[Any]) -> None:
    """It sleeps for up to a second, but wakes to reload its settings."""
    watcher.execute("select pg_reload_conf()")


def _log(server: Server) -> str:
    assert server.run_directory is not None  # a clocked server is a started one
    return (server.run_directory / "log").read_text(encoding="utf-8", errors="replace")
