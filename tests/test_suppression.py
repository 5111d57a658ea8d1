"""What a project accepts, by object, by key, or in a comment beside the statement: for a reason, not for nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemaproof.acceptance import known_checks
from schemaproof.config import load_target
from schemaproof.errors import UsageError
from schemaproof.migrations import Migration
from schemaproof.results import Results, exit_code
from schemaproof.suppression import read_remarks

ENABLE = "alter table public.patients enable row level security;\n"
TABLE = "create table public.patients ("
KEY = "row_security:public.patients:enable"


@pytest.fixture
def disabled(clinic: Path) -> Path:
    """The clinic with one finding: row-level security is not enabled on public.patients."""
    _edit(clinic, ENABLE, "")
    return clinic


def _edit(folder: Path, old: str, new: str) -> None:
    path = folder / "migrations" / "2_patients.sql"
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def _exclude(folder: Path, entry: str) -> None:
    path = folder / "schemaproof.toml"
    path.write_text(f"{path.read_text()}[[exclude]]\n{entry}\n")


def _excluded(results: Results) -> dict[str, str | None]:
    return {found["key"]: found["excluded"] for found in results.document()["findings"]}


def test_exclusion_by_key_covers_that_finding_only(disabled: Path, checked: Callable[..., Results]) -> None:
    _exclude(disabled, f'key = "{KEY}"\nreason = "the owner is trusted"')
    assert _excluded(checked(disabled, "row_security")) == {KEY: "the owner is trusted"}


def test_key_of_no_finding_is_stale_and_the_nearest_key_is_named(
    disabled: Path, checked: Callable[..., Results]
) -> None:
    _exclude(disabled, 'key = "row_security:public.patient:enable"\nreason = "x"')
    found = {each.key: each for each in checked(disabled, "row_security").findings}
    assert set(found) == {KEY, "exclusions:row_security:public.patient:enable"}
    assert f"`{KEY}`" in found["exclusions:row_security:public.patient:enable"].remedy


def test_exclusion_of_an_object_that_is_gone_says_so(clinic: Path, checked: Callable[..., Results]) -> None:
    _exclude(clinic, 'check = "row_security"\nobject = "public.nowhere"\nreason = "x"')
    _exclude(clinic, 'check = "row_security"\nobject = "public.visits"\nreason = "x"')
    _exclude(clinic, 'check = "snapshot"\nobject = "snapshot.sql"\nreason = "x"')
    stale = {found.object: "does not exist" in found.summary for found in checked(clinic).findings}
    assert stale == {"public.nowhere": True, "public.visits": False, "snapshot.sql": False}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TABLE, f"-- schemaproof: ignore row_security é is fine\n{TABLE}"),
        (TABLE, f"-- schemaproof: ignore row_security é is fine\n-- and another comment\n{TABLE}"),
        (TABLE, f"{TABLE}  -- schemaproof: ignore row_security é is fine"),
        ("\n);\n", "\n);  -- schemaproof: ignore row_security é is fine\n"),
    ],
    ids=["above", "above another comment", "on its first line", "at its end"],
)
def test_comment_beside_the_statement_covers_its_finding(
    disabled: Path, checked: Callable[..., Results], old: str, new: str
) -> None:
    _edit(disabled, old, new)
    results = checked(disabled, "row_security")
    assert _excluded(results) == {KEY: "é is fine"}
    assert exit_code(results.document()) == 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TABLE, f"-- schemaproof: ignore row_security why\n\n{TABLE}"),
        (TABLE, f"-- schemaproof: ignore foreign_key_indexes why\n{TABLE}"),
        ("create policy select_member", "-- schemaproof: ignore row_security why\ncreate policy select_member"),
        ("    name text", "    -- schemaproof: ignore row_security why\n    name text"),
    ],
    ids=["a line apart", "of another check", "beside another statement", "beside another line"],
)
def test_comment_elsewhere_covers_nothing_and_is_stale(
    disabled: Path, checked: Callable[..., Results], old: str, new: str
) -> None:
    _edit(disabled, old, new)
    results = checked(disabled, "row_security", "foreign_key_indexes")
    (stale,) = [found for found in results.findings if found.check == "exclusions"]
    assert _excluded(results) == {KEY: None, stale.key: None}
    line = 1 + (disabled / "migrations" / "2_patients.sql").read_text().partition("-- schemaproof")[0].count("\n")
    assert str(stale.location) == f"{disabled / 'migrations' / '2_patients.sql'}:{line}"
    assert stale.key.endswith(":why")
    assert str(line) not in stale.key.rpartition("sql:")[2]


def test_comment_in_a_literal_or_a_body_is_none(tmp_path: Path) -> None:
    text = "select '-- schemaproof: ignor x';\nselect $$ x -- schemaproof: ignore $$;\n"
    text += "select 'é\n-- schemaproof: ignor x\n';\ndo $$ begin\n  -- schemaproof: ignore\nend $$;\n"
    text += "/*\n-- schemaproof: ignore\n*/\n"
    assert list(read_remarks([Migration("1", "x", tmp_path / "1_x.sql", text)])) == []


def test_comments_of_one_line_and_of_a_rollback_cover_theirs(tmp_path: Path) -> None:
    text = "create table a ();\ncreate table b (\n  x int,  -- schemaproof: ignore rows why\n  y int\n);\n"
    undo = "-- schemaproof: ignore stairway lost on purpose\ndrop table b;\ndrop table a;\n"
    migration = Migration("1", "x", tmp_path / "1_x.sql", text, tmp_path / "undo.sql", undo)
    remarks = list(read_remarks([migration]))
    assert [(remark.check, remark.location.path.name, list(remark.lines)) for remark in remarks] == [
        ("rows", "1_x.sql", [3]),
        ("stairway", "undo.sql", [2]),
    ]


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ("ignore", "gives no check"),
        ("ignore row_security", "gives no reason"),
        ("ignore row_security  ", "gives no reason"),
        ("ignor row_security why", "`ignore`"),
        ("ignore row_securty why", "`row_security`"),
    ],
)
def test_wrong_comment_is_refused_with_its_line(
    disabled: Path, checked: Callable[..., Results], marker: str, said: str
) -> None:
    _edit(disabled, TABLE, f"-- schemaproof: {marker}\n{TABLE}")
    with pytest.raises(UsageError) as refusal:
        checked(disabled)
    assert "2_patients.sql:2" in str(refusal.value)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('key = "row_security:public.patients:enable"', "reason"),
        ('key = " "\nreason = "x"', "key"),
        ('key = "a:b"\nobject = "b"\nreason = "x"', "object"),
        ('kye = "a:b"\nreason = "x"', "check, object"),
        ('kye = "a:b"\ncheck = "a"\nobject = "b"\nreason = "x"', "`key`"),
    ],
)
def test_wrong_entry_is_refused(clinic: Path, entry: str, said: str) -> None:
    _exclude(clinic, entry)
    with pytest.raises(UsageError) as refusal:
        load_target(clinic)
    assert said in str(refusal.value)


def test_key_of_an_unknown_check_is_refused(clinic: Path, checked: Callable[..., Results]) -> None:
    _exclude(clinic, 'key = "row_securty:public.patients:enable"\nreason = "x"')
    with pytest.raises(UsageError) as refusal:
        checked(clinic)
    assert "schemaproof.toml" in refusal.value.message
    assert "`row_security`" in refusal.value.remedy


def test_known_checks_are_named_once() -> None:
    assert len(known_checks()) == len(set(known_checks()))
