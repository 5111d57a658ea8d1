"""Each bad migration fails for its own reason, and no healthy one fails: on a schema of shops, one change a case.

`cases/base` is what every case starts from. A case is `up.sql` and `down.sql` (`up_2.sql` and so on follow them). The
opening comments of `up.sql` say what is wrong, or what it nearly is; `finds` are keys that must be among its errors.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemaproof.checks import all_checks, select_checks
from schemaproof.config import load_target
from schemaproof.gate import Aside, Changes, Side, Sides, run_gate
from schemaproof.results import Results
from schemaproof.run import run_checks
from schemaproof.session import Session
from tests.sessions import session_on

CASES = Path(__file__).parent / "cases"
BASE = CASES / "base"
_VERSIONS = ("20260201000000", "20260202000000", "20260203000000")
_FINDS = re.compile(r"^-- finds: (\S.*)$", re.MULTILINE)
# A reviewer sees what stands in the change's own files.
_OF_THE_CHANGE = tuple(f"{folder}/{version}" for folder in ("migrations", "rollbacks") for version in _VERSIONS)
# They prove the change, whatever a case is about; the others are run where a case needs them.
_ALWAYS = ("build", *(check.name for check in all_checks() if check.stepwise))
_OF_FILES = ("ledger", "snapshot", "behaviour")


class Known(Aside):
    """The base's checks, done once for all cases."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def document(self) -> dict[str, Any]:
        return self._document


def _cases(kind: str) -> Iterator[Any]:
    for path in sorted((CASES / kind).iterdir()):
        yield pytest.param(path, id=path.name)


@pytest.fixture(scope="module")
def base_document(supabase_server: Any) -> dict[str, Any]:
    target = load_target(config=BASE / "schemaproof.toml")
    session = session_on(supabase_server, target)
    names = [check.name for check in all_checks() if not check.stepwise and check.name not in _OF_FILES]
    document = run_checks(session, select_checks(names), lambda _: None).document()
    session.drop_all()
    return document


@pytest.fixture
def gated(
    tmp_path: Path, base_document: dict[str, Any], session_of: Callable[[Path], Session]
) -> Callable[..., Results]:
    def run(case: Path, *only: str) -> Results:
        head = tmp_path / "head"
        shutil.copytree(BASE, head)
        for version, suffix in zip(_VERSIONS, ("", "_2", "_3"), strict=True):
            for source, folder in ((f"up{suffix}.sql", "migrations"), (f"down{suffix}.sql", "rollbacks")):
                if (case / source).exists():
                    shutil.copy(case / source, head / folder / f"{version}_{case.name}.sql")
        target = load_target(config=BASE / "schemaproof.toml")
        session = session_of(head)
        sides = Sides(
            Side("base", target), Side("head", session.target), frozenset(each.version for each in target.history)
        )
        return run_gate(session, sides, Changes.of(sides), Known(base_document), lambda _: None, only=only, fire=False)

    return run


def _errors(results: Results) -> dict[str, str]:
    document = results.document()
    return {
        found["key"]: f"{_place(found)}: {found['summary']}"
        for found in document["findings"]
        if found["level"] == "error" and not found["known"]
    } | {check["name"]: check["reason"] for check in document["checks"] if check["status"] == "broken"}


def _place(found: dict[str, Any]) -> str:
    return found["file"] or "nowhere"


def test_there_are_enough_of_both() -> None:
    assert len(list((CASES / "bad").iterdir())) >= 40
    assert len(list((CASES / "healthy").iterdir())) >= 15


@pytest.mark.parametrize("case", list(_cases("bad")))
def test_bad_migration_fails_for_its_own_reason(case: Path, gated: Callable[..., Results]) -> None:
    wanted = _FINDS.findall((case / "up.sql").read_text())
    assert wanted, f"{case.name} does not say what must be found"
    named = [each.name for each in all_checks() if each.name in {key.partition(":")[0] for key in wanted}]
    # What reaches rows is compared with the base for whatever case is about it.
    cells = ["isolation", "claims", "functions"] if any(key.startswith("narrowed") for key in wanted) else []
    found = _errors(gated(case, *dict.fromkeys((*_ALWAYS, *named, *cells))))
    assert set(wanted) <= set(found), found
    assert all(found[key].startswith(_OF_THE_CHANGE) for key in wanted), found


@pytest.mark.parametrize("case", list(_cases("healthy")))
def test_healthy_migration_gives_no_error(case: Path, gated: Callable[..., Results]) -> None:
    assert _errors(gated(case)) == {}
