"""Two runs at once share the work, nobody waits for a locked row, and a run that is killed is made up for."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg
import pytest

from fixtures import factories as make
from schemaproof.database import Database
from suites.cleanup.jobs import Connection, batch, call, gate, keys, problems, runs, value
from suites.soft_delete.deletion import restore
from suites.waiting import await_lock, await_value

pytestmark = pytest.mark.req("9.2")

_JOB = "purge_verifications"
_CODES = "public.whatsapp_verifications"
_ROWS = 300
_LAST = "old.code_hash = decode(repeat('ff', 32), 'hex')"
_CALLER = """
import psycopg, sys
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    connection.execute("call private.purge_verifications(10)")
"""


@pytest.fixture
def watcher(fresh_db: Database) -> Iterator[Connection]:
    """A superuser's connection; the database holds 300 codes that are long expired, the last one's hash all ones."""
    with fresh_db.connect() as connection:
        tenant_id = make.make_tenant(connection)["tenant_id"]
        first = make.make_verification(connection, tenant_id, status="superseded")
        connection.execute(
            f"insert into {_CODES} (tenant_id, phone_number, code_hash, key_version, status, created_at, expires_at)"
            " select tenant_id, '+49172' || 1000000 + n, case when n = %s then decode(repeat('ff', 32), 'hex')"
            " else code_hash end, key_version, 'expired', created_at - interval '3 days' + n * interval '1 second',"
            f" expires_at - interval '3 days' + n * interval '1 second' from {_CODES}, generate_series(1, %s) as n",
            [_ROWS, _ROWS],
        )
        connection.execute(
            f"delete from {_CODES} where whatsapp_verification_id = %s", [first["whatsapp_verification_id"]]
        )
        yield connection


def test_two_runs_at_once_share_the_work(fresh_db: Database, watcher: Connection) -> None:
    def run(_: int) -> None:
        with fresh_db.connect(role="postgres") as connection:
            for _ in range(3):
                call(connection, _JOB, 7)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    found = runs(watcher, _JOB)
    assert [run["status"] for run in found] == ["succeeded"] * 12
    assert sum(run["rows_affected"] for run in found) == _ROWS
    assert not keys(watcher, _CODES)


def test_locked_row_is_not_waited_for_and_goes_with_the_next_run(fresh_db: Database, watcher: Connection) -> None:
    with fresh_db.connect(role="postgres") as connection:
        connection.execute("set lock_timeout = '1ms'")
        with fresh_db.connect(autocommit=False) as request:
            (locked,) = request.execute(
                f"select tenant_id, whatsapp_verification_id from {_CODES} limit 1 for update"
            ).fetchall()
            call(connection, _JOB)
            assert keys(watcher, _CODES) == {locked}
        call(connection, _JOB)
    assert [run["rows_affected"] for run in runs(watcher, _JOB)] == [_ROWS - 1, 1]


def test_statistics_counted_twice_at_once_are_counted_once(fresh_db: Database, watcher: Connection) -> None:
    def run(_: int) -> None:
        with fresh_db.connect(role="postgres") as connection:
            call(connection, "refresh_usage_statistics")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert {run["status"] for run in runs(watcher, "refresh_usage_statistics")} == {"succeeded"}
    counted = "select sum(verifications_requested) from public.usage_statistics where deleted_at is null"
    assert value(watcher, counted) == _ROWS


def test_statistics_of_a_second_run_wait_for_the_first_ones_batch(fresh_db: Database, watcher: Connection) -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        fresh_db.connect(role="postgres") as second,
        fresh_db.connect(role="postgres", autocommit=False) as first,
    ):
        batch(first, "refresh_usage_statistics")
        waiting = pool.submit(call, second, "refresh_usage_statistics")
        await_lock(watcher, second.info.backend_pid)
        assert value(watcher, "select locktype from pg_locks where not granted") == "advisory"
        first.commit()
        waiting.result(30)


@pytest.mark.req("9.4")
def test_run_that_is_killed_keeps_its_batches_and_the_next_one_does_the_rest(
    fresh_db: Database, watcher: Connection
) -> None:
    with ThreadPoolExecutor(1) as pool, gate(fresh_db, _CODES, _LAST) as held:
        with fresh_db.connect(role="postgres") as connection:
            killed = pool.submit(call, connection, _JOB, 7)
            held(1)
            assert problems(watcher) == {}, "a run that is at work is no problem"
            watcher.execute("select pg_terminate_backend(%s, 10000)", [connection.info.backend_pid])
            with pytest.raises(psycopg.OperationalError):
                killed.result(30)
        (run,) = runs(watcher, _JOB)
        left = _ROWS % 7
        assert (run["status"], run["finished_at"], run["rows_affected"]) == ("running", None, _ROWS - left)
        assert len(keys(watcher, _CODES)) == left
        assert problems(watcher) == {(_JOB, "killed"): run["updated_at"]}
    with fresh_db.connect(role="postgres") as connection:
        call(connection, _JOB, 7)
    assert [run["rows_affected"] for run in runs(watcher, _JOB)] == [_ROWS - left, left]
    assert not keys(watcher, _CODES)
    assert problems(watcher) == {}, "the run after it made up for it"


def test_run_whose_client_is_killed_goes_on_to_its_end(fresh_db: Database, watcher: Connection) -> None:
    with gate(fresh_db, _CODES, _LAST) as held:
        client = subprocess.Popen([sys.executable, "-c", _CALLER, fresh_db.conninfo("postgres")])
        held(1)
        client.send_signal(signal.SIGKILL)
        assert client.wait(30) == -signal.SIGKILL
    await_value(watcher, "select array_agg(status) = '{succeeded}' from private.job_runs where job_name = %s", _JOB)
    assert not keys(watcher, _CODES)


@pytest.mark.req("6.4")
@pytest.mark.parametrize("committed", [True, False])
def test_tenant_that_is_being_restored_keeps_its_live_rows(
    sampled_db: Database, tenants: tuple[UUID, UUID], committed: bool
) -> None:
    with sampled_db.connect() as watcher, sampled_db.connect(role="postgres") as purging:
        watcher.execute(
            "update public.tenants set deleted_at = now() - interval '91 days', deletion_id = tenant_id"
            " where tenant_id = %s",
            [tenants[0]],
        )
        before = keys(watcher, "public.communication_logs", "tenant_id = %s and deleted_at is null", tenants[0])
        with sampled_db.connect(role="service_role", autocommit=False) as restoring:
            assert restore(restoring, "public.tenants", tenants[0]) == 1
            call(purging, "purge_soft_deleted")
            (restoring.commit if committed else restoring.rollback)()
        assert keys(watcher, "public.communication_logs", "tenant_id = %s and deleted_at is null", tenants[0]) == before
        call(purging, "purge_soft_deleted")
        assert len(keys(watcher, "public.tenants", "tenant_id = %s", tenants[0])) == committed
