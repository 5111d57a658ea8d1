"""The emulated pg_cron's scheduler: runs the jobs of a database that fall due in a span of time, one by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import psycopg
from cronsim import CronSim, CronSimError
from psycopg.rows import class_row

__all__ = ["JobRun", "adopt_jobs", "due_times", "run_due_jobs"]

_NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_AT_START_ONLY = {"@reboot", "@restart"}
_SECONDS = re.compile(r"\s*(\d+)\s*seconds?\s*", re.IGNORECASE)


class Connect(Protocol):
    """Opens an autocommit connection to the jobs' database, as a role or, without one, as superuser."""

    def __call__(self, *, role: str | None = None) -> psycopg.Connection[Any]:
        """Open the connection."""
        ...


@dataclass(frozen=True)
class JobRun:
    """One run of a job: `due` is when its schedule asked for it, the other times are the server's clock."""

    runid: int
    jobid: int
    jobname: str | None
    due: datetime
    status: str
    return_message: str
    start_time: datetime
    end_time: datetime


@dataclass(frozen=True)
class _Job:
    jobid: int
    jobname: str | None
    schedule: str
    command: str
    username: str


def run_due_jobs(connect: Connect, since: datetime, until: datetime) -> list[JobRun]:
    """Run every active job of a database as often as it falls due after `since` and up to `until`.

    Each run is one simple query of its own session as the job's user, outside a transaction, as pg_cron does it, so
    that a procedure may COMMIT; it happens now, whatever its due time. cron.job_run_details gets a row a run. A failed
    job fails its run only. `@reboot` never falls due.

    Args:
        connect: opens a session in the database: `Database.connect`, say.
        since: exclusive, with a time zone.
        until: inclusive, with a time zone.

    Returns:
        the runs in the order of their due times; jobs due at one time in the order of their ids.
    """
    with connect() as administrator:
        adopt_jobs(administrator)
        with administrator.cursor(row_factory=class_row(_Job)) as cursor:
            jobs = cursor.execute(
                "select jobid, jobname, schedule, command, username from cron.job"
                " where active and database = current_database() order by jobid"
            ).fetchall()
        plan = sorted(
            ((due, job) for job in jobs for due in due_times(job.schedule, since, until)),
            key=lambda item: (item[0], item[1].jobid),
        )
        return [_run(administrator, connect, job, due) for due, job in plan]


def adopt_jobs(administrator: psycopg.Connection[Any]) -> None:
    """Give this database the jobs that it has from a database it was cloned from: pg_cron knows a database by name.

    A job whose role is gone stays where it was, since pg_cron's check refuses it.
    """
    administrator.execute(
        "update cron.job set database = current_database() where database like 'schemaproof\\_%'"
        " and database <> current_database() and username in (select rolname from pg_roles where rolcanlogin)"
    )


def due_times(schedule: str, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when a schedule of pg_cron's (five fields, `$` for the last day, nicknames, seconds) is due, in UTC.

    Args:
        schedule: one that cron.schedule took.
        since: exclusive; intervals of seconds are counted from it.
        until: inclusive.
    """
    since, until = since.astimezone(UTC), until.astimezone(UTC)
    if seconds := _SECONDS.fullmatch(schedule):
        times: Iterator[datetime] = _every(timedelta(seconds=int(seconds[1])), since)
    elif schedule.strip() in _AT_START_ONLY:
        return
    else:
        times = _from_fields(_NICKNAMES.get(schedule.strip(), schedule), since)
    for due in times:
        if due > until:
            return
        yield due


def _every(step: timedelta, since: datetime) -> Iterator[datetime]:
    while True:
        since += step
        yield since


def _from_fields(schedule: str, since: datetime) -> Iterator[datetime]:
    # pg_cron reads no further than the fifth field; CronSim takes a sixth for seconds and writes the last day as L.
    minute, hour, day, month, weekday = schedule.split()[:5]
    try:
        yield from CronSim(" ".join((minute, hour, "L" if day == "$" else day, month, weekday)), since)
    except CronSimError:
        return  # cron.schedule took it, so it is a day that no month has (31 February): never due


def _run(administrator: psycopg.Connection[Any], connect: Connect, job: _Job, due: datetime) -> JobRun:
    runid, start = _one(
        administrator,
        "insert into cron.job_run_details (jobid, database, username, command, status, start_time)"
        " values (%s, current_database(), %s, %s, 'running', clock_timestamp()) returning runid, start_time",
        (job.jobid, job.username, job.command),
    )
    pid, status, message = _execute(connect, job)
    (end,) = _one(
        administrator,
        "update cron.job_run_details set job_pid = %s, status = %s, return_message = %s, end_time = clock_timestamp()"
        " where runid = %s returning end_time",
        (pid, status, message, runid),
    )
    return JobRun(runid, job.jobid, job.jobname, due, status, message, start, end)


def _execute(connect: Connect, job: _Job) -> tuple[int | None, str, str]:
    pid = None
    try:
        with connect(role=job.username) as session:
            pid = session.info.backend_pid
            # Without parameters psycopg sends a simple query, which may hold several statements.
            cursor = session.execute(job.command)
            while cursor.nextset():
                pass
            rows = f"{cursor.rowcount} row{'' if cursor.rowcount == 1 else 's'}"
            return pid, "succeeded", rows if cursor.description else cursor.statusmessage or ""
    except psycopg.Error as error:
        return pid, "failed", _message(error)


def _message(error: psycopg.Error) -> str:
    """Return the text that libpq gives, which is what pg_cron stores."""
    result = error.pgresult
    return result.error_message.decode(errors="replace") if result else str(error)


def _one(connection: psycopg.Connection[Any], query: str, values: tuple[object, ...]) -> tuple[Any, ...]:
    row = connection.execute(query, values).fetchone()
    assert row is not None  # both statements return the row that they write
    return tuple(row)
