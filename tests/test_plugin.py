"""The plugin, as a project's own suites meet it: each test runs pytest on the schema of clinics in a new process."""

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pexpect
import pytest

A = "a0000000-0000-4000-8000-000000000001"


@pytest.fixture
def project(pytester: pytest.Pytester, clinic: Path) -> pytest.Pytester:
    """A pytester whose folder is the project of clinics."""
    shutil.copytree(clinic, pytester.path, dirs_exist_ok=True)
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    return pytester


def test_db_is_rolled_back_and_header_names_the_server(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("turn", [1, 2])
        def test_insert(db, turn):
            db.execute("insert into public.clinics (name) values ('x')")
            assert db.execute("select count(*) from public.clinics").fetchone() == (1,)
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=2)
    result.stdout.re_match_lines([r"schemaproof: PostgreSQL \d+\.\d+ \(\w+\), platform supabase.*"])


def test_commit_on_db_fails_the_test_and_leaves_nothing_to_the_next(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_commits(db):
            db.execute("insert into public.clinics (name) values ('x')")
            db.commit()

        def test_next(db):
            assert db.execute("select count(*) from public.clinics").fetchone() == (0,)
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*fresh_db*"])


def test_failed_statement_in_db_harms_no_other_test(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import psycopg, pytest

        def test_fails(db):
            with pytest.raises(psycopg.errors.DivisionByZero):
                db.execute("select 1/0")

        def test_next(db):
            assert db.execute("select 1").fetchone() == (1,)
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=2)


def test_fresh_db_commits_and_keeps_owner_and_role(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_commits(fresh_db):
            with fresh_db.connect(role="postgres") as connection:
                assert connection.execute("select session_user::text").fetchone() == ("postgres",)
                connection.execute("create schema app")
                connection.execute("insert into public.clinics (name) values ('x')")
            with fresh_db.connect() as connection:
                assert connection.execute("select count(*) from public.clinics").fetchone() == (1,)

        def test_sampled(sampled_db, sampled):
            with sampled_db.connect() as connection:
                assert connection.execute("select count(*) from public.clinics").fetchone() == (2,)
            assert sampled.execute("select count(*) from public.clinics").fetchone() == (2,)
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=2)


def test_acting_as_puts_on_role_claims_and_role_settings(project: pytest.Pytester) -> None:
    project.makepyfile(
        f"""
        from schemaproof.identity import anon, member

        def test_identity(db, acting_as):
            db.execute("insert into public.clinics (clinic_id, name) values ('{A}', 'North')")
            with acting_as(member("{A}", claim="clinic")) as c:
                assert c.execute("select current_user::text, name from public.clinics").fetchall() == [
                    ("authenticated", "North")
                ]
                assert c.execute("show statement_timeout").fetchone() == ("8s",)
            assert db.execute("select current_user::text").fetchone() == ("supabase_admin",)
            assert db.execute("show statement_timeout").fetchone() == ("0",)
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_prove_runs_a_check_and_fails_with_its_findings(project: pytest.Pytester) -> None:
    path = project.path / "rollbacks" / "3_visits.sql"
    path.write_text(path.read_text().replace("drop table public.visits;", ""))
    project.makepyfile("def test_bad(prove): prove('stairway')\n\ndef test_good(prove): prove('row_security')")
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*rollbacks/3_visits.sql:1*"])


def test_prove_accepts_what_the_settings_exclude_and_nothing_else(project: pytest.Pytester) -> None:
    for table in ("patients", "visits"):
        path = next((project.path / "migrations").glob(f"*_{table}.sql"))
        path.write_text(path.read_text().replace(f"alter table public.{table} enable row level security;", ""))
    settings = project.path / "schemaproof.toml"
    excluded = '[[exclude]]\ncheck = "row_security"\nobject = "public.{}"\nreason = "proved by hand"\n'
    settings.write_text(settings.read_text() + excluded.format("visits"))
    project.makepyfile("def test_rows(prove): prove('row_security')")
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    assert "public.patients" in result.stdout.str()
    assert "public.visits" not in result.stdout.str()

    settings.write_text(settings.read_text() + excluded.format("patients"))
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_failed_test_prints_how_to_look_into_its_database(project: pytest.Pytester) -> None:
    project.makepyfile("def test_bad(db): assert db.execute('select 1').fetchone() == (2,)")
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    result.stdout.re_match_lines([r".*psql .*schemaproof_.*"])


def test_xdist_workers_share_one_server(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_server(pg_server, db, number, worker_id):
            assert db.execute("select count(*) from public.clinics").fetchone() == (0,)
            with open("seen.txt", "a") as file:
                file.write(f"{worker_id} {db.execute('show unix_socket_directories').fetchone()[0]}\\n")
        """
    )
    project.runpytest_subprocess("-n", "2").assert_outcomes(passed=4)
    seen = [line.split() for line in (project.path / "seen.txt").read_text().splitlines()]
    assert {worker for worker, _ in seen} == {"gw0", "gw1"}
    assert len({socket for _, socket in seen}) == 1


def test_outcomes_hold_requirements_and_messages(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.req("3.1", "3.2")
        def test_good(): pass

        def test_bad(): assert 1 == 2

        @pytest.mark.skip(reason="later")
        def test_later(): pass
        """
    )
    project.runpytest_subprocess("--schemaproof-report=out.json")
    tests = {test["id"].partition("::")[2]: test for test in json.loads((project.path / "out.json").read_text())}
    assert tests["test_good"]["requirements"] == ["3.1", "3.2"]
    assert {name: test["outcome"] for name, test in tests.items()} == {
        "test_good": "passed",
        "test_bad": "failed",
        "test_later": "skipped",
    }
    assert "assert 1 == 2" in tests["test_bad"]["message"]


def test_project_that_asks_for_no_database_starts_no_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    assert "PostgreSQL" not in result.stdout.str()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--pg-keep"], "terminal"),
        (["--pg-server=embeded"], "embedded"),
        (["--schemaproof-config=nowhere.toml"], "nowhere.toml"),
        (["--pg-dsn=postgresql://u:hidden@127.0.0.1:1/x"], "127.0.0.1"),
        (["--pg-dsn="], "the DSN is empty"),
    ],
)
def test_wrong_option_is_a_usage_error(project: pytest.Pytester, arguments: list[str], said: str) -> None:
    project.makepyfile("def test_it(db): pass")
    result = project.runpytest_subprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    output = result.stdout.str() + result.stderr.str()
    assert said in output
    assert "hidden" not in output


@pytest.mark.parametrize("arguments", [(), ("-n", "2")])
def test_kept_databases_can_be_looked_into_until_enter(project: pytest.Pytester, arguments: tuple[str, ...]) -> None:
    project.makepyfile(
        """
        def test_bad(fresh_db):
            with fresh_db.connect() as connection:
                connection.execute("insert into public.clinics (name) values ('of fresh_db')")
            assert False

        def test_bad_too(db):
            db.execute("insert into public.clinics (name) values ('of db')")
            assert False
        """
    )
    child = project.spawn_pytest(f"--pg-keep {' '.join(arguments)}", expect_timeout=60)
    child.expect("press Enter")
    lines = [line.strip() for line in (child.before or b"").decode().splitlines() if "psql " in line]
    found = {
        subprocess.run([*shlex.split(line), "-XAtc", "select name from public.clinics"], capture_output=True, text=True,
                       check=True).stdout.strip()
        for line in lines
    }  # fmt: skip
    child.sendline("")
    child.expect(pexpect.EOF)
    assert found == {"of fresh_db", "of db"}


def test_plans_are_asked_as_an_identity_and_fail_with_the_tree(project: pytest.Pytester) -> None:
    project.makepyfile(
        f"""
        from schemaproof.identity import member

        def test_holds(plans):
            asked = plans.ask(
                "select * from public.patients where patient_id = :id", {{"id": {A!r}}},
                identity=member({A!r}, claim="clinic"),
            )
            asked.claims_read_at_most(2).no_sort()

        def test_fails(plans):
            plans.ask("select * from public.patients order by name").no_sort()
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*sorts: Sort*", "*Seq Scan on public.patients*"])
