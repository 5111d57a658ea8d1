"""The emulated pg_cron against what pg_cron 1.6 does, and against the real one of the system's PostgreSQL (1.4)."""

from collections.abc import Iterator

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.server import ServerSpec
from tests.installed import open_or_skip
from tests.platform.statements import SUPABASE, sqlstate, value

MEMBERS = """
    select proname, pg_get_function_identity_arguments(oid), pg_get_function_result(oid), proisstrict
    from pg_proc where pronamespace = 'cron'::regnamespace
"""
COLUMNS = """
    select table_name, column_name, data_type, is_nullable from information_schema.columns
    where table_schema = 'cron' and table_name in ('job', 'job_run_details')
"""
GRANTS = """
    select relname, privilege_type, is_grantable
    from pg_class, aclexplode(relacl) as acl
    where relnamespace = 'cron'::regnamespace and relname in ('job', 'job_run_details') and grantee = %s::regrole
"""
# Taken by 1.4's parser, which steps over what it cannot read; refused here, and by 1.6 where it is out of range.
LENIENT = """
*/60 * * * * | 1-59/60 * * * * | * */24 * * * | *5 * * * * | * * * * sun#1 | 5-1 * * * * | *-5 * * * *
"""
SCHEDULES = """
* * * * * | */5 0 1 jan sun | */5 0 1 JAN Mon-Fri | *,5 * * * * | 0,30 1-5/2 * * 1-5 | 00 007 * * * | * * 31 2 *
* * * * 7 | * * * * * and more | 1 1 1 1 mon,tue | */59 * * * *
@hourly | @daily | @midnight | @weekly | @monthly | @yearly | @annually | @reboot | @HOURLY | @never
* * * * | 60 * * * * | * 24 * * * | * * 0 * * | * * 32 * * | * * * 0 * | * * * 13 * | * * * * 8
*/0 * * * * | 1/5 * * * * | -5 * * * * | +1 * * * * | 5x * * * * | 5, * * * * | ,5 * * * * | 5/ * * * *
x * * * * | jan * * * * | * * * janx * | * * L * * | * * ? * * | 0 seconds | 60 seconds | -1 seconds
"""


def _listed(table: str) -> list[str]:
    return [schedule.strip() for line in table.strip().splitlines() for schedule in line.split("|")]


@pytest.fixture
def cron(migrator: psycopg.Connection) -> psycopg.Connection:
    """As the non-superuser postgres, who created pg_cron the way Supabase's guide does."""
    migrator.execute("create extension pg_cron with schema pg_catalog")
    return migrator


@pytest.fixture(scope="module")
def real() -> Iterator[psycopg.Connection]:
    """A superuser where the real pg_cron is."""
    settings = {
        "shared_preload_libraries": "pg_cron",
        "cron.database_name": "postgres",
        "cron.use_background_workers": "on",
    }
    with open_or_skip(ServerSpec(kind="system", settings=settings)) as server, server.connect() as connection:
        try:
            connection.execute("create extension pg_cron")
        except psycopg.errors.FeatureNotSupported as error:
            pytest.skip(str(error))
        yield connection


def test_job_belongs_to_its_user_and_database(cron: psycopg.Connection) -> None:
    job = value(cron, "select cron.schedule('0 4 * * *', 'vacuum')")
    row = cron.execute("select jobid, schedule, command, username, database = current_database(), active, jobname"
                       " from cron.job").fetchone()  # fmt: skip
    assert row == (job, "0 4 * * *", "vacuum", "postgres", True, True, None)


def test_name_scheduled_again_replaces_the_job(cron: psycopg.Connection) -> None:
    first = value(cron, "select cron.schedule('nightly', '0 4 * * *', 'vacuum')")
    assert value(cron, "select cron.schedule('nightly', '0 5 * * *', 'analyze')") == first
    assert cron.execute("select schedule, command from cron.job").fetchall() == [("0 5 * * *", "analyze")]


def test_job_is_unscheduled_by_id_and_by_name(cron: psycopg.Connection) -> None:
    job = value(cron, "select cron.schedule('0 4 * * *', 'vacuum')")
    cron.execute("select cron.schedule('nightly', '0 4 * * *', 'vacuum')")
    assert value(cron, "select cron.unschedule(%s::bigint)", job) is True
    assert value(cron, "select cron.unschedule('nightly')") is True
    assert value(cron, "select count(*) from cron.job") == 0


def test_alter_job_changes_what_is_given(cron: psycopg.Connection) -> None:
    job = value(cron, "select cron.schedule('nightly', '0 4 * * *', 'vacuum')")
    cron.execute("select cron.alter_job(%s, schedule => '30 seconds', active => false)", (job,))
    assert cron.execute("select schedule, command, active from cron.job").fetchone() == ("30 seconds", "vacuum", False)


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("select cron.unschedule('absent')", "XX000"),
        ("select cron.unschedule(4711)", "XX000"),
        ("select cron.alter_job(4711, active => true)", "XX000"),
        ("select cron.alter_job(null)", "XX000"),
        ("select cron.alter_job(1)", "XX000"),
        ("select cron.schedule(null, '* * * * *', 'vacuum')", "XX000"),
        ("select cron.schedule('nightly', null, 'vacuum')", "XX000"),
        ("select cron.schedule('nightly', '* * * * *', null)", "XX000"),
        ("select cron.schedule('nightly', 'soon', 'vacuum')", "22023"),
        ("select cron.schedule_in_database('nightly', '* * * * *', 'vacuum', 'absent')", "3D000"),
        ("select cron.schedule_in_database('nightly', 'soon', 'vacuum', current_database())", "22023"),
    ],
)
def test_refusals_are_pg_crons(cron: psycopg.Connection, real: psycopg.Connection, statement: str, state: str) -> None:
    assert sqlstate(cron, statement) == state
    assert sqlstate(real, statement) == state


def test_job_of_another_role_takes_a_superuser(superuser: psycopg.Connection) -> None:
    scheduling = "select cron.schedule_in_database('nightly', '* * * * *', 'vacuum', current_database(), %s)"
    superuser.execute("create extension pg_cron; create role worker login")
    assert sqlstate(superuser, scheduling, "worker") is None
    assert value(superuser, "select username from cron.job") == "worker"
    assert sqlstate(superuser, scheduling, "anon") == "XX000"
    assert sqlstate(superuser, scheduling, "absent") == "XX000"
    superuser.execute("set local role postgres")
    assert sqlstate(superuser, scheduling, "worker") == "XX000"


def test_postgres_reads_all_jobs_and_writes_only_through_the_functions(cron: psycopg.Connection) -> None:
    cron.execute("select cron.schedule('nightly', '0 4 * * *', 'vacuum')")
    for statement in (
        "insert into cron.job (schedule, command) values ('* * * * *', 'vacuum')",
        "update cron.job set command = 'analyze'",
        "delete from cron.job",
        "truncate cron.job",
    ):
        assert sqlstate(cron, statement) == "42501"
    assert set(cron.execute(GRANTS, ("postgres",)).fetchall()) == {
        ("job", "SELECT", True),
        *(("job_run_details", privilege, True) for privilege in _all_privileges(cron) - {"TRIGGER"}),
    }


def _all_privileges(connection: psycopg.Connection) -> set[str]:
    names = {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}
    return names | ({"MAINTAIN"} if connection.info.server_version >= 170000 else set())


def test_roles_of_requests_cannot_schedule(cron: psycopg.Connection) -> None:
    cron.execute("set local role authenticated")
    assert sqlstate(cron, "select cron.schedule('* * * * *', 'vacuum')") == "42501"


def test_role_sees_and_ends_its_own_jobs_only(cron: psycopg.Connection) -> None:
    theirs = value(cron, "select cron.schedule('nightly', '0 4 * * *', 'vacuum')")
    cron.execute("create role worker login; grant usage on schema cron to worker; grant worker to postgres")
    cron.execute("set local role worker")
    assert value(cron, "select count(*) from cron.job") == 0
    assert sqlstate(cron, "select cron.schedule('nightly', '0 4 * * *', 'vacuum')") is None
    assert sqlstate(cron, "select cron.alter_job(1, active => false)") == "42501"
    assert sqlstate(cron, f"select cron.unschedule({theirs}::bigint)") == "XX000"
    assert value(cron, "select cron.unschedule('nightly')") is True
    cron.execute("reset role")
    assert cron.execute("select jobid, username from cron.job").fetchall() == [(theirs, "postgres")]


@pytest.mark.parametrize("schedule", [*_listed(SCHEDULES), "", "  ", " 5 * * * * ", "\t* *\t* * *", "5 4 * * *\n"])
def test_schedule_is_taken_or_refused_as_by_the_real_one(
    cron: psycopg.Connection, real: psycopg.Connection, schedule: str
) -> None:
    statement = "select cron.schedule(%s, 'vacuum')"
    assert sqlstate(cron, statement, schedule) == sqlstate(real, statement, schedule)


@pytest.mark.parametrize("schedule", _listed(LENIENT))
def test_schedule_that_the_real_one_misreads_is_refused(
    cron: psycopg.Connection, real: psycopg.Connection, schedule: str
) -> None:
    statement = "select cron.schedule(%s, 'vacuum')"
    assert sqlstate(real, statement, schedule) is None
    assert sqlstate(cron, statement, schedule) == "22023"


@pytest.mark.parametrize("schedule", ["30 seconds", "1 second", "59  SECONDS", "0 11 $ * *"])
def test_schedules_that_came_after_1_4_are_taken(cron: psycopg.Connection, schedule: str) -> None:
    assert sqlstate(cron, "select cron.schedule(%s, 'vacuum')", schedule) is None


def test_functions_are_the_real_ones_but_for_the_names_type(cron: psycopg.Connection, real: psycopg.Connection) -> None:
    """1.5 made the type of a job's name text."""
    since_1_5 = {("unschedule", "job_name name", "boolean", True), ("unschedule", "job_name text", "boolean", True)}
    assert set(real.execute(MEMBERS).fetchall()) ^ set(cron.execute(MEMBERS).fetchall()) == since_1_5


def test_tables_are_the_real_ones_but_for_the_names_type(cron: psycopg.Connection, real: psycopg.Connection) -> None:
    difference = set(real.execute(COLUMNS).fetchall()) ^ set(cron.execute(COLUMNS).fetchall())
    assert difference == {("job", "jobname", "name", "YES"), ("job", "jobname", "text", "YES")}


def test_public_may_do_what_the_real_one_lets_it(cron: psycopg.Connection, real: psycopg.Connection) -> None:
    expected = real.execute(GRANTS, ("-",)).fetchall()
    assert expected
    assert sorted(cron.execute(GRANTS, ("-",)).fetchall()) == sorted(expected)
    policies = "select tablename, policyname, roles::text, cmd from pg_policies where schemaname = 'cron' order by 2"
    assert cron.execute(policies).fetchall() == real.execute(policies).fetchall()


def test_extension_is_dropped_whole(cron: psycopg.Connection) -> None:
    cron.execute("drop extension pg_cron")
    assert value(cron, "select to_regnamespace('cron')") is None


def test_emulated_one_replaces_the_real_one_in_databases_that_are_cloned(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("create extension pg_cron")
        parts = {part.name: part for part in SUPABASE.parts(connection)}
    assert not parts["pg_cron"].real
    assert parts["pgcrypto"].real
    assert parts["pg_cron"].version == "1.6"


def test_real_one_is_there_before_the_migrations_where_its_scheduler_runs() -> None:
    settings = {"shared_preload_libraries": "pg_cron", "cron.database_name": "scheduled"}
    with open_or_skip(ServerSpec(kind="system", settings=settings)) as server:
        with server.connect() as administrator:
            if value(administrator, "select count(*) from pg_available_extensions where name = 'pg_cron'") == 0:
                pytest.skip("the system's PostgreSQL has no pg_cron")
            SUPABASE.create_roles(administrator)
            administrator.execute("create database scheduled")
        with server.connect("scheduled") as superuser, server.connect("scheduled", role="postgres") as postgres:
            SUPABASE.install(superuser)
            assert [part.real for part in SUPABASE.parts(superuser) if part.name == "pg_cron"] == [True]
            assert sqlstate(postgres, "create extension if not exists pg_cron") is None
            assert sqlstate(postgres, "select cron.schedule('nightly', '0 4 * * *', 'vacuum')") is None
            assert sqlstate(postgres, "delete from cron.job") == "42501"
