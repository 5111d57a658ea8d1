"""The command line as a person meets it: every case is a process of its own, with its output and its exit code."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from schemaproof.results import json_schema
from tests.command import schemaproof


def test_healthy_schema_exits_0_and_says_what_was_proved(clinic: Path) -> None:
    done = schemaproof(clinic, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "proved: no findings" in done.stdout
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_finding_exits_1_with_file_and_line(clinic: Path) -> None:
    path = clinic / "migrations" / "2_patients.sql"
    path.write_text(
        path.read_text().replace("for delete to authenticated using (", "for delete to authenticated using (true or ")
    )
    done = schemaproof(clinic, "check", "--only", "isolation")
    assert done.returncode == 1
    assert "migrations/2_patients.sql:20" in done.stdout
    assert "delete from" in done.stdout


def test_schema_that_does_not_build_exits_1_and_proves_nothing_else(clinic: Path) -> None:
    path = clinic / "migrations" / "2_patients.sql"
    path.write_text(path.read_text() + "create tabel x ();")
    done = schemaproof(clinic, "check", "--format", "json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert [check["name"] for check in document["checks"]] == ["build"]
    assert document["findings"][0]["line"] == path.read_text().count("\n") + 1


def test_json_is_valid_by_the_published_schema_and_junit_agrees(clinic: Path) -> None:
    suites = clinic / "suites"
    suites.mkdir()
    (suites / "test_own.py").write_text("def test_good(db): pass\n\ndef test_bad(db): assert 1 == 2\n")
    settings = clinic / "schemaproof.toml"
    settings.write_text('suites = "suites"\n' + settings.read_text())
    done = schemaproof(clinic, "check", "--format", "json")
    document = json.loads(done.stdout)
    jsonschema.validate(document, json_schema())
    assert (done.returncode, document["verdict"]) == (1, "findings")
    assert {test["id"]: test["outcome"] for test in document["tests"]} == {
        "suites/test_own.py::test_good": "passed",
        "suites/test_own.py::test_bad": "failed",
    }
    done = schemaproof(clinic, "check", "--format", "junit", "--output", "out.xml")
    assert "test_bad" in done.stdout
    root = ElementTree.parse(clinic / "out.xml").getroot()
    failed = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert failed == ["test_bad"]
    assert {case.get("name") for case in root.iter("testcase")} >= {check["name"] for check in document["checks"]}


@pytest.mark.parametrize(("body", "level", "code"), [("pytest.skip('no moon')", "warning", 0), ("", "error", 1)])
def test_requirement_is_a_warning_where_its_test_is_skipped_and_an_error_where_it_has_none(
    clinic: Path, body: str, level: str, code: int
) -> None:
    (clinic / "suites").mkdir()
    marked = f"@pytest.mark.req('1.1')\ndef test_at_night():\n    {body}\n" if body else "def test_other(): pass\n"
    (clinic / "suites" / "test_own.py").write_text(f"import pytest\n{marked}")
    (clinic / "requirements.md").write_text("| 1.1 | The moon is up. | |\n")
    settings = clinic / "schemaproof.toml"
    settings.write_text('suites = "suites"\nrequirements = "requirements.md"\n' + settings.read_text())
    done = schemaproof(clinic, "check", "--format", "json", "--output", "results.json")
    document = json.loads((clinic / "results.json").read_text())
    jsonschema.validate(document, json_schema())
    assert [(found["check"], found["level"]) for found in document["findings"]] == [("coverage", level)]
    assert ("no moon" in document["findings"][0]["summary"]) is (level == "warning")
    assert done.returncode == code
    assert schemaproof(clinic, "coverage", "results.json").returncode == code


def test_exclusion_with_its_reason_makes_the_run_clean(clinic: Path) -> None:
    path = clinic / "migrations" / "3_visits.sql"
    path.write_text(path.read_text().replace("alter table public.visits enable row level security;", ""))
    settings = clinic / "schemaproof.toml"
    settings.write_text(
        settings.read_text()
        + '[[exclude]]\ncheck = "row_security"\nobject = "public.visits"\nreason = "proved by hand"\n'
    )
    done = schemaproof(clinic, "check", "--only", "row_security", "--format", "json")
    assert done.returncode == 0
    assert [found["excluded"] for found in json.loads(done.stdout)["findings"]] == ["proved by hand"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--only", "isolaton"], "isolation"),
        (["check", "--format", "jsn"], "json"),
        (["check", "--platform", "supabse"], "supabase"),
        (["check", "--migrations", "nowhere"], "nowhere"),
        (["check", "--output", "no/such/folder/out.json"], "no/such/folder"),
        (["check", "--output", "/proc/out.json"], "/proc/out.json"),
        (["check", "--output", "migrations"], "migrations"),
        (["check", "--server", "dsn"], "DATABASE_URL"),
        (["check", "--dsn", ""], "the DSN is empty"),
        (["migrate", "status", "--dsn", ""], "the DSN is empty"),
        (["check", "--dsn", "postgresql://u:hidden@hidden2@127.0.0.1:1/x"], "%40"),
        (["check", "--server", "embedded", "--dsn", "postgresql://h/x"], "--dsn"),
        (["check", "--dsn", "postgresql://u:hidden@127.0.0.1:1/x"], "127.0.0.1"),
        (["check", "--server", "system", "--pg-version", "9"], "9"),
        (["check", "--config", "nowhere.toml"], "nowhere.toml"),
        (["chek"], "check"),
        (["check", "--sever", "auto"], "--server"),
    ],
)
def test_wrong_use_exits_2_with_what_to_do_and_no_traceback(clinic: Path, arguments: list[str], said: str) -> None:
    done = schemaproof(clinic, *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "hidden" not in done.stdout + done.stderr


def test_empty_database_url_is_told_as_such(clinic: Path) -> None:
    done = schemaproof(clinic, "check", "--server", "dsn", DATABASE_URL="")
    assert done.returncode == 2
    assert "DATABASE_URL is empty" in done.stderr


_FULL_DISK = "do $$ begin raise exception using errcode = '53100', message = 'could not extend file'; end $$;"


@pytest.mark.parametrize("file", ["migrations/3_visits.sql", "rollbacks/3_visits.sql", "sample.sql"])
@pytest.mark.parametrize("output", [(), ("--output", "report.txt")])
def test_full_disk_of_the_server_exits_2_and_leaves_the_last_report(
    clinic: Path, file: str, output: tuple[str, ...]
) -> None:
    path = clinic / file
    path.write_text(path.read_text() + _FULL_DISK)
    (clinic / "report.txt").write_text("yesterday's")
    files = set(clinic.rglob("*"))
    done = schemaproof(clinic, "check", *output)
    assert (done.returncode, done.stdout) == (2, "")
    assert "53100" in done.stderr
    assert "Traceback" not in done.stderr
    assert (clinic / "report.txt").read_text() == "yesterday's"
    assert set(clinic.rglob("*")) == files


def test_report_replaces_the_last_one_behind_its_link_and_keeps_its_mode(clinic: Path) -> None:
    (clinic / "kept").mkdir()
    report = clinic / "kept" / "report.json"
    report.write_text("yesterday's" * 100000)
    report.chmod(0o640)
    (clinic / "latest.json").symlink_to(report)
    files = set(clinic.rglob("*"))
    done = schemaproof(clinic, "check", "--only", "build", "--format", "json", "-o", "latest.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(report.read_text())["verdict"] == "clean"
    assert (clinic / "latest.json").is_symlink()
    assert report.stat().st_mode & 0o777 == 0o640
    assert set(clinic.rglob("*")) == files


def test_pipe_and_standard_output_are_written_directly(clinic: Path) -> None:
    command = f"{sys.executable} -m schemaproof check --only build --format json -o"
    script = f"{command} >(cat > piped.json) > text.txt && {command} /dev/stdout > both.txt; sleep 0.5"
    subprocess.run(["bash", "-ec", script], cwd=clinic, check=True, timeout=60)
    assert json.loads((clinic / "piped.json").read_text())["verdict"] == "clean"
    both = (clinic / "both.txt").read_text()
    document, end = json.JSONDecoder().raw_decode(both)
    assert document["verdict"] == "clean"
    assert "proved: no findings" in both[end:]


@pytest.mark.parametrize(
    "command",
    [
        "check --only build -o /dev/full",
        "check --only build > /dev/full",
        "check --only build --format json > /dev/full",
        "checks > /dev/full",
        "migrate status > /dev/full",
    ],
)
def test_report_that_finds_no_space_exits_2_without_a_traceback(clinic: Path, command: str) -> None:
    script = f"{sys.executable} -m schemaproof {command}"
    done = subprocess.run(script, shell=True, cwd=clinic, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("place", ["no/such/folder/snapshot.sql", "/proc/snapshot.sql", "migrations"])
def test_snapshot_that_cannot_be_written_is_told_before_a_server_starts(clinic: Path, place: str) -> None:
    settings = clinic / "schemaproof.toml"
    settings.write_text(settings.read_text().replace('"snapshot.sql"', f'"{place}"'))
    done = schemaproof(clinic, "snapshot", "--server", "system", "--pg-version", "9")  # there is none
    assert done.returncode == 2
    assert place in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("migrations/4.sql", "select 1;", "4.sql"),
        ("migrations/3_again.sql", "select 1;", "3_again.sql"),
        ("migrations/4_new.sql", "select 1;", "4_new.sql"),
    ],
)
def test_file_that_does_not_fit_is_named(clinic: Path, name: str, text: str, said: str) -> None:
    (clinic / name).write_text(text)
    done = schemaproof(clinic, "check", "--only", "build")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_snapshot_is_written_anew(clinic: Path) -> None:
    committed = (clinic / "snapshot.sql").read_text()
    (clinic / "snapshot.sql").unlink()
    assert schemaproof(clinic, "check", "--only", "snapshot").returncode == 1
    assert schemaproof(clinic, "snapshot").returncode == 0
    assert (clinic / "snapshot.sql").read_text() == committed


def test_help_lists_the_commands_and_every_command_has_examples_or_options(tmp_path: Path) -> None:
    done = schemaproof(tmp_path, "--help")
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("check", "checks", "migrate", "snapshot"))
    assert "schemaproof check" in schemaproof(tmp_path, "check", "--help").stdout
