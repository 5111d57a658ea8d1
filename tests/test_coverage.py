from pathlib import Path

import pytest

from schemaproof.coverage import cover, read_requirements, unproved
from schemaproof.errors import UsageError
from schemaproof.findings import Level
from schemaproof.outcomes import CheckResult, TestResult

TEXT = """# Requirements

| id | requirement | checks |
| --- | --- | --- |
| 1.1 | Migrations apply. | build, `ledger` |
| 1.2 | Numbers are numbers. | |
| 10.3 | Locks are known. | |
"""


@pytest.fixture
def requirements(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.md"
    path.write_text(TEXT)
    return path


def _checks(**status: str) -> list[CheckResult]:
    return [CheckResult(name, "", found) for name, found in status.items()]


def _test(outcome: str, *ids: str) -> TestResult:
    return TestResult(f"test_x.py::test_{outcome}", outcome, 0.0, ids)


def test_clauses_are_read_with_text_checks_and_line(requirements: Path) -> None:
    clauses = read_requirements(requirements)
    assert [(clause.id, clause.text, clause.checks, clause.location.line) for clause in clauses] == [
        ("1.1", "Migrations apply.", ("build", "ledger"), 5),
        ("1.2", "Numbers are numbers.", (), 6),
        ("10.3", "Locks are known.", (), 7),
    ]


@pytest.mark.parametrize(
    ("checks", "tests", "statuses"),
    [
        ({"build": "passed", "ledger": "passed"}, [], ["proved", "unproved", "unproved"]),
        ({"build": "passed", "ledger": "failed"}, [], ["failed", "unproved", "unproved"]),
        ({"build": "passed", "ledger": "not_applicable"}, [], ["proved", "unproved", "unproved"]),
        ({"build": "not_applicable", "ledger": "not_applicable"}, [], ["unproved"] * 3),
        ({"build": "passed", "ledger": "broken"}, [_test("passed", "1.1")], ["failed", "unproved", "unproved"]),
        (
            {"build": "passed", "ledger": "passed"},
            [_test("passed", "1.2", "10.3"), _test("failed", "10.3")],
            ["proved", "proved", "failed"],
        ),
        ({"build": "passed", "ledger": "passed"}, [_test("skipped", "1.2")], ["proved", "unproved", "unproved"]),
    ],
)
def test_status_follows_from_what_ran(
    requirements: Path, checks: dict[str, str], tests: list[TestResult], statuses: list[str]
) -> None:
    covered = cover(read_requirements(requirements), _checks(**checks), tests)
    assert [clause.status for clause in covered] == statuses
    assert [found.object for found in unproved(covered)] == [
        clause.id for clause, status in zip(covered, statuses, strict=True) if status == "unproved"
    ]


def test_clause_whose_tests_were_all_skipped_is_a_warning_with_the_reason(requirements: Path) -> None:
    skipped = TestResult("test_x.py::test_y", "skipped", 0.0, ("1.2",), "Skipped: no scheduler")
    covered = cover(read_requirements(requirements), _checks(build="passed", ledger="passed"), [skipped, skipped])
    (here, nowhere) = unproved(covered)
    assert (here.object, here.level) == ("1.2", Level.WARNING)
    assert "not proved here (no scheduler)" in here.summary
    assert (nowhere.object, nowhere.level) == ("10.3", Level.ERROR)


def test_clause_that_failed_beside_a_skip_is_failed(requirements: Path) -> None:
    tests = [_test("failed", "1.2"), _test("skipped", "1.2")]
    covered = cover(read_requirements(requirements), _checks(build="passed", ledger="passed"), tests)
    assert covered[1].status == "failed"
    assert "1.2" not in {found.object for found in unproved(covered)}


@pytest.mark.parametrize(
    ("checks", "tests"),
    [
        (_checks(build="passed"), []),
        (_checks(build="passed", ledger="passed"), [_test("passed", "1.9")]),
    ],
)
def test_name_of_what_does_not_exist_is_refused(
    requirements: Path, checks: list[CheckResult], tests: list[TestResult]
) -> None:
    with pytest.raises(UsageError):
        cover(read_requirements(requirements), checks, tests)


@pytest.mark.parametrize("text", ["", "# nothing", TEXT + "| 1.2 | Twice. | |\n"])
def test_file_without_clauses_or_with_one_twice_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.md"
    path.write_text(text)
    with pytest.raises(UsageError):
        read_requirements(path)


def test_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_requirements(tmp_path / "nowhere.md")
