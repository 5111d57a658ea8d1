"""The run of the base in a process of its own: what becomes of it when that process, or its run, fails."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemaproof.config import load_target
from schemaproof.gate import Changes, Side, Sides, gate, run_gate
from schemaproof.gate.aside import Aside, AsideError, checked_aside
from schemaproof.gate.difference import Difference
from schemaproof.server import ServerSpec
from schemaproof.session import Session


def test_process_that_is_killed_is_told_as_such_and_not_as_a_broken_pipe(clinic: Path) -> None:
    with checked_aside(load_target(clinic), ServerSpec(), ["row_security"], create_roles=False) as aside:
        assert aside.document()["verdict"] == "clean"
        aside._process.kill()
        aside._process.join()
        with pytest.raises(AsideError) as refusal:
            aside.ask_plans(["one"])
        assert "-9" in refusal.value.message
        with pytest.raises(AsideError):
            aside.document()


class _Gone(Aside):
    """The base's run, whose process ends once its checks are told."""

    def __init__(self) -> None:
        pass

    def document(self) -> dict[str, Any]:
        return {"findings": [], "matrix": []}

    def ask_plans(self, ids: Any) -> Any:
        raise AsideError("gone")


def test_plans_of_the_base_that_fail_are_an_error_of_that_part_alone(
    clinic: Path, session_of: Callable[[Path], Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = clinic / "schemaproof.toml"
    settings.write_text('queries = "queries"\n' + settings.read_text())
    (clinic / "queries").mkdir()
    target = load_target(clinic)
    sides = Sides(Side("base", target), Side("head", target), frozenset())
    monkeypatch.setattr(gate, "find_difference", lambda *_: Difference(queries=("one",)))
    results = run_gate(
        session_of(clinic), sides, Changes.of(sides), _Gone(), lambda _: None, only=["row_security"], fire=False
    )
    assert [each.name for each in results.checks if each.status == "broken"] == ["plans"]
    assert results.document()["verdict"] == "findings"
