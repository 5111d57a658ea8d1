"""Each job is declared, registered, scheduled and made so that it can commit."""

import re
from datetime import timedelta
from itertools import pairwise

import psycopg
import pytest

from schemaproof.platform.cron import due_times
from suites.cleanup.jobs import Connection, value
from suites.dictionary.declared import jobs

pytestmark = pytest.mark.req("9.1")


def test_jobs_are_those_declared_and_scheduled(db: Connection) -> None:
    declared = {(name, cells["schedule"], f"call {cells['procedure']}()") for name, cells in jobs().items()}
    registered = db.execute("select job_name, schedule, format('call private.%s()', job_name) from private.jobs")
    scheduled = db.execute("select jobname, schedule, command from cron.job where active and username = 'postgres'")
    assert set(registered) == set(scheduled) == declared
    assert declared


def test_retention_is_the_declared_boundary(db: Connection) -> None:
    found = db.execute("select job_name, retention from private.jobs where retention is not null").fetchall()
    declared = {name: re.search(r"now\(\) - (\d+ \w+)$", cells["boundary"]) for name, cells in jobs().items()}
    by_name = {name: match[1] for name, match in declared.items() if match}
    assert {name for name, _ in found} == set(by_name)
    for name, text in by_name.items():
        assert value(db, "select retention = %s::interval from private.jobs where job_name = %s", text, name), name


@pytest.mark.parametrize("name", jobs())
@pytest.mark.req("9.4")
def test_expected_interval_is_the_schedules(db: Connection, name: str) -> None:
    since = value(db, "select now()")
    times = list(due_times(jobs()[name]["schedule"], since, since + timedelta(days=2)))
    every = value(db, "select expected_every from private.jobs where job_name = %s", name)
    assert {later - earlier for earlier, later in pairwise(times)} == {every}


@pytest.mark.req("9.2")
def test_every_procedure_runs_as_its_caller_and_has_no_setting(db: Connection) -> None:
    query = """
        select oid::regprocedure::text, prosecdef, proconfig from pg_proc
        where pronamespace::regnamespace::text in ('public', 'private')
            and (prokind = 'p' or proname like any (select job_name || '%' from private.jobs))
    """
    found = db.execute(query).fetchall()
    assert {name for name, *_ in found} >= {f"private.{job}(integer)" for job in jobs()}
    assert [name for name, definer, settings in found if definer or settings] == []


@pytest.mark.req("3.5")
@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_no_request_runs_a_job(db: Connection, role: str) -> None:
    for name in jobs():
        procedure = f"{jobs()[name]['procedure']}(integer)"
        assert not value(db, "select has_function_privilege(%s, %s, 'execute')", role, procedure)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), db.transaction():
        db.execute("select set_config('role', %s, true)", [role])
        db.execute("call private.purge_verifications()")
