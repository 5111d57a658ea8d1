"""Every job that removes rows leaves what others have locked or are changing, waits for nobody, and shares its work."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from fixtures import factories as make
from schemaproof.database import Database
from suites.cleanup.jobs import Connection, call, keys, purged_tables, runs, value
from suites.dictionary.declared import jobs, table

pytestmark = pytest.mark.req("9.2", "6.4")

# A job, the table that it removes from, what makes every row there past its retention, and a row not so any more.
_CASES: list[tuple[str, str, LiteralString, LiteralString]] = [
    (
        "purge_verifications",
        "public.whatsapp_verifications",
        "created_at = created_at - interval '30 days', expires_at = expires_at - interval '30 days'",
        "created_at = now(), expires_at = now() + interval '10 minutes'",
    ),
    (
        "purge_communication_logs",
        "public.communication_logs",
        "created_at = now() - interval '4000 days'",
        "created_at = now()",
    ),
    (
        "purge_webhook_deliveries",
        "public.webhook_deliveries",
        "status = 'delivered', next_attempt_at = null, finished_at = now() - interval '8 days'",
        "status = 'pending', next_attempt_at = now(), finished_at = null",
    ),
    (
        "purge_job_runs",
        "private.job_runs",
        "started_at = started_at - interval '91 days', finished_at = '2999-01-01'",
        "started_at = now(), finished_at = '2999-01-01'",
    ),
    *(
        (
            "purge_soft_deleted",
            name,
            "deleted_at = now() - interval '91 days', deletion_id = tenant_id",
            "deleted_at = null, deletion_id = null",
        )
        # Attempts go with their delivery, which is what is locked.
        for name in purged_tables()
        if name != "public.webhook_attempts"
    ),
]
_of_case = pytest.mark.parametrize(
    ("job", "name", "due", "kept"), [pytest.param(*case, id=f"{case[0]}-{case[1]}") for case in _CASES]
)
# Nobody can change an entry of the audit trail, so there is none to be kept.
_AUDIT = pytest.param("purge_audit_logs", "private.audit_logs", "", "", id="purge_audit_logs")
_of_case_or_audit = pytest.mark.parametrize(("job", "name", "due", "kept"), [*_of_case.args[1], _AUDIT])


@pytest.fixture
def watcher(sampled_db: Database) -> Iterator[Connection]:
    """A superuser's connection to a sample with a few old runs and audit entries besides."""
    with sampled_db.connect() as connection:
        tenant_id = value(connection, "select tenant_id from public.tenants limit 1")
        connection.execute("delete from private.job_runs")
        for _ in range(4):
            make.make_audit_log(connection, tenant_id, occurred_at="2000-01-01")
            # Each job's last success stays: this one's is to come.
            make.make_job_run(connection, "purge_job_runs", status="succeeded", finished_at="2999-01-01")
        yield connection


def test_every_job_is_here_but_the_one_that_counts() -> None:
    assert {case[0] for case in _CASES} | {"purge_audit_logs", "refresh_usage_statistics"} == set(jobs())


@_of_case_or_audit
def test_locked_row_is_not_waited_for_and_goes_with_the_next_run(
    sampled_db: Database, watcher: Connection, job: str, name: str, due: LiteralString, kept: LiteralString
) -> None:
    removed = _make_due(watcher, job, name, due)
    with _runner(sampled_db) as runner:
        with sampled_db.connect(autocommit=False) as holder:
            locked = _any(holder, name, removed, " for update")
            call(runner, job)
            assert keys(watcher, name) & removed == {locked}
            holder.rollback()
        call(runner, job)
    assert not keys(watcher, name) & removed


@pytest.mark.parametrize("name", [name for job, name, *_ in _CASES if job == "purge_soft_deleted"])
def test_parent_of_locked_rows_stays_and_is_not_waited_for(
    sampled_db: Database, watcher: Connection, name: str
) -> None:
    """A cascade, or a reference that is to become NULL, would wait."""
    for each in purged_tables():
        mark = "update {} set deleted_at = now() - interval '91 days', deletion_id = tenant_id"
        watcher.execute(sql.SQL(mark).format(sql.Identifier(*each.split("."))))
    before = keys(watcher, name)
    with _runner(sampled_db) as runner:
        with sampled_db.connect(autocommit=False) as holder:
            holder.execute(sql.SQL("select from {} for update").format(sql.Identifier(*name.split("."))))
            call(runner, "purge_soft_deleted")
            assert keys(watcher, name) == before
            holder.rollback()
        call(runner, "purge_soft_deleted")
    assert not any(keys(watcher, each) for each in purged_tables())


@_of_case
def test_row_that_is_restored_or_changed_while_the_job_runs_stays(
    sampled_db: Database, watcher: Connection, job: str, name: str, due: LiteralString, kept: LiteralString
) -> None:
    removed = _make_due(watcher, job, name, due)
    with _runner(sampled_db) as runner:
        with sampled_db.connect(autocommit=False) as holder:
            key = _any(holder, name, removed)
            update = sql.SQL("update {} set " + kept + " where ({}) = ({})")
            columns = table(name).primary_key
            holder.execute(
                update.format(
                    sql.Identifier(*name.split(".")),
                    sql.SQL(", ").join(map(sql.Identifier, columns)),
                    sql.SQL(", ").join(map(sql.Literal, key)),
                )
            )
            call(runner, job)
            holder.commit()
        call(runner, job)
    assert keys(watcher, name) & removed == {key}


@_of_case_or_audit
def test_two_runs_at_once_end_well_and_leave_nothing(
    sampled_db: Database, watcher: Connection, job: str, name: str, due: LiteralString, kept: LiteralString
) -> None:
    removed = _make_due(watcher, job, name, due)

    def run(_: int) -> None:
        with sampled_db.connect(role="postgres") as connection:
            for _ in range(2):
                call(connection, job, 2)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, range(2)))
    # A parent whose child the other run was just removing stays for the next run.
    call(watcher, job)
    assert {run["status"] for run in runs(watcher, job)} == {"succeeded"}
    assert not keys(watcher, name) & removed


def _make_due(watcher: Connection, job: str, name: str, due: LiteralString) -> set[tuple[Any, ...]]:
    """Make all rows of the table past their retention and return the keys of those that the job is to remove."""
    if job == "purge_audit_logs":
        return keys(watcher, name, "occurred_at = '2000-01-01'")
    # What is deleted softly goes with all that hangs on it; with its tenant it goes though it be live.
    together = [name] if job != "purge_soft_deleted" else purged_tables()
    for each in together:
        if each == name or each != "public.tenants":
            watcher.execute(sql.SQL("update {} set " + due).format(sql.Identifier(*each.split("."))))
    if job == "purge_job_runs":
        return keys(watcher, name) - {(value(watcher, "select max(job_run_id) from private.job_runs"),)}
    return keys(watcher, name)


def _any(connection: Connection, name: str, among: set[tuple[Any, ...]], lock: LiteralString = "") -> tuple[Any, ...]:
    """Return the least of some keys, and lock its row."""
    key = min(among)
    columns = sql.SQL(", ").join(map(sql.Identifier, table(name).primary_key))
    query = sql.SQL("select {0} from {1} where ({0}) = ({2})").format(
        columns, sql.Identifier(*name.split(".")), sql.SQL(", ").join(map(sql.Literal, key))
    )
    assert connection.execute(query + sql.SQL(lock)).fetchall() == [key]
    return key


def _runner(database: Database) -> psycopg.Connection[Any]:
    """A connection to run jobs over, which fails where it would have to wait for long."""
    connection = database.connect(role="postgres")
    connection.execute("set lock_timeout = '200ms'")
    return connection
