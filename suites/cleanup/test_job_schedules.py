"""The scheduler runs the jobs as virtual days pass: pg_cron itself where one is installed, and its emulation.

One suite for both; only what pg_cron ran proves 9.3. Rows are made at the moved clock's time, by their defaults, and
the clock then goes on past them.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from fixtures import factories as make
from fixtures.row import Row
from schemaproof.clock import ScheduledDatabase
from schemaproof.session import Session
from suites.cleanup.jobs import Connection, keys, problems, runs, value
from suites.cleanup.scheduler import open_installed, open_real
from suites.dictionary.declared import jobs, table

_DAY = timedelta(days=1)


class _Story:
    """A tenant's rows, made while the clock stands at some day's noon, and what is left of them later."""

    def __init__(self, database: ScheduledDatabase, connection: Connection) -> None:
        self.database, self.connection = database, connection
        self.start = (database.clock.now() + _DAY).replace(hour=12, minute=30, second=0, microsecond=0)
        self.tenant_id: UUID = make.make_tenant(connection)["tenant_id"]

    def live_on(self, days: float) -> None:
        """Move the clock to so many days after the start."""
        self.database.clock.jump_to(self.start + days * _DAY)

    def reach(self, days: int, hour: int, minute: int) -> list[str]:
        """Let the scheduler live through this minute; return the jobs that it ran, each of which succeeded."""
        found = self.database.reach(self.minute(days, hour, minute))
        assert [run.status for run in found] == ["succeeded"] * len(found), found
        return [str(run.jobname) for run in found]

    def minute(self, days: int, hour: int, minute: int) -> datetime:
        """Return this time of the day that comes so many days after the start's."""
        return (self.start + days * _DAY).replace(hour=hour, minute=minute)

    def there(self, name: str, row: Row) -> bool:
        """Tell whether a row is still in its table."""
        return tuple(row[column] for column in table(name).primary_key) in keys(self.connection, name)

    def deleted(self) -> Row:
        """Return the marks of a deletion that happens now."""
        return {"deleted_at": value(self.connection, "select now()"), "deletion_id": self.tenant_id}


def _is_within(run: Row, start: datetime, end: datetime) -> bool:
    """Tell whether our log puts a run into the span of the scheduler's, which notes its start once it has sent it."""
    return bool(start - timedelta(seconds=1) <= run["started_at"] <= run["finished_at"] <= end)


@pytest.fixture(scope="module")
def installed(schemaproof_session: Session) -> Iterator[Session]:
    """A session on the installed PostgreSQL, whichever the run is on."""
    with open_installed(schemaproof_session) as session:
        yield session


@pytest.fixture
def pg_cron(installed: Session) -> Iterator[ScheduledDatabase]:
    """A database whose jobs pg_cron itself runs."""
    with open_real(installed) as database:
        yield database


@pytest.fixture
def emulation(clock_db: ScheduledDatabase) -> ScheduledDatabase:
    """A database whose jobs the emulation runs."""
    if clock_db.real:
        pytest.skip("the run's server has pg_cron itself")
    return clock_db


@pytest.fixture(
    params=[
        pytest.param("pg_cron", marks=pytest.mark.req("9.3")),
        pytest.param("emulation", marks=pytest.mark.req("9.1")),
    ]
)
def story(request: pytest.FixtureRequest) -> Iterator[_Story]:
    database: ScheduledDatabase = request.getfixturevalue(request.param)
    with database.connect() as connection:
        yield _Story(database, connection)


@pytest.mark.req("5.3", "8.4")
def test_after_a_minute_the_code_whose_time_has_come_is_stored_as_expired(story: _Story) -> None:
    quarter = story.minute(0, 12, 45)
    due, pending = (
        make.make_verification(
            story.connection,
            story.tenant_id,
            created_at=quarter + offset - timedelta(minutes=10),
            expires_at=quarter + offset,
        )
        for offset in (timedelta(minutes=-1), timedelta(minutes=1))
    )
    assert story.reach(0, 12, 45) == ["purge_verifications"]
    status = "select status from public.whatsapp_verifications where whatsapp_verification_id = %s"
    assert value(story.connection, status, due["whatsapp_verification_id"]) == "expired"
    assert value(story.connection, status, pending["whatsapp_verification_id"]) == "pending"


@pytest.mark.req("9.1")
def test_after_a_day_expired_codes_are_gone(story: _Story) -> None:
    story.live_on(0)
    old = make.make_verification(story.connection, story.tenant_id)
    story.live_on(0.5)
    young = make.make_verification(story.connection, story.tenant_id)
    assert story.reach(1, 12, 30) == ["purge_verifications"]
    assert story.there("public.whatsapp_verifications", old), "it expired 10 minutes after it was made"
    assert story.reach(1, 12, 45) == ["purge_verifications"]
    assert not story.there("public.whatsapp_verifications", old)
    assert story.there("public.whatsapp_verifications", young)


@pytest.mark.req("6.4", "9.1")
def test_after_91_days_what_was_deleted_is_gone(story: _Story) -> None:
    story.live_on(0)
    old = make.make_verified_number(story.connection, story.tenant_id, **story.deleted())
    live = make.make_verified_number(story.connection, story.tenant_id)
    story.live_on(2)
    young = make.make_verified_number(story.connection, story.tenant_id, **story.deleted())
    assert story.reach(90, 3, 10) == ["purge_soft_deleted"]
    assert story.there("public.verified_whatsapp_numbers", old), "90 days are over at noon"
    assert story.reach(91, 3, 10) == ["purge_soft_deleted"]
    assert not story.there("public.verified_whatsapp_numbers", old)
    assert story.there("public.verified_whatsapp_numbers", young)
    assert story.there("public.verified_whatsapp_numbers", live)


@pytest.mark.req("9.1")
def test_after_181_days_logs_past_their_tenants_retention_are_gone(story: _Story) -> None:
    story.live_on(0)
    patient = make.make_tenant(story.connection, communication_log_retention_days=181)["tenant_id"]
    old, kept = (make.make_whatsapp_log(story.connection, tenant) for tenant in (story.tenant_id, patient))
    story.live_on(2)
    young = make.make_whatsapp_log(story.connection, story.tenant_id)
    assert story.reach(180, 3, 40) == ["purge_communication_logs"]
    assert story.there("public.communication_logs", old), "180 days are over at noon"
    assert story.reach(181, 3, 40) == ["purge_communication_logs"]
    assert not story.there("public.communication_logs", old)
    assert story.there("public.communication_logs", young)
    assert story.there("public.communication_logs", kept), "its tenant's 181 days are over at noon"


@pytest.mark.req("9.1", "9.4")
def test_every_job_is_run_and_both_logs_and_the_schedulers_own_lines_agree(story: _Story) -> None:
    times = {(1, 3, 10), (1, 3, 40), (1, 3, 50), (1, 4, 0), (1, 4, 5), (1, 4, 20)}
    ran = [name for time in sorted(times) for name in story.reach(*time)]
    assert set(ran) == set(jobs())
    logged = {name: runs(story.connection, name) for name in ran}
    details = story.connection.execute(
        "select j.jobname, d.status, d.username, d.start_time, d.end_time"
        " from cron.job_run_details as d join cron.job as j using (jobid) order by d.runid"
    ).fetchall()
    assert sorted(name for name, *_ in details) == sorted(ran)
    assert {name: len(found) for name, found in logged.items()} == Counter(ran)
    for name, status, username, start, end in details:
        (run,) = [found for found in logged[name] if _is_within(found, start, end)]
        assert (run["status"], status, username) == ("succeeded", "succeeded", "postgres")
        assert start.replace(second=0, microsecond=0) in {story.minute(*time) for time in times}
    assert problems(story.connection) == {}
    _require_launchers_lines(story.database, {story.minute(*time) for time in times})


def _require_launchers_lines(database: ScheduledDatabase, minutes: set[datetime]) -> None:
    """Of the real scheduler, its own lines in the server's log tell the moved time."""
    written = {
        when.replace(second=0, microsecond=0) for when, text in database.launcher_log() if " starting: call " in text
    }
    assert written == (minutes if database.real else set())


@pytest.mark.req("9.2", "9.4")
def test_job_that_fails_is_failed_in_both_logs_and_seen_by_monitoring(story: _Story) -> None:
    story.connection.execute("update private.jobs set retention = null where job_name = 'purge_verifications'")
    (run,) = story.database.reach(story.minute(0, 12, 45))
    assert (run.jobname, run.status) == ("purge_verifications", "failed")
    (logged,) = runs(story.connection, "purge_verifications")
    assert (logged["status"], logged["error_sqlstate"]) == ("failed", "SP903")
    assert _is_within(logged, run.start_time, run.end_time)
    assert problems(story.connection)["purge_verifications", "failed"] == logged["finished_at"]


@pytest.mark.req("9.4")
def test_job_that_the_scheduler_lost_is_seen_as_days_pass(story: _Story) -> None:
    story.connection.execute("set role postgres")
    story.connection.execute("select cron.unschedule('purge_soft_deleted')")
    story.connection.execute("reset role")
    assert ("purge_soft_deleted", "never_run") not in problems(story.connection)
    story.live_on(2)
    registered = value(story.connection, "select created_at from private.jobs where job_name = 'purge_soft_deleted'")
    assert problems(story.connection)["purge_soft_deleted", "never_run"] == registered
