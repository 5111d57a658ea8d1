"""Reports are pure functions of the document, whatever their format: no server is needed to test them."""

import json
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from schemaproof.report import FORMATS, render
from schemaproof.report.findings import counted
from schemaproof.results import exit_code, json_schema
from tests.report.documents import make_check, make_document, make_finding, make_test


def test_document_of_these_tests_is_valid() -> None:
    jsonschema.validate(make_document(tests=[make_test("failed")]), json_schema())


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({}, 1),
        ({"findings": [make_finding(level="warning")]}, 0),
        ({"findings": [make_finding(excluded="because")]}, 0),
        ({"findings": [], "checks": [make_check("isolation", "broken", reason="lost connection")]}, 1),
        ({"findings": [], "checks": [make_check("snapshot", "not_applicable", reason="none")]}, 0),
        ({"findings": [], "tests": [make_test("passed")]}, 0),
        ({"findings": [], "tests": [make_test("skipped")]}, 0),
        ({"findings": [], "tests": [make_test("error")]}, 1),
    ],
)
def test_exit_code_follows_from_the_document(over: dict[str, Any], code: int) -> None:
    assert exit_code(make_document(**over)) == code


@pytest.mark.parametrize("style", FORMATS)
def test_every_format_names_the_finding_its_place_and_its_remedy(style: str) -> None:
    written = render(make_document(), style)
    evidence = () if style == "gitlab" else ("x" * 100,)  # GitLab shows a line a finding
    for part in ("migrations/1_t.sql", "Mend it.", *evidence):
        assert part in written


def test_json_is_the_document() -> None:
    assert json.loads(render(make_document(), "json")) == make_document()


@pytest.mark.parametrize("style", [style for style in FORMATS if style not in ("json", "html")])
def test_known_and_excluded_findings_are_in_no_report(style: str) -> None:
    findings = [make_finding(known=True), make_finding(excluded="because")]
    written = render(
        make_document(findings=findings, checks=[make_check("isolation", "failed")], verdict="clean"), style
    )
    assert "Mend it." not in written
    if style in ("text", "markdown"):
        assert "no new findings, 1 excluded, 1 known" in written


def test_junit_is_xml_with_counts_whatever_the_messages_hold() -> None:
    document = make_document(
        checks=[
            make_check("isolation", "failed"),
            make_check("snapshot", "not_applicable"),
            make_check("ledger", "broken"),
        ],
        tests=[make_test("passed"), make_test("failed"), make_test("skipped")],
    )
    checks, tests = ElementTree.fromstring(render(document, "junit"))
    assert {name: checks.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    assert [case.get("classname") for case in tests] == ["suites.test_x"] * 3


def test_junit_tells_findings_of_no_check_too() -> None:
    finding = make_finding(check="coverage", key="coverage:1.1")
    suite = ElementTree.fromstring(render(make_document(findings=[finding]), "junit"))[0]
    assert {case.get("name"): case.find("failure") is not None for case in suite} == {
        "isolation": False,
        "coverage": True,
    }


@pytest.mark.parametrize("over", [{"known": True}, {"excluded": "because"}])
def test_check_whose_errors_are_all_accepted_is_not_shown_as_failed(over: dict[str, Any]) -> None:
    document = make_document(findings=[make_finding(**over), make_finding(level="warning")], verdict="clean")
    assert "accepted  isolation" in render(document, "text")
    assert "FAILED" not in render(document, "text")
    assert "❌" not in render(document, "markdown")
    assert "FAILED" in render(make_document(findings=[make_finding(**over), make_finding()]), "text")


@pytest.mark.parametrize("style", ["text", "markdown", "html"])
@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        ({"build": "passed", "isolation": "not_applicable"}, "nothing was proved"),
        ({"build": "passed", "isolation": "not_applicable", "rows": "passed"}, "proved"),
        ({"build": "passed"}, "proved"),
    ],
)
def test_where_no_check_applied_nothing_is_said_to_be_proved(style: str, statuses: dict[str, str], word: str) -> None:
    checks = [make_check(name, status) for name, status in statuses.items()]
    document = make_document(checks=checks, findings=[], verdict="clean")
    written = render(document, style)
    assert ("nothing was proved" in written) is (word == "nothing was proved")
    assert word in written
    assert exit_code(document) == 0


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("errors", "1 error"),
        ("policies", "1 policy"),
        ("indexes", "1 index"),
        ("identities", "1 identity"),
        ("pages", "1 page"),
        ("known findings", "1 known finding"),
    ],
)
def test_one_of_a_kind_is_told_in_the_singular(plural: str, one: str) -> None:
    assert counted(1, plural) == one
    assert counted(2, plural) == f"2 {plural}"
