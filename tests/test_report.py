"""Reports are pure functions of the document: no server is needed to test them."""

import json
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from schemaproof.report import FORMATS, render
from schemaproof.results import exit_code, json_schema


def _document(**over: Any) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "schemaproof": "0.1.0",
        "started": "2026-01-01T00:00:00+00:00",
        "seconds": 1.5,
        "verdict": "findings",
        "environment": {
            "python": "3.11.7",
            "system": "Linux x86_64",
            "server": {"kind": "embedded", "version": "17.10"},
            "platform": {"name": "supabase", "parts": [{"name": "pg_cron", "version": "1.6", "real": False}]},
        },
        "target": {
            "migrations": "migrations",
            "versions": ["1"],
            "fingerprint": "0",
            "root": "",
            "settings": "schemaproof.toml",
        },
        "checks": [_check("isolation", "failed")],
        "findings": [_finding()],
        "matrix": [],
        "tests": [],
        "requirements": [],
    } | over


def _check(name: str, status: str, *, reason: str = "") -> dict[str, Any]:
    return {
        "name": name,
        "harm": "Harm.",
        "level": "error",
        "status": status,
        "reason": reason,
        "proved": {"probes": 3},
        "seconds": 0.1,
    }


def _finding(**over: Any) -> dict[str, Any]:
    return {
        "check": "isolation",
        "level": "error",
        "object": "public.t",
        "summary": "anon reads [bold]rows[/bold] \x01",
        "detail": "select " + "x" * 100 + ";",
        "remedy": "Mend it.",
        "key": "isolation:public.t",
        "file": "migrations/1_t.sql",
        "line": 3,
        "excluded": None,
        "known": False,
    } | over


def _test(outcome: str) -> dict[str, Any]:
    return {"id": "suites/test_x.py::test_y", "outcome": outcome, "seconds": 0.0, "requirements": [], "message": "no"}


def test_document_of_these_tests_is_valid() -> None:
    jsonschema.validate(_document(tests=[_test("failed")]), json_schema())


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({}, 1),
        ({"findings": [_finding(level="warning")]}, 0),
        ({"findings": [_finding(excluded="because")]}, 0),
        ({"findings": [], "checks": [_check("isolation", "broken", reason="lost connection")]}, 1),
        ({"findings": [], "checks": [_check("snapshot", "not_applicable", reason="none")]}, 0),
        ({"findings": [], "tests": [_test("passed")]}, 0),
        ({"findings": [], "tests": [_test("skipped")]}, 0),
        ({"findings": [], "tests": [_test("error")]}, 1),
    ],
)
def test_exit_code_follows_from_the_document(over: dict[str, Any], code: int) -> None:
    assert exit_code(_document(**over)) == code


@pytest.mark.parametrize("style", FORMATS)
def test_every_format_names_the_finding_its_place_and_its_remedy(style: str) -> None:
    written = render(_document(), style)
    evidence = () if style == "gitlab" else ("x" * 100,)  # GitLab shows a line a finding
    for part in ("migrations/1_t.sql", "Mend it.", *evidence):
        assert part in written


def test_text_shows_markup_as_it_is_and_statements_unwrapped() -> None:
    written = render(_document(), "text", width=60)
    assert "[bold]rows[/bold]" in written
    assert "\x1b" not in written
    assert "x" * 100 in written
    assert "\x1b[" in render(_document(), "text", color=True)


def test_text_says_why_a_check_does_not_apply() -> None:
    document = _document(findings=[], checks=[_check("snapshot", "not_applicable", reason="no snapshot is named")])
    assert "no snapshot is named" in render(document, "text")


def test_excluded_finding_is_counted_and_not_shown() -> None:
    written = render(_document(findings=[_finding(excluded="because")], verdict="clean"), "text")
    assert "1 excluded" in written
    assert "Mend it." not in written


def test_junit_is_xml_with_counts_whatever_the_messages_hold() -> None:
    document = _document(
        checks=[_check("isolation", "failed"), _check("snapshot", "not_applicable"), _check("ledger", "broken")],
        tests=[_test("passed"), _test("failed"), _test("skipped")],
    )
    checks, tests = ElementTree.fromstring(render(document, "junit"))
    assert {name: checks.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    assert [case.get("classname") for case in tests] == ["suites.test_x"] * 3


def test_json_is_the_document() -> None:
    assert json.loads(render(_document(), "json")) == _document()
