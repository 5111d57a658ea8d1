"""Monitoring tells which job failed, was killed, is overdue or never ran, and since when; and is silent else."""

from datetime import timedelta
from typing import Any

import pytest

from fixtures import factories as make
from schemaproof.database import Database
from schemaproof.identity import anon, member, service
from suites.cleanup.jobs import Connection, problems, value
from suites.dictionary.declared import jobs
from suites.fixture_types import ActingAs, Refused

pytestmark = pytest.mark.req("9.4")

_JOB = "purge_verifications"
_EVERY = timedelta(minutes=15)
_MICROSECOND = timedelta(microseconds=1)
_NOBODY = 2**30  # more than any process id


@pytest.fixture
def ago(db: Connection) -> Any:
    """The time so many minutes before now(). Nothing is logged of the one job that is in service."""
    db.execute("delete from private.job_runs")
    db.execute("update private.jobs set deleted_at = now() where job_name <> %s", [_JOB])
    now = value(db, "select now()")
    return lambda minutes: now - timedelta(minutes=minutes)


def _registered(db: Connection, when: Any) -> None:
    db.execute("update private.jobs set created_at = %s where job_name = %s", [when, _JOB])


def _ran(db: Connection, when: Any, status: str = "succeeded", **over: Any) -> dict[str, Any]:
    ended: dict[str, Any] = {} if status == "running" else {"finished_at": when}
    if status == "failed":
        ended |= {"error_sqlstate": "57014", "error_message": "canceling"}
    times = {"started_at": when - timedelta(seconds=5), "created_at": when, "updated_at": when}
    # So that updated_at is what it would be by then.
    db.execute("set local session_replication_role = replica")
    run = make.make_job_run(db, _JOB, status=status, **(times | ended | over))
    db.execute("set local session_replication_role = origin")
    return run


def _found(db: Connection) -> dict[str, Any]:
    return {problem: since for (_, problem), since in problems(db).items()}


def test_job_that_just_succeeded_is_well(db: Connection, ago: Any) -> None:
    _ran(db, ago(1))
    assert _found(db) == {}


def test_job_that_never_ran_is_seen_once_its_schedule_asked_for_it(db: Connection, ago: Any) -> None:
    _registered(db, ago(15))
    assert _found(db) == {}
    _registered(db, ago(15) - _MICROSECOND)
    assert _found(db) == {"never_run": ago(15) - _MICROSECOND}


def test_job_is_overdue_after_twice_its_interval(db: Connection, ago: Any) -> None:
    _ran(db, ago(30))
    assert _found(db) == {}
    db.execute(
        "update private.job_runs set started_at = started_at - %s, finished_at = finished_at - %s", [_MICROSECOND] * 2
    )
    assert _found(db) == {"overdue": ago(30) - _MICROSECOND + 2 * _EVERY}


def test_job_that_only_ever_failed_is_overdue_since_it_was_registered(db: Connection, ago: Any) -> None:
    _registered(db, ago(60))
    _ran(db, ago(50), "failed")
    assert _found(db) == {"failed": ago(50), "overdue": ago(30)}


def test_job_fails_since_its_first_failure_after_a_success(db: Connection, ago: Any) -> None:
    for minutes, status in ((28, "failed"), (20, "succeeded"), (12, "failed"), (4, "failed")):
        _ran(db, ago(minutes), status)
    assert _found(db) == {"failed": ago(12)}


def test_success_makes_up_for_failures_and_kills(db: Connection, ago: Any) -> None:
    _ran(db, ago(12), "failed")
    _ran(db, ago(8), "running", backend_pid=_NOBODY)
    assert _found(db) == {"failed": ago(12), "killed": ago(8)}
    _ran(db, ago(1))
    assert _found(db) == {}


def test_run_at_work_is_no_problem(db: Connection, ago: Any) -> None:
    _ran(db, ago(1))
    _ran(db, value(db, "select clock_timestamp()"), "running", started_at=value(db, "select clock_timestamp()"))
    assert _found(db) == {}


def test_run_whose_process_id_went_to_another_session_was_killed(db: Connection, ago: Any) -> None:
    run = _ran(
        db,
        ago(10),
        "running",
        started_at=value(
            db, "select backend_start - interval '1 s' from pg_stat_activity where pid = pg_backend_pid()"
        ),
    )
    assert _found(db) == {"killed": run["updated_at"]}


def test_run_that_its_session_has_left_was_killed(db: Connection, ago: Any, fresh_db: Database) -> None:
    with fresh_db.connect() as idle:
        value(idle, "select 1")
        run = _ran(
            db, ago(1), "running", started_at=value(db, "select clock_timestamp()"), backend_pid=idle.info.backend_pid
        )
        assert _found(db) == {"killed": run["updated_at"]}


@pytest.mark.parametrize("relation", ["jobs", "job_runs"])
def test_what_an_operator_set_aside_is_not_told(db: Connection, ago: Any, relation: str) -> None:
    _ran(db, ago(20))
    _ran(db, ago(1), "failed")
    assert _found(db) == {"failed": ago(1)}
    aside = {"jobs": "job_name = 'purge_verifications'", "job_runs": "status = 'failed'"}[relation]
    db.execute(f"update private.{relation} set deleted_at = now() where {aside}")
    assert _found(db) == {}


def test_health_shows_every_job_in_service_with_its_last_run(db: Connection) -> None:
    db.execute("delete from private.job_runs")
    now = value(db, "select now()")
    _ran(db, now - timedelta(minutes=20), rows_affected=7)
    _ran(db, now, "failed", rows_affected=3)
    names = {name for (name,) in db.execute("select job_name from public.job_health")}
    assert names == set(jobs())
    (found,) = db.execute(
        "select last_status, last_rows_affected, last_error_sqlstate, last_succeeded_at, failed_since"
        " from public.job_health where job_name = %s",
        [_JOB],
    ).fetchall()
    assert found == ("failed", 3, "57014", now - timedelta(minutes=20), now)


def test_service_is_told_and_nobody_else(db: Connection, acting_as: ActingAs, refused: Refused) -> None:
    db.execute("update private.job_runs set finished_at = now() + interval '1 s' where status = 'failed'")
    with acting_as(service()) as connection:
        assert {job for job, problem in problems(connection) if problem == "failed"} == set(jobs())
        assert value(connection, "select count(*) from public.job_health") == len(jobs())
    for query in (
        "select * from public.job_problems()",
        "select * from public.job_health",
        "select private.job_states()",
    ):
        for identity in (anon(), member("a0000000-0000-4000-8000-000000000001")):
            with refused("42501"), acting_as(identity) as connection:
                connection.execute(query)
