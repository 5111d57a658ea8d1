"""A baseline: what a project had when it adopted schemaproof is counted, what is new fails, what is gone is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemaproof.baseline import Baseline
from schemaproof.config import load_target
from schemaproof.errors import UsageError
from schemaproof.findings import Finding, Level
from schemaproof.results import Results, adopt, exit_code
from tests.command import schemaproof

ENABLE = "alter table public.{} enable row level security;\n"


def _change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "migrations" / file
    path.write_text(path.read_text().replace(old, new))


def _state(results: Results) -> dict[str, bool]:
    return {found["key"]: found["known"] for found in results.document()["findings"]}


def _entries(folder: Path) -> list[str]:
    document = json.loads((folder / "schemaproof-baseline.json").read_text())
    return [entry["key"] for entry in document["findings"]]


def test_project_adopts_it_starts_green_and_fails_on_what_is_new(clinic: Path) -> None:
    _change(clinic, "3_visits.sql", ENABLE.format("visits"), "")
    done = schemaproof(clinic, "check", "--only", "row_security", "--write-baseline")
    assert (done.returncode, "1 known (in the baseline)" in done.stdout) == (0, True), done.stdout + done.stderr
    assert _entries(clinic) == ["row_security:public.visits:enable"]
    assert schemaproof(clinic, "check", "--only", "row_security").returncode == 0
    _change(clinic, "2_patients.sql", ENABLE.format("patients"), "")
    done = schemaproof(clinic, "check", "--only", "row_security", "--format", "json")
    assert done.returncode == 1
    assert {found["key"]: found["known"] for found in json.loads(done.stdout)["findings"]} == {
        "row_security:public.patients:enable": False,
        "row_security:public.visits:enable": True,
    }


def test_entry_that_is_no_longer_found_is_told_and_goes_with_the_next_baseline(clinic: Path) -> None:
    lines = '{"key": "row_security:public.visits:enable", "level": "error"}, {"key": "gone:x", "level": "note"}'
    lines += ', {"key": "isolation:public.visits", "level": "error"}'
    (clinic / "schemaproof-baseline.json").write_text(f'{{"version": 1, "findings": [{lines}]}}')
    done = schemaproof(clinic, "check", "--only", "row_security", "--format", "json")
    found = {each["key"]: each["level"] for each in json.loads(done.stdout)["findings"]}
    assert (done.returncode, found) == (0, {"baseline:row_security": "warning", "baseline:gone": "warning"})
    assert schemaproof(clinic, "check", "--only", "row_security", "--write-baseline").returncode == 0
    assert _entries(clinic) == ["isolation:public.visits"]  # it did not run


def test_finding_that_got_worse_is_new(clinic: Path, checked: Callable[..., Results]) -> None:
    _change(clinic, "3_visits.sql", ENABLE.format("visits"), "")
    key = "row_security:public.visits:enable"
    for level, known in (("error", True), ("warning", False)):
        entry = f'{{"key": "{key}", "level": "{level}"}}'
        (clinic / "schemaproof-baseline.json").write_text(f'{{"version": 1, "findings": [{entry}]}}')
        assert _state(checked(clinic, "row_security")) == {key: known}


def test_schema_that_does_not_build_is_neither_adopted_nor_known(clinic: Path) -> None:
    _change(clinic, "3_visits.sql", "create table", "create tabel")
    done = schemaproof(clinic, "check", "--write-baseline")
    assert (done.returncode, "no baseline was written" in done.stderr) == (1, True)
    assert not (clinic / "schemaproof-baseline.json").exists()


def test_excluded_findings_and_warnings_on_acceptance_stay_out_of_it() -> None:
    document: dict[str, Any] = {
        "checks": [],
        "tests": [],
        "requirements": [],
        "findings": [
            {"check": "a", "key": "a:1", "level": "warning", "excluded": None},
            {"check": "a", "key": "a:1", "level": "error", "excluded": None},
            {"check": "a", "key": "a:2", "level": "error", "excluded": "why"},
            {"check": "exclusions", "key": "exclusions:a", "level": "warning", "excluded": None},
        ],
    }
    baseline, adopted = adopt(document, Baseline())
    assert baseline.levels == {"a:1": Level.ERROR}
    assert [found["known"] for found in adopted["findings"]] == [True, True, False, False]
    assert exit_code(adopted) == 0


def test_file_is_sorted_a_line_a_finding_and_read_as_it_was_written(tmp_path: Path) -> None:
    baseline = Baseline({"b:é": Level.ERROR, "a:x": Level.NOTE})
    path = tmp_path / "baseline.json"
    path.write_text(baseline.text(), encoding="utf-8")
    assert Baseline.read(path) == baseline
    lines = [line for line in baseline.text().splitlines() if "key" in line]
    assert [json.loads(line.rstrip(","))["key"] for line in lines] == ["a:x", "b:é"]
    assert json.loads(Baseline().text()) == {"version": 1, "findings": []}


@pytest.mark.parametrize(
    ("audience", "known"),
    [
        (("member of A",), True),
        (("member of A", "anon"), True),
        (("member of A", "anon", "no claims"), False),
        ((), True),
    ],
)
def test_finding_is_known_for_those_for_whom_it_was(audience: tuple[str, ...], known: bool, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    entry = {"key": "a:x", "level": "error"}
    path.write_text(Baseline.of([entry | {"audience": ["anon"]}, entry | {"audience": ["member of A"]}]).text())
    found = Finding("a", "x", "It is so.", "Change it.", audience=audience)
    assert Baseline.read(path).knows(found) is known
    path.write_text(json.dumps({"version": 1, "findings": [entry]}))  # as it was written before audiences were
    assert Baseline.read(path).knows(found)


def test_policy_that_lets_visitors_in_too_makes_a_known_finding_new(
    clinic: Path, checked: Callable[..., Results]
) -> None:
    path, key = clinic / "migrations" / "3_visits.sql", "isolation:public.visits:select"
    opened = "\ngrant select on public.visits to anon;\n"
    opened += "create policy opened on public.visits for select to {} using (true);\n"
    closed = path.read_text()
    path.write_text(closed + opened.format("authenticated"))
    baseline, _ = adopt(checked(clinic, "isolation").document(), Baseline())
    (clinic / "schemaproof-baseline.json").write_text(baseline.text())
    assert _state(checked(clinic, "isolation"))[key] is True
    path.write_text(closed + opened.format("authenticated, anon"))
    assert _state(checked(clinic, "isolation"))[key] is False


LEAK = """
    create function public.all_notes() returns setof text stable security definer set search_path = '' language sql
    as $$ select v.visit_id::text from public.visits as v $$;
    revoke execute on function public.all_notes() from public, anon, authenticated, service_role;
"""


def test_function_that_visitors_may_call_too_makes_a_known_finding_new(
    clinic: Path, checked: Callable[..., Results]
) -> None:
    path, key = clinic / "migrations" / "3_visits.sql", "functions:public.all_notes():reach"
    closed = path.read_text() + LEAK
    path.write_text(f"{closed}grant execute on function public.all_notes() to authenticated;\n")
    results = checked(clinic, "functions")
    (found,) = results.findings
    assert (found.key, found.audience) == (key, ("member of A", "login without claims"))
    baseline, _ = adopt(results.document(), Baseline())
    (clinic / "schemaproof-baseline.json").write_text(baseline.text())
    path.write_text(f"{closed}grant execute on function public.all_notes() to authenticated, anon;\n")
    assert _state(checked(clinic, "functions"))[key] is False


def test_entries_of_checks_that_did_not_run_keep_their_audience() -> None:
    before = Baseline({"isolation:x": Level.ERROR, "rows:y": Level.ERROR}, {"isolation:x": frozenset({"anon"})})
    assert Baseline().with_those_of(before, ["isolation"]) == Baseline(
        {"isolation:x": Level.ERROR}, {"isolation:x": frozenset({"anon"})}
    )


@pytest.mark.parametrize("level", list(Level))
def test_known_at_a_level_is_known_up_to_it(level: Level) -> None:
    found = Finding("a", "x", "It is so.", "Change it.", level=Level.WARNING)
    assert Baseline({found.key: level}).knows(found) is (level is not Level.NOTE)
    assert not Baseline().knows(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"version": 2, "findings": []}', "version 2"),
        ("<<<<<<< HEAD", "not JSON"),
        ("[]", "no baseline"),
        ('{"version": 1}', "no baseline"),
        ('{"version": 1, "findings": [{"key": "a:b", "level": "fatal"}]}', "no baseline"),
        ('{"version": 1, "findings": [{"key": "a:b", "level": "note", "audience": 1}]}', "no baseline"),
        ("\udcff", "not JSON"),
    ],
)
def test_baseline_that_cannot_be_read_ends_the_run_before_it_starts(clinic: Path, text: str, said: str) -> None:
    path = clinic / "schemaproof-baseline.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = schemaproof(clinic, "check", "--server", "system", "--pg-version", "9")  # there is none
    assert (done.returncode, said in done.stderr, "--write-baseline" in done.stderr) == (2, True, True), done.stderr
    assert "Traceback" not in done.stderr


def test_unreadable_baseline_is_written_anew_unless_it_is_needed(clinic: Path) -> None:
    (clinic / "schemaproof-baseline.json").write_text("<<<<<<< HEAD")
    done = schemaproof(clinic, "check", "--only", "build", "--write-baseline")
    assert (done.returncode, "without --only" in done.stderr) == (2, True)
    assert schemaproof(clinic, "check", "--write-baseline").returncode == 0
    assert _entries(clinic) == []


def test_named_baseline_must_be_there_and_the_default_one_need_not(clinic: Path) -> None:
    assert load_target(clinic).known == Baseline()
    settings = clinic / "schemaproof.toml"
    settings.write_text('baseline = "known.json"\n' + settings.read_text())
    with pytest.raises(UsageError) as refusal:
        _ = load_target(clinic).known
    assert "known.json" in refusal.value.message


def test_baseline_of_the_settings_is_not_that_of_other_migrations(clinic: Path) -> None:
    done = schemaproof(clinic, "check", "--migrations", "migrations", "--write-baseline")
    assert (done.returncode, "--baseline" in done.stderr) == (2, True)
    (clinic / "schemaproof.toml").unlink()
    assert load_target(clinic, migrations=clinic / "migrations").baseline == clinic / "schemaproof-baseline.json"
