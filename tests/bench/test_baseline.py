"""The baseline: written when asked, equal when nothing changed, and a diff for a person when something did."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemaproof.bench import Options, run_bench
from schemaproof.errors import UsageError
from schemaproof.session import Session

Ran = Callable[..., dict[str, Any]]


@pytest.fixture
def accepted(project: Path, ran: Ran) -> Path:
    """The baseline of the healthy catalogue."""
    document = ran(project, accept=True)
    assert document["baseline"]["status"] == "accepted"
    (path,) = (project / "benchmarks" / "baselines").iterdir()
    return path


def test_another_load_equals_the_baseline(project: Path, ran: Ran, accepted: Path) -> None:
    document = ran(project)
    assert (document["baseline"]["status"], document["findings"]) == ("equal", [])


def test_change_of_a_plan_is_a_diff_at_its_line(project: Path, ran: Ran, accepted: Path) -> None:
    path = project / "benchmarks" / "queries" / "patients_of_late.sql"
    path.write_text(path.read_text().replace("order by seen_at desc", "order by name"))
    document = ran(project)
    assert document["baseline"]["status"] == "changed"
    found = [
        each for each in document["findings"] if each["object"] == "patients_of_late / authenticated / largest / custom"
    ]
    (change,) = found
    assert change["check"] == "baseline"
    assert "another shape" in change["summary"]
    assert "\n+" in change["detail"]
    assert "Sort Key: patients.name" in change["detail"]
    line = accepted.read_text().splitlines()[change["line"] - 1]
    assert "patients_of_late / authenticated / largest / custom" in line


def test_more_buffers_of_the_same_plan_are_told(project: Path, ran: Ran, accepted: Path) -> None:
    known = json.loads(accepted.read_text())
    key = "patients_of_late / authenticated / largest / custom"
    known["queries"][key]["buffers"] += 100
    accepted.write_text(json.dumps(known, indent=1))
    (change,) = [each for each in ran(project)["findings"] if each["check"] == "baseline"]
    assert f"{key}: buffers {known['queries'][key]['buffers']} before" in change["summary"]


@pytest.mark.parametrize(
    ("query", "more", "told"),
    [("patients_of_late", 5, False), ("patients_of_late", 9, True), ("discharge", 9, False), ("discharge", 40, True)],
)
def test_few_buffers_more_are_told_unless_the_query_writes(
    project: Path, ran: Ran, accepted: Path, query: str, more: int, told: bool
) -> None:
    known = json.loads(accepted.read_text())
    entry = known["queries"][f"{query} / authenticated / small / custom"]
    entry["buffers"] += more
    assert bool(entry["wal"]) == (query == "discharge")
    accepted.write_text(json.dumps(known, indent=1))
    found = [each["object"] for each in ran(project)["findings"] if each["check"] == "baseline"]
    assert found == ([f"{query} / authenticated / small / custom"] if told else [])


def test_query_that_came_or_went_is_told(project: Path, ran: Ran, accepted: Path) -> None:
    queries = project / "benchmarks" / "queries"
    (queries / "discharge.sql").rename(queries / "leaving.sql")
    told = " ".join(found["summary"] for found in ran(project)["findings"])
    assert "discharge / authenticated / small / custom: in the baseline, and not measured" in told
    assert "leaving / authenticated / small / custom: not in the baseline" in told
    document = ran(project, accept=True)
    assert document["verdict"] == "clean"
    assert ran(project)["verdict"] == "clean"


def test_queries_that_were_not_asked_for_are_not_missed(project: Path, ran: Ran, accepted: Path) -> None:
    document = ran(project, only=("discharge",))
    assert (document["verdict"], document["baseline"]["status"]) == ("clean", "equal")


def test_what_is_wrong_with_accepting_is_told_before_the_load(
    project: Path, accepted: Path, session_of: Callable[[Path], Session]
) -> None:
    told: list[str] = []
    with pytest.raises(UsageError, match="--accept with --only"):
        run_bench(session_of(project), Options(("tiny",), only=("discharge",), accept=True), told.append)
    accepted.write_text("{}")
    with pytest.raises(UsageError, match="no baseline"):
        run_bench(session_of(project), Options(("tiny",)), told.append)
    assert told == []


def test_baseline_of_another_profile_is_not_compared_and_a_warning(project: Path, ran: Ran, accepted: Path) -> None:
    document = ran(project, profiles=("tiny",))
    assert document["baseline"]["status"] == "other_profile"
    (told,) = [found for found in document["findings"] if found["check"] == "baseline"]
    assert told["level"] == "warning"
    assert told["summary"].startswith("the baseline is of 10k, seed 0, and this is tiny, seed 0")


def test_baseline_of_another_major_version_is_refused_by_file_and_line(
    project: Path, ran: Ran, accepted: Path, session_of: Callable[[Path], Session]
) -> None:
    major = session_of(project).server.version // 10000
    text = accepted.read_text()
    accepted.write_text(text.replace(f'"major": {major}', '"major": 12'))
    line = 1 + text[: text.index('"major"')].count("\n")
    with pytest.raises(UsageError) as refusal:
        ran(project)
    assert refusal.value.message == f"{accepted}:{line}: a baseline of PostgreSQL 12, and this is {major}"


def test_file_that_is_no_baseline_is_refused_by_file_and_line(project: Path, ran: Ran, accepted: Path) -> None:
    accepted.write_text("{\n nonsense")
    with pytest.raises(UsageError, match=r"17?\.json:2: no baseline") as refusal:
        ran(project)
    assert "--accept" in refusal.value.remedy
