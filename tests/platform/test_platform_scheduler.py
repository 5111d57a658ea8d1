"""The emulated scheduler: when a schedule is due, and what a run does and leaves behind."""

from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest

from schemaproof.database import Database, unique_name
from schemaproof.platform.cron import due_times, run_due_jobs
from tests.platform.statements import value

NOON = datetime(2024, 2, 28, 12, 0, tzinfo=UTC)


def _due(schedule: str, hours: float) -> list[str]:
    return [f"{due:%d %H:%M:%S}" for due in due_times(schedule, NOON, NOON + timedelta(hours=hours))]


@pytest.mark.parametrize(
    ("schedule", "hours", "due"),
    [
        ("*/20 * * * *", 1, ["28 12:20:00", "28 12:40:00", "28 13:00:00"]),
        ("0 12 * * *", 24, ["29 12:00:00"]),
        ("0 11 $ * *", 48, ["29 11:00:00"]),
        ("0 0 * * thu", 48, ["29 00:00:00"]),
        ("0 0 1 mar *", 48, ["01 00:00:00"]),
        ("@daily", 48, ["29 00:00:00", "01 00:00:00"]),
        ("@hourly", 1, ["28 13:00:00"]),
        ("20 SECONDS", 1 / 60, ["28 12:00:20", "28 12:00:40", "28 12:01:00"]),
        ("0 13 * * * and more", 1, ["28 13:00:00"]),
        ("@reboot", 48, []),
        ("0 0 31 2 *", 48, []),
    ],
)
def test_schedule_is_due_when_pg_cron_says(schedule: str, hours: float, due: list[str]) -> None:
    assert _due(schedule, hours) == due


def test_day_of_month_and_weekday_that_are_both_given_are_alternatives() -> None:
    """As in cron, and as pg_cron does it."""
    assert _due("0 0 1 * thu", 72) == ["29 00:00:00", "01 00:00:00"]


def test_schedules_are_in_utc_whatever_zone_is_asked_in() -> None:
    local = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert list(due_times("0 13 * * *", local, local + timedelta(hours=2))) == [NOON + timedelta(hours=1)]


@pytest.fixture
def scheduled(database: Database) -> Database:
    with database.connect(role="postgres") as postgres:
        postgres.execute("create extension pg_cron; create table public.notes (note text)")
        postgres.execute(
            "create procedure public.in_batches() language plpgsql as $$ begin"
            " for batch in 1 .. 3 loop insert into public.notes values ('batch ' || batch); commit; end loop;"
            " raise exception 'after three batches'; end $$"
        )
    return database


def _schedule(database: Database, name: str, schedule: str, command: str) -> None:
    with database.connect(role="postgres") as postgres:
        postgres.execute("select cron.schedule(%s, %s, %s)", (name, schedule, command))


def _notes(database: Database) -> list[str]:
    with database.connect() as connection:
        return [note for (note,) in connection.execute("select note from public.notes order by note")]


def test_runs_come_in_the_order_of_their_due_times(scheduled: Database) -> None:
    _schedule(scheduled, "hourly", "0 * * * *", "select 1")
    _schedule(scheduled, "often", "*/30 * * * *", "select 2")
    runs = run_due_jobs(scheduled.connect, NOON, NOON + timedelta(hours=1))
    assert [(run.jobname, f"{run.due:%H:%M}") for run in runs] == [
        ("often", "12:30"),
        ("hourly", "13:00"),
        ("often", "13:00"),
    ]


def test_span_leaves_out_its_start_and_has_its_end(scheduled: Database) -> None:
    _schedule(scheduled, "hourly", "0 * * * *", "select 1")
    assert run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=59)) == []
    assert len(run_due_jobs(scheduled.connect, NOON - timedelta(minutes=1), NOON)) == 1


def test_job_runs_as_its_user_with_that_users_settings(scheduled: Database) -> None:
    _schedule(
        scheduled, "who", "* * * * *", "insert into notes values (session_user || current_setting('search_path'))"
    )
    run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1))
    assert _notes(scheduled) == ['postgres"$user", public, extensions']


@pytest.mark.req("9.2")
def test_procedure_that_commits_keeps_its_batches_when_it_fails_later(scheduled: Database) -> None:
    _schedule(scheduled, "batches", "* * * * *", "call public.in_batches()")
    (run,) = run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1))
    assert (run.status, _notes(scheduled)) == ("failed", ["batch 1", "batch 2", "batch 3"])


def test_statements_of_one_command_are_one_transaction(scheduled: Database) -> None:
    _schedule(scheduled, "two", "* * * * *", "insert into public.notes values ('lost'); select 1 / 0")
    (run,) = run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1))
    assert (run.status, _notes(scheduled)) == ("failed", [])


def test_failed_job_does_not_keep_the_next_from_running(scheduled: Database) -> None:
    _schedule(scheduled, "broken", "* * * * *", "select 1 / 0")
    _schedule(scheduled, "whole", "* * * * *", "insert into public.notes values ('ran')")
    runs = run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1))
    assert [run.status for run in runs] == ["failed", "succeeded"]
    assert _notes(scheduled) == ["ran"]


def test_inactive_job_does_not_run(scheduled: Database) -> None:
    _schedule(scheduled, "off", "* * * * *", "insert into public.notes values ('ran')")
    with scheduled.connect(role="postgres") as postgres:
        postgres.execute("select cron.alter_job(jobid, active => false) from cron.job")
    assert run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1)) == []


@pytest.mark.parametrize(
    ("command", "status", "message"),
    [
        ("select 1", "succeeded", "1 row"),
        ("select generate_series(1, 2)", "succeeded", "2 rows"),
        ("select 1; select 2", "succeeded", "1 row"),
        ("insert into public.notes values ('a'), ('b')", "succeeded", "INSERT 0 2"),
        ("update public.notes set note = ''; delete from public.notes", "succeeded", "DELETE 0"),
        ("vacuum", "succeeded", "VACUUM"),
        ("select 1 / 0", "failed", "ERROR:  division by zero\n"),
        ("selec 1", "failed", 'ERROR:  syntax error at or near "selec"\nLINE 1: selec 1\n        ^\n'),
    ],
)
def test_details_of_a_run_are_as_pg_cron_writes_them(
    scheduled: Database, command: str, status: str, message: str
) -> None:
    _schedule(scheduled, "one", "* * * * *", command)
    (run,) = run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1))
    assert (run.status, run.return_message) == (status, message)
    with scheduled.connect(role="postgres") as postgres:
        row = postgres.execute(
            "select runid, jobid, username, database = current_database(), command, status, return_message, start_time,"
            " end_time, job_pid is not null from cron.job_run_details"
        ).fetchone()
    ends = (status, message, run.start_time, run.end_time)
    assert row == (run.runid, run.jobid, "postgres", True, command, *ends, True)
    assert run.start_time < run.end_time


def test_run_sees_itself_running(scheduled: Database) -> None:
    _schedule(scheduled, "self", "* * * * *", "insert into notes select status from cron.job_run_details")
    run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1))
    assert _notes(scheduled) == ["running"]


def test_job_whose_role_is_gone_fails_its_run(scheduled: Database) -> None:
    with scheduled.connect() as superuser:
        superuser.execute("create role leaver login")
        superuser.execute(
            "select cron.schedule_in_database('x', '* * * * *', 'select 1', current_database(), 'leaver')"
        )
        superuser.execute("drop role leaver")
    (run,) = run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1))
    assert run.status == "failed"
    assert run.return_message


def test_clone_runs_the_jobs_of_its_template_as_its_own(scheduled: Database) -> None:
    _schedule(scheduled, "one", "* * * * *", "insert into public.notes values (current_database())")
    clone = Database.create(scheduled.server, unique_name("clone"), template=scheduled.name)
    try:
        run_due_jobs(clone.connect, NOON, NOON + timedelta(minutes=1))
        assert _notes(clone) == [clone.name]
        assert _notes(scheduled) == []
        with clone.connect() as connection:
            assert value(connection, "select database from cron.job") == clone.name
    finally:
        clone.drop()


def test_job_for_another_database_does_not_run_here(scheduled: Database) -> None:
    with scheduled.connect() as superuser:
        superuser.execute("select cron.schedule_in_database('x', '* * * * *', 'select 1', 'postgres')")
    assert run_due_jobs(scheduled.connect, NOON, NOON + timedelta(minutes=1)) == []


def test_database_without_pg_cron_is_told_so(database: Database) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        run_due_jobs(database.connect, NOON, NOON + timedelta(minutes=1))
