"""Usage by day is right against a recount, stays when its rows go, and is told to whom it is about."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixtures import factories as make
from schemaproof.database import Database
from schemaproof.identity import Identity, anon, member, service
from suites.fixture_types import ActingAs, Refused
from suites.soft_delete.deletion import restore, soft_delete
from suites.statistics.recount import Usage, recount, refresh, stored, usage_between
from suites.waiting import await_lock

pytestmark = pytest.mark.req("8.5")

_DAYS = (date(2026, 3, 1), date(2026, 3, 4))
_INSTANTS = st.integers(-3, 4 * 86_400 * 1_000_000 + 3).map(
    lambda us: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(microseconds=us)
)
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["whatsapp", "failed", "slack", "requested", "verified", "pending", "delivered", "exhausted"]),
        st.integers(0, 1),
        _INSTANTS,
        st.booleans(),
    ),
    max_size=25,
)


def test_sample_is_counted_as_python_counts_it(db: psycopg.Connection[Any]) -> None:
    db.execute("delete from public.usage_statistics")
    expected = recount(db)
    days = [day for _, day in expected]
    written = refresh(db, min(days), max(days))
    assert stored(db) == expected
    assert written == len(expected) > 4


# The fixture is one transaction for all examples; each of them is rolled back to where it began.
@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS, zone=st.sampled_from(["UTC", "Pacific/Kiritimati", "America/Los_Angeles"]))
def test_any_rows_are_counted_as_python_counts_them(
    db: psycopg.Connection[Any], rows: list[tuple[str, int, datetime, bool]], zone: str
) -> None:
    with db.transaction(force_rollback=True):
        for name in ("usage_statistics", "communication_logs", "whatsapp_verifications", "webhook_deliveries"):
            db.execute(f"delete from public.{name}".encode())
        db.execute("select set_config('timezone', %s, true)", [zone])
        tenants = [make.make_tenant(db)["tenant_id"] for _ in range(2)]
        for kind, tenant, at, deleted in rows:
            _make(db, kind, tenants[tenant], at, deleted=deleted)
        refresh(db, *_DAYS)
        counted = {key: usage for key, usage in recount(db).items() if _DAYS[0] <= key[1] <= _DAYS[1]}
        assert stored(db) == counted
        for tenant in tenants:
            total = Usage()
            for (owner, day), usage in counted.items():
                total = total.plus(usage) if owner == tenant and day < _DAYS[1] else total
            assert usage_between(db, _DAYS[0], _DAYS[1] - timedelta(days=1), tenant) == total


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 1, 23, 59, 59, 999_999, UTC), date(2026, 3, 1)),
        (datetime(2026, 3, 2, 0, 0, 0, 0, UTC), date(2026, 3, 2)),
        (datetime(2026, 3, 2, 23, 59, 59, 999_999, UTC), date(2026, 3, 2)),
    ],
)
def test_day_begins_and_ends_at_midnight_in_utc(db: psycopg.Connection[Any], at: datetime, day: date) -> None:
    tenant = make.make_tenant(db)["tenant_id"]
    _make(db, "whatsapp", tenant, at, deleted=False)
    refresh(db, *_DAYS)
    assert [key for key in stored(db) if key[0] == tenant] == [(tenant, day)]


def test_counting_again_writes_nothing(db: psycopg.Connection[Any]) -> None:
    db.execute("delete from public.usage_statistics")
    days = [day for _, day in recount(db)]
    assert refresh(db, min(days), max(days)) > 0
    before = db.execute("select *, ctid::text from public.usage_statistics").fetchall()
    assert refresh(db, min(days), max(days)) == 0
    assert db.execute("select *, ctid::text from public.usage_statistics").fetchall() == before


@pytest.mark.req("9.1")
def test_count_stays_when_the_rows_are_removed(db: psycopg.Connection[Any]) -> None:
    db.execute("delete from public.usage_statistics")
    days = [day for _, day in recount(db)]
    refresh(db, min(days), max(days))
    before = stored(db)
    for name in ("communication_logs", "whatsapp_verifications", "webhook_deliveries"):
        db.execute(f"delete from public.{name}".encode())
    refresh(db, min(days), max(days))
    assert stored(db) == before != {}


def test_count_follows_what_comes_and_what_ends_well_after_all(db: psycopg.Connection[Any]) -> None:
    tenant, at = make.make_tenant(db)["tenant_id"], datetime(2026, 3, 2, 12, tzinfo=UTC)
    log = make.make_whatsapp_log(db, tenant, status="failed", created_at=at)
    refresh(db, *_DAYS)
    assert stored(db)[tenant, at.date()] == Usage(whatsapp_messages=1, failed_messages=1)
    db.execute(
        "update public.communication_logs set status = 'delivered' where communication_log_id = %s",
        [log["communication_log_id"]],
    )
    make.make_whatsapp_log(db, tenant, created_at=at)
    refresh(db, *_DAYS)
    assert stored(db)[tenant, at.date()] == Usage(whatsapp_messages=2)
    db.execute("delete from public.communication_logs where tenant_id = %s", [tenant])
    make.make_whatsapp_log(db, tenant, status="failed", created_at=at)
    refresh(db, *_DAYS)
    assert stored(db)[tenant, at.date()] == Usage(whatsapp_messages=2, failed_messages=1)


@pytest.mark.req("6.3")
def test_deleted_tenant_is_not_counted_and_can_be_restored_with_its_usage(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]
) -> None:
    before = stored(db)
    soft_delete(db, "public.tenants", tenants[0])
    days = [day for _, day in recount(db)]
    refresh(db, min(days), max(days))
    assert {tenant for tenant, _ in stored(db)} == {tenants[1]}
    restore(db, "public.tenants", tenants[0])
    assert {key: usage for key, usage in stored(db).items() if key[0] == tenants[0]} == {
        key: usage for key, usage in before.items() if key[0] == tenants[0]
    }


@pytest.mark.req("6.3")
def test_tenant_that_is_being_deleted_is_not_counted_nor_waited_for(
    sampled_db: Database, tenants: tuple[UUID, UUID]
) -> None:
    with sampled_db.connect() as counting, sampled_db.connect(autocommit=False) as deleting:
        make.make_whatsapp_log(counting, tenants[0], created_at=datetime(2026, 3, 2, tzinfo=UTC))
        make.make_whatsapp_log(counting, tenants[1], created_at=datetime(2026, 3, 2, tzinfo=UTC))
        counting.execute("set lock_timeout = '1s'")
        soft_delete(deleting, "public.tenants", tenants[0])
        assert refresh(counting, *_DAYS) == 1
        deleting.commit()
        assert restore(counting, "public.tenants", tenants[0]) > 10
        assert refresh(counting, *_DAYS) == 1


@pytest.mark.req("6.3")
def test_tenant_is_deleted_with_what_is_being_counted(sampled_db: Database, tenants: tuple[UUID, UUID]) -> None:
    with (
        sampled_db.connect() as watcher,
        sampled_db.connect(autocommit=False) as counting,
        sampled_db.connect() as deleting,
        ThreadPoolExecutor(1) as pool,
    ):
        make.make_whatsapp_log(watcher, tenants[0], created_at=datetime(2026, 3, 2, tzinfo=UTC))
        assert refresh(counting, *_DAYS) == 1
        waiting = pool.submit(soft_delete, deleting, "public.tenants", tenants[0])
        await_lock(watcher, deleting.info.backend_pid)
        counting.commit()
        waiting.result(30)
        assert {tenant for tenant, _ in stored(watcher)} == {tenants[1]}
        restore(watcher, "public.tenants", tenants[0])
        assert stored(watcher)[tenants[0], date(2026, 3, 2)] == Usage(whatsapp_messages=1)


def test_two_refreshes_at_random_times_end_where_one_would(db: psycopg.Connection[Any]) -> None:
    """However the rows come in between, the last refresh of a day leaves the recount."""
    random, tenant = Random(8), make.make_tenant(db)["tenant_id"]
    for _ in range(10):
        for kind in random.choices(["whatsapp", "slack", "failed", "requested", "delivered"], k=3):
            _make(db, kind, tenant, datetime(2026, 3, random.randint(1, 4), 12, tzinfo=UTC), deleted=False)
        refresh(db, *_DAYS)
        counted = {key: usage for key, usage in recount(db).items() if key[0] == tenant}
        assert {key: usage for key, usage in stored(db).items() if key[0] == tenant} == counted


@pytest.mark.req("3.5")
def test_member_is_told_of_the_own_tenant_and_the_back_end_of_any(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    totals = []
    for tenant in tenants:
        total = Usage()
        for (owner, _), usage in stored(db).items():
            total = total.plus(usage) if owner == tenant else total
        totals.append(total)
    period = ("-infinity", "infinity")
    with acting_as(member(tenants[0])) as connection:
        for argument in ((), (None,), (tenants[0],)):
            assert usage_between(connection, *period, *argument) == totals[0] != Usage()
        for argument in ((tenants[1],), (uuid4(),), (UUID(int=0),)):
            assert usage_between(connection, *period, *argument) == Usage()
    with acting_as(service()) as connection:
        assert [usage_between(connection, *period, tenant) for tenant in tenants] == totals
        assert usage_between(connection, *period) == usage_between(connection, *period, uuid4()) == Usage()


@pytest.mark.req("3.2", "3.3")
def test_nobody_is_told_of_nothing(acting_as: ActingAs, refused: Refused) -> None:
    for claims in ("", "{}", '{"tenant_id": "x"}'):
        with acting_as(Identity("nobody", "authenticated", claims)) as connection:
            assert usage_between(connection, "-infinity", "infinity") == Usage()
    with refused("42501"), acting_as(anon()) as connection:
        usage_between(connection, "-infinity", "infinity")


@pytest.mark.parametrize(
    ("period", "days"),
    [
        (("2026-03-01", "2026-03-01"), 1),
        (("2026-03-01", "2026-03-03"), 3),
        (("2026-03-02", "2026-03-02"), 1),
        (("2026-03-04", "2026-03-05"), 0),
        (("-infinity", "2026-03-02"), 2),
        (("2026-03-03", "infinity"), 1),
    ],
)
def test_period_includes_both_its_days(
    db: psycopg.Connection[Any], acting_as: ActingAs, period: tuple[str, str], days: int
) -> None:
    tenant = make.make_tenant(db)["tenant_id"]
    for day in (1, 2, 3):
        make.make_usage_statistic(db, tenant, day=date(2026, 3, day), slack_messages=10, webhooks_exhausted=day)
    make.make_usage_statistic(db, tenant, day=date(2026, 3, 1), slack_messages=5, deleted_at="now", deletion_id=uuid4())
    with acting_as(member(tenant)) as connection:
        assert usage_between(connection, *period).slack_messages == 10 * days


@pytest.mark.parametrize(
    "period", [("2026-03-02", "2026-03-01"), (None, "2026-03-01"), ("2026-03-01", None), (None, None)]
)
def test_what_is_no_period_is_refused(
    db: psycopg.Connection[Any],
    tenants: tuple[UUID, UUID],
    acting_as: ActingAs,
    refused: Refused,
    period: tuple[str | None, str | None],
) -> None:
    with refused("SP501"), acting_as(member(tenants[0])) as connection:
        usage_between(connection, *period)
    with refused("SP501"):
        refresh(db, *period)


@pytest.mark.parametrize("period", [("-infinity", "2026-03-01"), ("2026-03-01", "infinity"), ("-infinity", "infinity")])
def test_days_without_end_are_not_counted(
    db: psycopg.Connection[Any], refused: Refused, period: tuple[str, str]
) -> None:
    with refused("SP501"):
        refresh(db, *period)


def _make(db: psycopg.Connection[Any], kind: str, tenant: UUID, at: datetime, *, deleted: bool) -> None:
    """Insert a row of a kind that is counted, deleted softly or not."""
    over: dict[str, Any] = {"created_at": at} | ({"deleted_at": at, "deletion_id": uuid4()} if deleted else {})
    ended: dict[str, Any] = {"next_attempt_at": None, "finished_at": at, "attempts": 8}
    match kind:
        case "whatsapp" | "failed":
            make.make_whatsapp_log(db, tenant, status="failed" if kind == "failed" else "sent", **over)
        case "slack":
            make.make_slack_log(db, make.make_slack_connection(db, tenant), **over)
        case "requested" | "verified":
            state = {"status": "verified", "verified_at": at} if kind == "verified" else {"status": "superseded"}
            make.make_verification(db, tenant, expires_at=at + timedelta(minutes=10), **state, **over)
        case "pending":
            make.make_webhook_delivery(db, tenant, **over)
        case _:
            make.make_webhook_delivery(db, tenant, status=kind, **ended, **over)
