"""`schemaproof lint` as a person meets it: new files against the history before them, exit codes, bad input."""

import json
import re
from pathlib import Path

import pytest

from schemaproof.acceptance import known_checks
from schemaproof.lint import rule_names
from tests.command import schemaproof

ROOT = Path(__file__).parents[2]
FIRST = """create table public.notes (id bigint primary key, body text);
alter table public.notes enable row level security;
create policy p on public.notes for select to authenticated using (id > 0);
create function public.f() returns text language sql as $$ select body from public.notes $$;
"""
SECOND = """alter table public.notes drop column body;
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two migrations, of which the second drops what a function of the first reads."""
    (tmp_path / "schemaproof.toml").write_text('migrations = "db"\n[lint]\nsquawk = false\n')
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "1_first.sql").write_text(FIRST)
    (tmp_path / "db" / "2_second.sql").write_text(SECOND)
    return tmp_path


def test_file_is_held_against_the_migrations_before_it(project: Path) -> None:
    done = schemaproof(project, "lint", "db/2_second.sql")
    assert (done.returncode, done.stderr) == (1, "")
    assert "db/2_second.sql:1" in done.stdout
    assert "public.f()" in done.stdout
    assert "1 error in 1 migration" in done.stdout
    assert "still_used:2:dropped:public.notes.body" in done.stdout
    assert schemaproof(project, "lint", "db/1_first.sql").returncode == 0


def test_without_files_all_are_new(project: Path) -> None:
    done = schemaproof(project, "lint")
    assert (done.returncode, done.stdout) == (0, "nothing found in 2 migrations\n")


def test_file_of_no_project_is_looked_at_beside_its_neighbours(project: Path) -> None:
    (project / "schemaproof.toml").unlink()
    done = schemaproof(project, "lint", "db/2_second.sql")
    assert (done.returncode, "still_used" in done.stdout) == (1, True)


def test_rollback_follows_all_migrations(project: Path) -> None:
    (project / "back.sql").write_text("alter table public.notes disable row level security;")
    done = schemaproof(project, "lint", "back.sql", "--format", "json")
    assert done.returncode == 1
    (found,) = json.loads(done.stdout)["findings"]
    assert (found["key"], found["file"], found["line"]) == (
        "row_security_off:back:disabled:public.notes",
        "back.sql",
        1,
    )


def test_comment_beside_the_statement_accepts_a_finding(project: Path) -> None:
    path = project / "db" / "2_second.sql"
    path.write_text("-- schemaproof: ignore still_used the function goes with the next release\n" + SECOND)
    done = schemaproof(project, "lint", "db/2_second.sql")
    assert (done.returncode, "1 excluded" in done.stdout) == (0, True)


def test_setting_accepts_a_finding_by_its_key_and_leaves_a_rule_out(project: Path) -> None:
    settings = project / "schemaproof.toml"
    text = settings.read_text()
    key = "still_used:2:dropped:public.notes.body"
    settings.write_text(f'{text}[[exclude]]\nkey = "{key}"\nreason = "it goes"\n')
    assert schemaproof(project, "lint", "db/2_second.sql").returncode == 0
    settings.write_text(f'{text}exclude = ["still_used"]\n')
    assert schemaproof(project, "lint", "db/2_second.sql").stdout == "nothing found in 1 migration\n"
    settings.write_text(f'{text}exclude = ["still_usd"]\n')
    done = schemaproof(project, "lint", "db/2_second.sql")
    assert (done.returncode, "`still_used`" in done.stderr) == (2, True)


def test_catalogue_of_queries_is_asked_too(project: Path) -> None:
    settings = project / "schemaproof.toml"
    settings.write_text('queries = "queries"\n' + settings.read_text())
    (project / "queries").mkdir()
    (project / "queries" / "newest.sql").write_text(
        "-- role: service_role\nselect body from public.notes where id = :id;\n"
    )
    done = schemaproof(project, "lint", "db/2_second.sql", "--format", "json")
    (found,) = json.loads(done.stdout)["findings"]
    assert found["detail"].splitlines() == ["function public.f()", "query newest"]


@pytest.mark.parametrize(
    ("content", "place"),
    [(b"create tabel x ();", "3_bad.sql:1:8"), (b"select 1;\n\xff", "3_bad.sql:2"), (b"\\copy x", "3_bad.sql:1")],
)
def test_file_that_cannot_be_read_or_parsed_exits_2_and_says_where(project: Path, content: bytes, place: str) -> None:
    (project / "db" / "3_bad.sql").write_bytes(content)
    done = schemaproof(project, "lint", "db/3_bad.sql")
    assert (done.returncode, done.stdout) == (2, "")
    assert place in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["nowhere.sql", "db"])
def test_what_is_no_file_exits_2(project: Path, name: str) -> None:
    done = schemaproof(project, "lint", name)
    assert (done.returncode, name in done.stderr) == (2, True)


def test_byte_order_mark_and_line_ends_of_windows_are_read(project: Path) -> None:
    text = SECOND + "alter table public.notes disable row level security;\n"
    (project / "db" / "2_second.sql").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    done = schemaproof(project, "lint", "db/2_second.sql", "--format", "json")
    lines = {found["check"]: found["line"] for found in json.loads(done.stdout)["findings"]}
    assert lines == {"still_used": 1, "row_security_off": 2}


def test_formats_for_forges_hold_the_finding_at_its_line(project: Path) -> None:
    outputs = ("--output", "sarif:x.sarif", "--output", "gitlab:g.json")
    done = schemaproof(project, "lint", "db/2_second.sql", "--format", "github", *outputs)
    assert re.match(r"::error file=db/2_second\.sql,line=1,", done.stdout)
    sarif = json.loads((project / "x.sarif").read_text())
    (result,) = sarif["runs"][0]["results"]
    assert result["ruleId"] == "still_used"
    (issue,) = json.loads((project / "g.json").read_text())
    assert issue["location"]["lines"]["begin"] == 1


def test_names_of_rules_can_be_accepted() -> None:
    assert {*rule_names(), "squawk"} <= set(known_checks())


def test_canonical_migrations_have_no_error() -> None:
    done = schemaproof(ROOT, "lint", "--format", "json")
    levels = {found["level"] for found in json.loads(done.stdout)["findings"]}
    assert (done.returncode, levels - {"note"}) == (0, set())


def test_hook_runs_the_command() -> None:
    assert "entry: schemaproof lint" in (ROOT / ".pre-commit-hooks.yaml").read_text()
