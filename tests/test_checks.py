"""Every check passes what is healthy and catches what its broken cases put in, for its own reason only.

`broken/<check>/` holds its cases: `clinic.toml` edits the healthy schema of clinics; each `.sql` file is a schema of
its own, whose opening comments say what is wrong, on which platform, what must be found, and which error of another
check is the same harm (`also`); ` --!` ends the lines to point at. A `.json` file beside it is its behaviour matrix.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from schemaproof.checks import all_checks
from schemaproof.errors import UsageError
from schemaproof.results import Results

BROKEN = Path(__file__).parent / "broken"
DOCS = Path(__file__).parent.parent / "docs" / "checks"
# The checks that attack: no other check finds an error in their cases but what the case lists.
ATTACKS = frozenset(
    [
        "back_doors",
        "behaviour",
        "claims",
        "escalation",
        "existence",
        "functions",
        "interference",
        "isolation",
        "memberships",
        "ownership",
        "privileges",
        "references",
        "rows",
        "search_path",
        "sessions",
        "shared_tables",
        "side_channels",
        "triggers",
        "views",
    ]
)
_HEADER = re.compile(r"-- (\w+): (.*)")


@dataclass(frozen=True)
class Case:
    """A schema in one file, and the findings that its check must have: key and level; `also`: errors of others."""

    check: str
    text: str
    platform: str
    settings: str
    finds: dict[str, str]
    also: dict[str, str]
    behaviour: str | None

    @classmethod
    def read(cls, path: Path) -> "Case":
        text = path.read_text()
        header: dict[str, list[str]] = {}
        for found in map(_HEADER.fullmatch, text.split("\n\n")[0].splitlines()):
            if found:
                header.setdefault(found[1], []).append(found[2])
        platform = header.get("platform", ["supabase"])[0]
        finds, also = (dict(value.rsplit(" = ", 1) for value in header.get(name, ())) for name in ("finds", "also"))
        beside = path.with_suffix(".json")
        behaviour = beside.read_text() if beside.exists() else None
        return cls(path.parent.name, text, platform, "\n".join(header.get("settings", ())), finds, also, behaviour)

    @property
    def lines(self) -> set[int]:
        """The lines at which its findings point."""
        return {number for number, line in enumerate(self.text.splitlines(), 1) if line.endswith(" --!")}

    def write(self, folder: Path) -> None:
        (folder / "migrations").mkdir()
        (folder / "migrations" / "1_schema.sql").write_text(self.text)
        settings = f'platform = "{self.platform}"\nmigrations = "migrations"\n{self.settings}\n'
        (folder / "schemaproof.toml").write_text(settings)
        if self.behaviour is not None:
            (folder / "behaviour.json").write_text(self.behaviour)


def _edits() -> Iterator[Any]:
    for path in sorted(BROKEN.glob("*/clinic.toml")):
        for name, case in tomllib.loads(path.read_text()).items():
            yield pytest.param(path.parent.name, case, id=f"{path.parent.name}-{name}")


def _schemas() -> Iterator[Any]:
    for path in sorted(BROKEN.glob("*/*.sql")):
        yield pytest.param(path, id=f"{path.parent.name}-{path.stem}")


def _break(folder: Path, case: dict[str, Any]) -> None:
    for edit in (case, *case.get("also", ())):
        path = folder / edit["edit"]
        text = path.read_text()
        assert text.count(edit["replace"]) == 1, f"{edit['replace']!r} does not stand once in {path}"
        path.write_text(text.replace(edit["replace"], edit["by"]))


def test_every_check_has_a_broken_case_and_a_page() -> None:
    names = {check.name for check in all_checks()}
    broken = {path.parent.name for pattern in ("*/clinic.toml", "*/broken_*.sql") for path in BROKEN.glob(pattern)}
    assert broken == names
    assert {path.stem for path in DOCS.glob("*.md")} == names


def test_name_of_a_case_says_whether_it_is_broken() -> None:
    for path in BROKEN.glob("*/*.sql"):
        assert path.stem.startswith("broken_" if Case.read(path).finds else "healthy_"), path


def test_healthy_schema_passes_every_check(clinic: Path, checked: Callable[..., Results]) -> None:
    results = checked(clinic)
    passed = {found.name for found in results.checks if found.status == "passed"}
    missing = [(found.name, found.status, found.reason) for found in results.checks if found.name not in passed]
    healthy = {path.parent.name for path in BROKEN.glob("*/healthy_*.sql")}
    assert [found for found in missing if found[1] != "not_applicable" or found[0] not in healthy] == []
    assert [found.key for found in results.findings] == []
    assert all(any(check.proved.values()) for check in results.checks if check.name in passed), "passed without a look"


@pytest.mark.parametrize(("check", "case"), list(_edits()))
def test_defect_is_caught_for_its_reason_at_its_place(
    check: str, case: dict[str, Any], clinic: Path, checked: Callable[..., Results]
) -> None:
    _break(clinic, case)
    results = checked(clinic, check)
    found = {(finding.key, str(finding.level)): finding for finding in results.findings}
    assert set(found) == set(case["keys"].items())
    for finding in found.values():
        assert finding.location is not None
        assert str(finding.location) == str(clinic / case["file"]) + f":{case['line']}"


@pytest.mark.parametrize("path", list(_schemas()))
def test_schema_is_found_broken_for_its_reason_or_healthy(
    path: Path, tmp_path: Path, checked: Callable[..., Results]
) -> None:
    case = Case.read(path)
    case.write(tmp_path)
    results = checked(tmp_path, *_all_but_interruption(case.check))
    assert {found.name: found.reason for found in results.checks if found.status == "broken"} == {}
    statuses = {found.name: (found.status, found.reason) for found in results.checks}
    assert statuses[case.check][0] in ("passed", "failed"), statuses[case.check]
    own = [finding for finding in results.findings if finding.check == case.check]
    assert {finding.key: str(finding.level) for finding in own} == case.finds
    places = [finding.location.line for finding in own if finding.location is not None]
    assert set(places) == case.lines
    assert not case.lines or len(places) == len(own), "a finding has no place"
    if case.check in ATTACKS:
        others = {finding.key: str(finding.level) for finding in results.findings if finding.check != case.check}
        assert {key: level for key, level in others.items() if level == "error" or key in case.also} == case.also


def _all_but_interruption(name: str) -> list[str]:
    """Leave out what is of how a file runs and not of what it makes, and opens a server: it has cases of its own."""
    return [check.name for check in all_checks() if check.name != "interruption" or check.name == name]


def test_unknown_convention_is_refused_with_the_one_that_was_meant(
    clinic: Path, checked: Callable[..., Results]
) -> None:
    settings = clinic / "schemaproof.toml"
    settings.write_text('conventions = ["coments"]\n' + settings.read_text())
    with pytest.raises(UsageError) as refusal:
        checked(clinic, "conventions")
    assert "comments" in str(refusal.value)


def test_findings_are_no_heavier_than_their_check_declares() -> None:
    weights = {"note": 0, "warning": 1, "error": 2}
    levels = {check.name: str(check.level) for check in all_checks()}
    for path in BROKEN.glob("*/broken_*.sql"):
        for level in Case.read(path).finds.values():
            assert weights[level] <= weights[levels[path.parent.name]], path
