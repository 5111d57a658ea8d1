"""What a run makes of its checks: exclusions, checks that look at nothing, errors that a check does not expect."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemaproof.checks import Context, check
from schemaproof.errors import UsageError
from schemaproof.findings import Finding, Level
from schemaproof.results import Results, exit_code
from schemaproof.run import run_check
from schemaproof.session import Session


def _exclude(folder: Path, check: str, name: str) -> None:
    path = folder / "schemaproof.toml"
    entry = f'[[exclude]]\ncheck = "{check}"\nobject = "{name}"\nreason = "because"\n'
    path.write_text(path.read_text() + entry)


def test_exclusion_that_covers_nothing_is_a_finding(clinic: Path, checked: Callable[..., Results]) -> None:
    _exclude(clinic, "row_security", "public.nowhere")
    results = checked(clinic, "row_security")
    assert [(found.key, found.level) for found in results.findings] == [
        ("exclusions:row_security:public.nowhere", "warning")
    ]


def test_exclusion_of_a_check_that_did_not_run_is_left_alone(clinic: Path, checked: Callable[..., Results]) -> None:
    _exclude(clinic, "isolation", "public.nowhere")
    assert checked(clinic, "row_security").findings == []


def test_exclusion_of_an_unknown_check_is_refused(clinic: Path, checked: Callable[..., Results]) -> None:
    _exclude(clinic, "row_securty", "public.visits")
    with pytest.raises(UsageError) as refusal:
        checked(clinic)
    assert "row_security" in refusal.value.remedy


@pytest.mark.parametrize("check", ["row_security", "privileges"])
def test_check_that_looks_at_nothing_fails(clinic: Path, checked: Callable[..., Results], check: str) -> None:
    path = clinic / "schemaproof.toml"
    path.write_text(path.read_text().replace('schemas = ["public"]', 'schemas = ["pubic"]'))
    results = checked(clinic, check)
    assert [found.key for found in results.findings] == [f"{check}:nothing"]
    assert exit_code(results.document()) == 1


def test_role_that_does_not_exist_is_refused(clinic: Path, checked: Callable[..., Results]) -> None:
    path = clinic / "schemaproof.toml"
    path.write_text(path.read_text() + '[roles]\nmember = "authenticatd"\n')
    with pytest.raises(UsageError) as refusal:
        checked(clinic, "isolation")
    assert "`authenticated`" in refusal.value.remedy


def test_isolation_where_nobody_may_do_anything_does_not_apply(clinic: Path, checked: Callable[..., Results]) -> None:
    path = clinic / "migrations" / "3_visits.sql"
    path.write_text(path.read_text() + "revoke all on all tables in schema public from authenticated, service_role;\n")
    (found,) = [check for check in checked(clinic, "isolation").checks if check.name == "isolation"]
    assert (found.status, "privilege" in found.reason) == ("not_applicable", True)


def test_isolation_where_no_member_reaches_the_own_rows_is_not_proved(
    clinic: Path, checked: Callable[..., Results]
) -> None:
    path = clinic / "migrations" / "1_clinics.sql"
    path.write_text(path.read_text().replace("return nullif(auth.jwt() ->> 'clinic', '')::uuid", "return null::uuid"))
    results = checked(clinic, "isolation")
    assert ("isolation:nothing", "error") in {(found.key, str(found.level)) for found in results.findings}


def test_project_without_sample_data_is_attacked_in_rows_made_up(clinic: Path, checked: Callable[..., Results]) -> None:
    path = clinic / "schemaproof.toml"
    path.write_text(path.read_text().replace('sample = "sample.sql"\n', ""))
    (found,) = [check for check in checked(clinic, "isolation").checks if check.name == "isolation"]
    assert (found.status, found.proved["tables"]) == ("passed", 3)


@pytest.mark.parametrize(("has_rollback", "proved"), [(True, {"steps": 3}), (False, {"steps": 2, "irreversible": 1})])
def test_irreversible_migration_is_proved_as_far_as_it_can_be(
    clinic: Path, checked: Callable[..., Results], has_rollback: bool, proved: dict[str, int]
) -> None:
    path = clinic / "migrations" / "3_visits.sql"
    path.write_text("-- schemaproof: irreversible visits are lost\n" + path.read_text())
    if not has_rollback:
        (clinic / "rollbacks" / "3_visits.sql").unlink()
    results = checked(clinic, "stairway")
    assert results.findings == []
    assert [check.proved for check in results.checks if check.name == "stairway"] == [proved]


@pytest.mark.parametrize("declared", list(Level))
def test_finding_heavier_than_its_check_declares_is_a_mistake_of_the_check(
    clinic: Path, session_of: Callable[[Path], Session], declared: Level
) -> None:
    @check(level=declared)
    def some(_: Context) -> list[Finding]:
        return [Finding("test_run", "public.visits", "It is so.", "Change it.", level=Level.WARNING)]

    context = Context(session_of(clinic))
    if declared is Level.NOTE:
        with pytest.raises(AssertionError, match="test_run"):
            run_check(some, context)
    else:
        assert run_check(some, context)[0].level is declared
