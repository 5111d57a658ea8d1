"""A run commits batch after batch, logs itself, and says why it failed; the next one takes up the rest."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta

import psycopg
import pytest

from fixtures import factories as make
from fixtures.row import Row
from schemaproof.database import Database
from suites.cleanup.jobs import Connection, call, keys, problems, runs, value
from suites.dictionary.declared import jobs

pytestmark = pytest.mark.req("9.2")

_LOGS = "public.communication_logs"
_JOB = "purge_communication_logs"
_OLDEST_FIRST = "select body from public.communication_logs order by created_at"


@pytest.fixture
def connection(fresh_db: Database) -> Connection:
    """As the role that the scheduler runs jobs as, in a database with five logs past their retention: 0 to 4."""
    with fresh_db.connect() as administrator:
        tenant_id = make.make_tenant(administrator, communication_log_retention_days=1)["tenant_id"]
        now = value(administrator, "select now()")
        for number in range(5):
            age = timedelta(days=2, seconds=-number)
            make.make_whatsapp_log(administrator, tenant_id, created_at=now - age, body=str(number), key_version=None)
    return fresh_db.connect(role="postgres")


@pytest.fixture(autouse=True)
def _closed(connection: Connection) -> object:
    yield
    connection.close()


def _break_at(connection: Connection, body: str, action: str) -> None:
    """Do `action` when the log with this text is removed."""
    connection.execute(
        f"create function public.break() returns trigger language plpgsql as 'begin {action}; return old; end'"
    )
    connection.execute(
        f"create trigger break before delete on {_LOGS} for each row when (old.body = '{body}')"
        " execute function public.break()"
    )


@pytest.mark.parametrize(("size", "batches"), [(1, 6), (2, 3), (4, 2), (5, 2), (6, 1), (100_000, 1), (None, 1)])
def test_run_logs_its_start_end_batches_and_rows(connection: Connection, size: int | None, batches: int) -> None:
    before = value(connection, "select clock_timestamp()")
    call(connection, _JOB, size)
    after = value(connection, "select clock_timestamp()")
    (run,) = runs(connection, _JOB)
    assert (run["status"], run["batches"], run["rows_affected"]) == ("succeeded", batches, 5)
    assert (run["error_sqlstate"], run["error_message"]) == (None, None)
    assert before <= run["started_at"] <= run["finished_at"] <= after
    assert run["backend_pid"] == connection.info.backend_pid
    assert not keys(connection, _LOGS)


def test_second_run_finds_nothing_left(connection: Connection) -> None:
    call(connection, _JOB)
    call(connection, _JOB)
    assert [(run["status"], run["rows_affected"]) for run in runs(connection, _JOB)] == [
        ("succeeded", 5),
        ("succeeded", 0),
    ]


def test_every_job_succeeds_where_there_is_nothing_to_do(connection: Connection) -> None:
    connection.execute(f"delete from {_LOGS}")
    for job in jobs():
        call(connection, job)
        assert [(run["status"], run["rows_affected"]) for run in runs(connection, job)] == [("succeeded", 0)], job


def test_batch_that_fails_is_rolled_back_and_logged_and_those_before_it_stay(connection: Connection) -> None:
    _break_at(connection, "3", "raise sqlstate ''SPXYZ'' using message = ''broken'', detail = ''of row +4917012345''")
    with pytest.raises(psycopg.Error) as failure:
        call(connection, _JOB, 2)
    assert failure.value.sqlstate == "SPXYZ"
    (run,) = runs(connection, _JOB)
    assert (run["status"], run["batches"], run["rows_affected"]) == ("failed", 1, 2)
    assert (run["error_sqlstate"], run["error_message"]) == ("SPXYZ", "broken")
    assert run["finished_at"] >= run["started_at"]
    assert [body for (body,) in connection.execute(_OLDEST_FIRST)] == ["2", "3", "4"]


@pytest.mark.req("9.4")
def test_run_after_a_failure_takes_up_the_rest(connection: Connection) -> None:
    _break_at(connection, "3", "raise exception ''broken''")
    with pytest.raises(psycopg.errors.RaiseException):
        call(connection, _JOB, 2)
    connection.execute(f"drop trigger break on {_LOGS}")
    call(connection, _JOB, 2)
    assert [(run["status"], run["rows_affected"]) for run in runs(connection, _JOB)] == [
        ("failed", 2),
        ("succeeded", 3),
    ]
    assert not keys(connection, _LOGS)


@pytest.mark.parametrize("by", ["itself", "another"])
def test_run_that_is_cancelled_is_logged(connection: Connection, fresh_db: Database, by: str) -> None:
    _break_at(connection, "3", "perform pg_sleep(30)")
    if by == "itself":
        connection.execute("set statement_timeout = '2s'")
    with ThreadPoolExecutor() as pool, pytest.raises(psycopg.errors.QueryCanceled):
        if by == "another":
            pool.submit(_cancel_asleep, fresh_db, connection.info.backend_pid)
        call(connection, _JOB, 2)
    (run,) = runs(connection, _JOB)
    assert (run["status"], run["batches"], run["error_sqlstate"]) == ("failed", 1, "57014")
    assert len(keys(connection, _LOGS)) == 3


def _cancel_asleep(database: Database, pid: int) -> None:
    cancelled = "select pg_cancel_backend(pid) from pg_stat_activity where pid = %s and wait_event = 'PgSleep'"
    with database.connect() as administrator:
        for _ in range(1000):
            if administrator.execute(cancelled, [pid]).rowcount:
                break
            time.sleep(0.01)


def test_error_message_of_any_length_is_logged(connection: Connection) -> None:
    _break_at(connection, "0", "raise exception using message = repeat(''é'', 10000)")
    with pytest.raises(psycopg.errors.RaiseException):
        call(connection, _JOB)
    assert runs(connection, _JOB)[0]["error_message"] == "é" * 1000


def test_run_within_a_transaction_is_refused_and_changes_nothing(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.InvalidTransactionTermination), connection.transaction():
        call(connection, _JOB)
    assert runs(connection, _JOB) == []
    assert len(keys(connection, _LOGS)) == 5


@pytest.mark.parametrize("job", jobs())
def test_batch_size_out_of_bounds_is_refused(connection: Connection, job: str) -> None:
    for size in (0, -1, 100_001, 2**31 - 1, -(2**31)):
        with pytest.raises(psycopg.Error) as refusal:
            call(connection, job, size)
        assert refusal.value.sqlstate == "SP902"
    assert runs(connection, job) == []


def test_run_of_no_job_is_refused(connection: Connection) -> None:
    for name in (None, "", "no_such_job", "PURGE_VERIFICATIONS", "x" * 10_000, "a'; drop table x; --"):
        with pytest.raises(psycopg.Error) as refusal:
            connection.execute("call private.run_job(%s)", [name])
        assert refusal.value.sqlstate == "SP901"


def test_job_out_of_service_is_refused(connection: Connection) -> None:
    connection.execute("update private.jobs set deleted_at = now() where job_name = %s", [_JOB])
    with pytest.raises(psycopg.Error) as refusal:
        call(connection, _JOB)
    assert refusal.value.sqlstate == "SP901"
    assert len(keys(connection, _LOGS)) == 5


def test_job_whose_retention_is_missing_fails_and_removes_nothing(connection: Connection) -> None:
    connection.execute("update private.jobs set retention = null where job_name = 'purge_verifications'")
    with pytest.raises(psycopg.Error) as refusal:
        call(connection, "purge_verifications")
    assert refusal.value.sqlstate == "SP903"
    assert [run["error_sqlstate"] for run in runs(connection, "purge_verifications")] == ["SP903"]


def test_retention_that_is_not_positive_has_no_boundary(connection: Connection) -> None:
    for retention in (None, "0", "-1 second", "-1 day", "-1 month 1 day"):
        with pytest.raises(psycopg.Error) as refusal:
            connection.execute("select private.retention_boundary(%s)", [retention])
        assert refusal.value.sqlstate == "SP903"


def test_batch_size_of_the_registry_is_used(connection: Connection) -> None:
    connection.execute("update private.jobs set batch_size = 2 where job_name = %s", [_JOB])
    call(connection, _JOB)
    assert [run["batches"] for run in runs(connection, _JOB)] == [3]
    assert problems(connection) == {}


@pytest.mark.req("8.5")
def test_statistics_are_counted_from_the_oldest_row_and_then_from_a_week_before_the_last_success(
    connection: Connection,
) -> None:
    connection.execute("update public.communication_logs set created_at = created_at - interval '9 days'")
    today = value(connection, "select (now() at time zone 'UTC')::date")
    for _ in range(2):
        call(connection, "refresh_usage_statistics")
        assert value(connection, "select sum(whatsapp_messages) from public.usage_statistics") == 5
    first, second = runs(connection, "refresh_usage_statistics")
    oldest = value(connection, "select min((created_at at time zone 'UTC')::date) from public.communication_logs")
    assert first["batches"] == (today - oldest).days + 1
    assert second["batches"] == 8


@pytest.mark.req("8.5")
def test_delivery_that_ends_weeks_after_it_was_queued_is_counted(connection: Connection) -> None:
    call(connection, "refresh_usage_statistics")
    tenant_id = value(connection, "select tenant_id from public.tenants")
    queued = value(connection, "select now() - interval '30 days'")
    ended: Row = {"status": "delivered", "finished_at": "now", "next_attempt_at": None, "attempts": 1}
    make.make_webhook_delivery(connection, tenant_id, created_at=queued, **ended)
    for _ in range(2):
        call(connection, "refresh_usage_statistics")
        counted = "select day from public.usage_statistics where webhooks_delivered = 1"
        assert connection.execute(counted).fetchall() == [(queued.astimezone(UTC).date(),)]
    assert [run["batches"] for run in runs(connection, "refresh_usage_statistics")][1] == 31
