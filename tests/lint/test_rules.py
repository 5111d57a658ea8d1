"""Every rule of lint says what a broken migration does, at its line and for its reason, and nothing of a healthy one.

`<rule>/broken_*.sql` and `healthy_*.sql` hold the cases: `-- before` opens a migration of the history, `-- new` one
that is looked at. Opening comments say what must be found (`finds`, `also` of another rule), on which platform, and
which query the catalogue holds. ` --!` ends the lines to point at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from schemaproof.config import Lint
from schemaproof.findings import Finding
from schemaproof.lint import CatalogueQuery, Options, all_rules, lint, rule_names
from schemaproof.migrations import Migration

HERE = Path(__file__).parent
PAGES = HERE.parents[1] / "docs" / "rules"
WEIGHTS = {"note": 0, "warning": 1, "error": 2}
_HEADER = re.compile(r"-- (finds|also|platform|query): (.*)")
_PART = re.compile(r"^-- (before|new)$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """A history, what comes new, and the findings that it must give: key and level."""

    rule: str
    before: tuple[Migration, ...]
    new: tuple[Migration, ...]
    options: Options
    finds: dict[str, str]
    also: dict[str, str]
    lines: set[int]

    @classmethod
    def read(cls, path: Path) -> "Case":
        text = path.read_text()
        header: dict[str, list[str]] = {}
        for name, value in _HEADER.findall(text.split("\n\n")[0]):
            header.setdefault(name, []).append(value)
        parts = list(_migrations(path, text))
        finds, also = (dict(value.rsplit(" = ", 1) for value in header.get(name, ())) for name in ("finds", "also"))
        queries = tuple(CatalogueQuery(*value.split(": ", 1)) for value in header.get("query", ()))
        options = Options(header.get("platform", ["supabase"])[0], Lint(squawk=False), queries)
        lines = {number for number, line in enumerate(text.splitlines(), 1) if line.endswith(" --!")}
        before = tuple(each for kind, each in parts if kind == "before")
        new = tuple(each for kind, each in parts if kind == "new")
        return cls(path.parent.name, before, new, options, finds, also, lines)

    def look(self) -> list[Finding]:
        return lint(self.new, before=self.before, options=self.options)


def _migrations(path: Path, text: str) -> Iterator[tuple[str, Migration]]:
    """Cut a case into migrations, each with empty lines for what stands before it: line numbers are the case's."""
    marks = list(_PART.finditer(text))
    assert marks, f"{path} has no part"
    for number, mark in enumerate(marks, 1):
        end = marks[number].start() if number < len(marks) else len(text)
        padded = "\n" * text.count("\n", 0, mark.end()) + text[mark.end() : end]
        yield mark[1], Migration(str(number), path.stem, path, padded)


def _cases(pattern: str = "*") -> Iterator[Any]:
    for path in sorted(HERE.glob(f"*/{pattern}.sql")):
        yield pytest.param(path, id=f"{path.parent.name}-{path.stem}")


def test_every_rule_has_a_broken_and_a_healthy_case_and_a_page() -> None:
    for kind in ("broken", "healthy"):
        assert {path.parent.name for path in HERE.glob(f"*/{kind}_*.sql")} == set(rule_names())
    assert {path.stem for path in PAGES.glob("*.md")} == {*rule_names(), "locks"}  # which the server is asked about


def test_name_of_a_case_says_whether_it_is_broken() -> None:
    for path in HERE.glob("*/*.sql"):
        assert path.stem.startswith("broken_" if Case.read(path).finds else "healthy_"), path


@pytest.mark.parametrize("path", list(_cases("broken_*")))
def test_harm_is_found_for_its_reason_at_its_line(path: Path) -> None:
    case = Case.read(path)
    found = case.look()
    own = [finding for finding in found if finding.check == case.rule]
    assert {finding.key: str(finding.level) for finding in own} == case.finds
    assert {finding.location.line for finding in own if finding.location} == case.lines
    others = {each.key: str(each.level) for each in found if each.check != case.rule}
    assert {key: level for key, level in others.items() if level != "note"} == case.also


@pytest.mark.parametrize("path", list(_cases("healthy_*")))
def test_nothing_is_said_of_a_healthy_migration(path: Path) -> None:
    assert [(finding.key, finding.summary) for finding in Case.read(path).look()] == []


def test_no_finding_is_heavier_than_its_rule_declares() -> None:
    levels = {rule.name: str(rule.level) for rule in all_rules()}
    for path in HERE.glob("*/broken_*.sql"):
        case = Case.read(path)
        for level in case.finds.values():
            assert WEIGHTS[level] <= WEIGHTS[levels[case.rule]], path


def test_every_rule_has_a_case_of_the_level_that_it_declares() -> None:
    heaviest: dict[str, set[str]] = {}
    for path in HERE.glob("*/broken_*.sql"):
        case = Case.read(path)
        heaviest.setdefault(case.rule, set()).update(case.finds.values())
    assert {rule.name for rule in all_rules() if str(rule.level) not in heaviest[rule.name]} == set()


@pytest.mark.parametrize("path", list(_cases("broken_*")))
def test_rule_that_the_settings_leave_out_is_not_asked(path: Path) -> None:
    case = Case.read(path)
    options = replace(case.options, settings=Lint(squawk=False, exclude=(case.rule,)))
    found = lint(case.new, before=case.before, options=options)
    assert [finding for finding in found if finding.check == case.rule] == []
