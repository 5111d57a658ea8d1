"""Every check passes the healthy schema and catches what its broken cases put in, for its own reason only."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemaproof.checks import all_checks
from schemaproof.results import Results

BROKEN = Path(__file__).parent / "broken"
DOCS = Path(__file__).parent.parent / "docs" / "checks"


def _cases() -> Iterator[Any]:
    for path in sorted(BROKEN.glob("*.toml")):
        for name, case in tomllib.loads(path.read_text()).items():
            yield pytest.param(path.stem, case, id=f"{path.stem}-{name}")


def _break(folder: Path, case: dict[str, Any]) -> None:
    for edit in (case, *case.get("also", ())):
        path = folder / edit["edit"]
        text = path.read_text()
        assert text.count(edit["replace"]) == 1, f"{edit['replace']!r} does not stand once in {path}"
        path.write_text(text.replace(edit["replace"], edit["by"]))


def test_every_check_has_a_broken_case_and_a_page() -> None:
    names = {check.name for check in all_checks()}
    assert {path.stem for path in BROKEN.glob("*.toml")} == names
    assert {path.stem for path in DOCS.glob("*.md")} == names


def test_healthy_schema_passes_every_check(clinic: Path, checked: Callable[..., Results]) -> None:
    results = checked(clinic)
    assert [(found.name, found.status, found.reason) for found in results.checks if found.status != "passed"] == []
    assert [found.key for found in results.findings] == []
    assert all(any(check.proved.values()) for check in results.checks), "a check passed without looking at anything"


@pytest.mark.parametrize(("check", "case"), list(_cases()))
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
