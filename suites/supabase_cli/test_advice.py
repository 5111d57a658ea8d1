"""What `supabase db lint` and `supabase db advisors` say of the canonical schema: nothing without a reason here."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.session import Session
from suites.cleanup.scheduler import open_installed
from suites.supabase_cli.cli import Cli

pytestmark = pytest.mark.req("1.1")

_CAST = "a literal that a variable starts with: PL/pgSQL casts it from text at each call, which cannot fail"
_RETURN = "it ends in a loop that only RETURN leaves"
_SIGNATURE = "batches have one signature, by which private.run_job() calls them; this one has no use for its run"
# What plpgsql_check tells, by function and SQLSTATE, and why it stays.
LINT = {
    ("public.log_communication", "42804"): _CAST,
    ("public.erase_data_subject", "42804"): _CAST,
    ("public.check_verification_code", "42804"): _CAST,
    ("private.reencrypt", "42804"): _CAST,
    ("public.connect_slack_workspace", "2F005"): _RETURN,
    ("private.current_key_version", "2F005"): _RETURN,
    ("public.restore", "00000"): "a row of any table is read by its name: the query can only be dynamic",
    ("public.restore", "55000"): "`deletion` is a row of that dynamic query, whose columns the checker cannot know",
    ("private.purge_job_runs_batch", "00000"): _SIGNATURE,
    ("private.purge_verifications_batch", "00000"): _SIGNATURE,
    ("private.purge_soft_deleted_batch", "00000"): _SIGNATURE,
    ("private.purge_communication_logs_batch", "00000"): _SIGNATURE,
    ("private.purge_webhook_deliveries_batch", "00000"): _SIGNATURE,
    ("private.purge_audit_logs_batch", "00000"): _SIGNATURE,
}
# What the advisors tell, by rule, and the query for those of which it may be told.
ADVICE = {
    # A function that runs as its caller gains its caller nothing by another search_path; all names in it are
    # qualified, and a setting would keep PostgreSQL from inlining it into policies.
    "function_search_path_mutable": "select proname::text from pg_proc where not prosecdef",
    # The schema has none there on purpose: with row-level security and without a policy, no role gets a row.
    "rls_enabled_no_policy": "select relname::text from pg_class where relnamespace = 'private'::regnamespace",
    # A database made a moment ago has used no index; that each has a query that needs it, the benchmarks prove.
    "unused_index": "select tablename::text from pg_tables where schemaname in ('public', 'private')",
}


@pytest.fixture
def checked(schemaproof_session: Session, cli: Cli) -> Iterator[Database]:
    """The migrated schema on a server that has plpgsql_check itself, which Debian packages for PostgreSQL 15."""
    with open_installed(schemaproof_session) as installed, installed.scratch(installed.fresh) as database:
        with database.connect(role="postgres") as connection:
            if not _has_checker(connection):
                stop = pytest.fail if "SCHEMAPROOF_REQUIRE_SYSTEM" in os.environ else pytest.skip
                stop("the installed PostgreSQL has no plpgsql_check")
        yield database


def test_lint_tells_nothing_without_a_reason(cli: Cli, canonical: Path, checked: Database) -> None:
    found = cli.lint(canonical, checked, ("public", "private"))
    told = {(each["function"], issue["sqlState"]) for each in found for issue in each["issues"]}
    assert told == set(LINT)


def test_lint_tells_of_a_function_that_is_broken(cli: Cli, canonical: Path, checked: Database) -> None:
    with checked.connect(role="postgres") as connection:
        connection.execute("create function public.broken() returns int language plpgsql as 'begin return x; end'")
    found = cli.lint(canonical, checked, ("public",))
    assert ("public.broken", "42703") in {
        (each["function"], issue["sqlState"]) for each in found for issue in each["issues"]
    }


def test_advisors_tell_nothing_without_a_reason(cli: Cli, canonical: Path, fresh_db: Database) -> None:
    told = cli.advisors(canonical, fresh_db)
    assert {each["name"] for each in told} == set(ADVICE)
    with fresh_db.connect() as connection:
        for rule, query in ADVICE.items():
            allowed = {name for (name,) in connection.execute(query.encode())}
            assert _names(told, rule) <= allowed, rule


def test_advisors_tell_of_an_open_table(cli: Cli, canonical: Path, fresh_db: Database) -> None:
    with fresh_db.connect(role="postgres") as connection:
        connection.execute("create table public.opened (i int primary key)")
        connection.execute("grant select on public.opened to anon")
    assert _names(cli.advisors(canonical, fresh_db), "rls_disabled_in_public") == {"opened"}


def _names(told: list[dict[str, Any]], rule: str) -> set[str]:
    return {each["metadata"]["name"] for each in told if each["name"] == rule}


def _has_checker(connection: psycopg.Connection[Any]) -> bool:
    """Make the extension, as the CLI does, and tell whether it is the real one, written in C."""
    connection.execute("create extension if not exists plpgsql_check with schema extensions")
    query = "select bool_or(probin is not null) from pg_proc where proname = 'plpgsql_check_function_tb'"
    return connection.execute(query).fetchone() == (True,)
