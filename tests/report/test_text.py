"""The report for a terminal: what it groups, shows, and leaves to a file."""

from typing import Any

import pytest

from schemaproof.report import render
from tests.report.documents import make_check, make_document, make_finding, many, unlike


def test_text_shows_markup_as_it_is_and_statements_unwrapped() -> None:
    written = render(make_document(), "text", width=60)
    assert "[bold]rows[/bold]" in written
    assert "\x1b" not in written
    assert "x" * 100 in written
    assert "\x1b[" in render(make_document(), "text", color=True)


def test_text_says_why_a_check_does_not_apply() -> None:
    document = make_document(
        findings=[], checks=[make_check("snapshot", "not_applicable", reason="no snapshot is named")]
    )
    assert "no snapshot is named" in render(document, "text")


def test_excluded_finding_is_counted_and_not_shown() -> None:
    written = render(make_document(findings=[make_finding(excluded="because")], verdict="clean"), "text")
    assert "1 excluded" in written
    assert "Mend it." not in written


def test_text_groups_findings_by_check_with_its_harm_the_heaviest_first() -> None:
    findings = [
        make_finding(level="warning", summary="light"),
        make_finding(check="coverage", key="coverage:1"),
        make_finding(),
    ]
    written = render(make_document(findings=findings), "text")
    heads = ["isolation: 1 error, 1 warning", "  Harm.", "anon reads", "light", "coverage: 1 error"]
    assert sorted(heads, key=written.index) == heads


@pytest.mark.parametrize("findings", [many(200), unlike(200), many(200, detail="line\n" * 100)])
def test_text_of_two_hundred_findings_can_be_read_at_a_terminal_and_is_whole_in_a_file(
    findings: list[dict[str, Any]],
) -> None:
    document = make_document(findings=findings)
    short = render(document, "text", whole=False)
    assert len(short.splitlines()) < 100
    assert "200 errors" in short
    assert "report.txt has all" in short
    written = render(document, "text")
    assert all(f"migrations/1_t.sql:{n + 1}" in written for n in range(200))
    assert "has all" not in written


def test_findings_that_differ_in_more_than_object_and_numbers_are_not_put_together() -> None:
    findings = [
        *many(3),
        make_finding(object="public.t9", summary="public.t9 is shut (1 rows)"),
        *many(2, level="warning"),
    ]
    written = render(make_document(findings=findings), "text")
    assert [line.strip() for line in written.splitlines() if "the same of" in line] == [
        "the same of 2 more:",
        "the same of 1 more:",
    ]


@pytest.mark.parametrize(
    ("settings", "table"), [("pyproject.toml", "[[tool.schemaproof.exclude]]"), ("schemaproof.toml", "[[exclude]]")]
)
def test_text_ends_with_how_to_accept_a_finding(settings: str, table: str) -> None:
    document = make_document()
    document["target"]["settings"] = settings
    written = render(document, "text")
    for part in (table, 'key = "isolation:public.t"', "-- schemaproof: ignore isolation", "--write-baseline"):
        assert part in written
    assert "schemaproof checks isolation" in written
    assert "schemaproof checks" not in render(make_document(findings=[make_finding(check="coverage")]), "text")
    assert "To accept" not in render(make_document(findings=[make_finding(check="build")]), "text")
    assert "ignore isolation" not in render(make_document(findings=[make_finding(file="snapshot.sql")]), "text")


def test_text_says_as_whom_it_was_attacked() -> None:
    cells = [{"object": "t", "identity": f"i{n % 9}", "command": "select", "outcome": "42501"} for n in range(20)]
    written = render(make_document(matrix=[cell | {"reached": False} for cell in cells]), "text")
    assert "as 9 identities: i0, i1, i2, i3, i4, i5 and 3 more" in written
