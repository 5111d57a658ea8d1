"""What is past its retention goes, to the second and to the microsecond; everything else stays."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg import sql

from fixtures import factories as make
from fixtures.row import Row
from suites.cleanup.jobs import Connection, batch, keys, purged_tables, value
from suites.dictionary.declared import table, tables

pytestmark = pytest.mark.req("9.1", "9.2")

_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
# How much older than its retention a row is, and whether it goes.
_SIDES = [(_SECOND, True), (_MICROSECOND, True), (timedelta(0), False), (-_MICROSECOND, False), (-_SECOND, False)]
_sides = pytest.mark.parametrize(("older", "goes"), _SIDES)
_ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Pacific/Apia"]


def _now(db: Connection) -> datetime:
    now = value(db, "select now()")
    assert isinstance(now, datetime)
    return now


def _there(db: Connection, name: str, row: Row) -> bool:
    return tuple(row[column] for column in table(name).primary_key) in keys(db, name)


def _mark_deleted(db: Connection, name: str, tenant: UUID, when: datetime) -> None:
    """Delete a tenant's rows of one table softly, and none of those that hang on them."""
    statement = sql.SQL("update {} set deleted_at = %s, deletion_id = tenant_id where tenant_id = %s")
    db.execute(statement.format(sql.Identifier(*name.split("."))), [when, tenant])


@pytest.fixture
def tenant(db: Connection) -> UUID:
    """A tenant of the test's own beside the sample's."""
    tenant_id = make.make_tenant(db)["tenant_id"]
    assert isinstance(tenant_id, UUID)
    return tenant_id


@_sides
@pytest.mark.parametrize("status", ["pending", "verified", "superseded", "locked", "expired"])
def test_code_expired_for_24_hours(db: Connection, tenant: UUID, older: timedelta, goes: bool, status: str) -> None:
    expires = _now(db) - timedelta(hours=24) - older
    states: dict[str, Row] = {"verified": {"verified_at": expires}, "locked": {"failed_attempts": 5}}
    row = make.make_verification(
        db,
        tenant,
        status=status,
        created_at=expires - timedelta(minutes=10),
        expires_at=expires,
        **states.get(status, {}),
    )
    batch(db, "purge_verifications")
    assert _there(db, "public.whatsapp_verifications", row) is not goes


@pytest.mark.parametrize("older", [older for older, _ in _SIDES])
@pytest.mark.req("5.3", "8.4")
def test_pending_code_is_stored_as_expired_from_its_time_on(db: Connection, tenant: UUID, older: timedelta) -> None:
    expires = _now(db) - older
    row = make.make_verification(db, tenant, created_at=expires - timedelta(minutes=10), expires_at=expires)
    batch(db, "purge_verifications")
    query = "select status from public.whatsapp_verifications where whatsapp_verification_id = %s"
    found = value(db, query, row["whatsapp_verification_id"])
    assert found == ("expired" if older >= timedelta(0) else "pending")


@_sides
@pytest.mark.parametrize("days", [1, 180, 3650])
def test_log_past_its_tenants_retention(db: Connection, older: timedelta, goes: bool, days: int) -> None:
    tenant_id = make.make_tenant(db, communication_log_retention_days=days)["tenant_id"]
    row = make.make_whatsapp_log(db, tenant_id, created_at=_now(db) - timedelta(days=days) - older)
    batch(db, "purge_communication_logs")
    assert _there(db, "public.communication_logs", row) is not goes


def test_log_past_its_retention_goes_though_deleted_and_takes_its_webhooks(db: Connection, tenant: UUID) -> None:
    old = _now(db) - timedelta(days=181)
    log = make.make_whatsapp_log(db, tenant, created_at=old)
    about: Row = {"communication_log_id": log["communication_log_id"]}
    delivery = make.make_webhook_delivery(db, tenant, attempts=1, **about)
    attempt = make.make_webhook_attempt(db, delivery)
    _mark_deleted(db, "public.communication_logs", tenant, old)
    batch(db, "purge_communication_logs")
    assert not _there(db, "public.communication_logs", log)
    assert not _there(db, "public.webhook_deliveries", delivery)
    assert not _there(db, "public.webhook_attempts", attempt)


def test_deliveries_of_a_message_count_among_the_rows_of_a_batch(db: Connection, tenant: UUID) -> None:
    log = make.make_whatsapp_log(db, tenant, created_at=_now(db) - timedelta(days=181))
    other = make.make_whatsapp_log(db, tenant, created_at=_now(db) - timedelta(days=181, seconds=-1))
    for _ in range(5):
        make.make_webhook_delivery(db, tenant, communication_log_id=log["communication_log_id"])
    owned = ("public.communication_logs", "public.webhook_deliveries")
    left, is_last = sum(len(keys(db, name)) for name in owned), False
    while not is_last:
        affected, is_last = batch(db, "purge_communication_logs", size=2)
        before, left = left, sum(len(keys(db, name)) for name in owned)
        assert before - left == affected <= 2
    assert not _there(db, "public.communication_logs", log)
    assert not _there(db, "public.communication_logs", other)


@given(days=st.integers(1, 3650), microseconds=st.integers(-5_000_000, 5_000_000))
@example(days=180, microseconds=0)
@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    # Each example runs in a savepoint of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_retention_keeps_what_is_not_older(db: Connection, days: int, microseconds: int) -> None:
    with db.transaction(force_rollback=True):
        tenant_id = make.make_tenant(db, communication_log_retention_days=days)["tenant_id"]
        age = timedelta(days=days, microseconds=microseconds)
        row = make.make_whatsapp_log(db, tenant_id, created_at=_now(db) - age)
        batch(db, "purge_communication_logs")
        assert _there(db, "public.communication_logs", row) is (microseconds <= 0)


@_sides
@pytest.mark.parametrize("status", ["delivered", "exhausted"])
def test_webhook_finished_for_7_days(db: Connection, tenant: UUID, older: timedelta, goes: bool, status: str) -> None:
    finished: Row = {"status": status, "next_attempt_at": None, "finished_at": _now(db) - timedelta(days=7) - older}
    delivery = make.make_webhook_delivery(db, tenant, attempts=1, max_attempts=1, **finished)
    attempt = make.make_webhook_attempt(db, delivery)
    batch(db, "purge_webhook_deliveries")
    assert _there(db, "public.webhook_deliveries", delivery) is not goes
    assert _there(db, "public.webhook_attempts", attempt) is not goes


def test_webhook_that_is_still_to_be_tried_stays_however_old(db: Connection, tenant: UUID) -> None:
    row = make.make_webhook_delivery(db, tenant, created_at=_now(db) - timedelta(days=3650))
    batch(db, "purge_webhook_deliveries")
    assert _there(db, "public.webhook_deliveries", row)


@_sides
@pytest.mark.req("5.2")
def test_audit_entry_of_two_years(db: Connection, tenant: UUID, older: timedelta, goes: bool) -> None:
    two_years_ago = value(db, "select now() - interval '2 years'")
    row = make.make_audit_log(db, tenant, occurred_at=two_years_ago - older)
    batch(db, "purge_audit_logs")
    assert _there(db, "private.audit_logs", row) is not goes


@_sides
def test_run_of_90_days(db: Connection, older: timedelta, goes: bool) -> None:
    started = _now(db) - timedelta(days=90) - older
    ended = {"started_at": started, "finished_at": started}
    old = make.make_job_run(db, "purge_verifications", status="succeeded", **ended)
    db.execute("delete from private.job_runs where job_name = 'purge_audit_logs'")
    others = make.make_job_run(db, "purge_audit_logs", status="succeeded", **ended)
    last = make.make_job_run(db, "purge_verifications", status="succeeded", **ended)
    for runid in (1_000_001, 1_000_002):
        db.execute(
            "insert into cron.job_run_details (jobid, runid, username, start_time, end_time)"
            " values (1, %s, 'postgres', %s, %s)",
            [runid, started if runid % 2 else None, started],
        )
    batch(db, "purge_job_runs")
    assert _there(db, "private.job_runs", old) is not goes
    assert _there(db, "private.job_runs", last), "monitoring counts from each job's last success"
    assert _there(db, "private.job_runs", others)
    assert value(db, "select count(*) from cron.job_run_details where runid > 1000000") == (0 if goes else 2)


@_sides
@pytest.mark.req("6.4")
def test_every_table_loses_what_was_deleted_90_days_ago(db: Connection, older: timedelta, goes: bool) -> None:
    mark = sql.SQL("update {} set deleted_at = now() - interval '90 days' - %s, deletion_id = gen_random_uuid()")
    for name in purged_tables():
        db.execute(mark.format(sql.Identifier(*name.split("."))), [older])
    before = {name: keys(db, name) for name in purged_tables()}
    assert all(before.values()), "the sample fills every table"
    batch(db, "purge_soft_deleted")
    assert {name: keys(db, name) for name in purged_tables()} == ({name: set() for name in before} if goes else before)


@pytest.mark.req("6.4")
def test_nothing_that_is_live_or_deleted_later_is_touched(db: Connection) -> None:
    past = "deleted_at < now() - interval '90 days'"
    due = {name: keys(db, name, past) for name in purged_tables()}
    kept = {name: keys(db, name) - due[name] for name in purged_tables()}
    assert any(due.values())
    affected, _ = batch(db, "purge_soft_deleted")
    assert {name: keys(db, name) for name in purged_tables()} == kept
    assert affected == sum(map(len, due.values()))


@pytest.mark.req("2.4", "6.4")
def test_tenant_goes_with_all_that_it_owns_and_nobody_elses(db: Connection, tenants: tuple[UUID, UUID]) -> None:
    gone, other = tenants
    db.execute(
        "update public.tenants set deleted_at = now() - interval '90 days 1 second', deletion_id = tenant_id"
        " where tenant_id = %s",
        [gone],
    )
    owned = [name for name in tables() if "tenant_id" in table(name).columns and name != "private.audit_logs"]
    others = {name: keys(db, name, "tenant_id = %s", other) for name in owned}
    assert all(keys(db, name, "tenant_id = %s", gone) for name in owned), "live rows among them"
    due = {name: keys(db, name, "deleted_at < now() - interval '90 days'") for name in owned}
    # Attempts go with their delivery: at most 20, whatever the size of a batch.
    bounded = [name for name in owned if name != "public.webhook_attempts"]
    left, is_last = sum(len(keys(db, name)) for name in bounded), False
    while not is_last:
        _, is_last = batch(db, "purge_soft_deleted", size=3)
        before, left = left, sum(len(keys(db, name)) for name in bounded)
        assert before - left <= 3, "no cascade takes more than a batch"
    assert {name: keys(db, name, "tenant_id = %s", gone) for name in owned} == {name: set() for name in owned}
    assert {name: keys(db, name) for name in owned} == {name: others[name] - due[name] for name in owned}


@pytest.mark.req("6.4")
def test_parent_waits_for_a_child_that_is_to_be_kept(db: Connection, tenant: UUID) -> None:
    past = _now(db) - timedelta(days=91)
    connection = make.make_slack_connection(db, tenant)
    mapping = make.make_slack_user_mapping(db, connection)
    log = make.make_whatsapp_log(db, tenant)
    delivery = make.make_webhook_delivery(db, tenant, communication_log_id=log["communication_log_id"])
    _mark_deleted(db, "public.slack_connections", tenant, past)
    _mark_deleted(db, "public.communication_logs", tenant, past)
    batch(db, "purge_soft_deleted")
    assert _there(db, "public.slack_user_mappings", mapping)
    assert _there(db, "public.slack_connections", connection)
    assert _there(db, "public.webhook_deliveries", delivery)
    assert _there(db, "public.communication_logs", log)
    _mark_deleted(db, "public.slack_user_mappings", tenant, past)
    batch(db, "purge_soft_deleted")
    assert not _there(db, "public.slack_connections", connection)


@pytest.mark.req("6.4")
def test_references_are_let_go_of_in_batches_before_their_row_goes(db: Connection, tenant: UUID) -> None:
    while not batch(db, "purge_soft_deleted")[1]:
        pass
    number = make.make_verified_number(db, tenant)
    through: Row = {"verified_whatsapp_number_id": number["verified_whatsapp_number_id"]}
    logs = [make.make_whatsapp_log(db, tenant, **through) for _ in range(5)]
    _mark_deleted(db, "public.verified_whatsapp_numbers", tenant, _now(db) - timedelta(days=91))
    assert [batch(db, "purge_soft_deleted", size=2) for _ in range(3)] == [(2, False), (2, False), (2, False)]
    assert not _there(db, "public.verified_whatsapp_numbers", number)
    assert all(_there(db, "public.communication_logs", log) for log in logs)
    assert batch(db, "purge_soft_deleted", size=2) == (0, True)


@pytest.mark.parametrize("zone", _ZONES)
def test_boundary_is_the_same_in_every_time_zone(db: Connection, zone: str) -> None:
    query = "select now() - private.retention_boundary(%s::interval) = interval '24 hours' * %s"
    db.execute("select set_config('timezone', %s, true)", [zone])
    for days in (1, 90, 180, 3650):
        assert value(db, query, f"{days} days", days)
