"""A query's file is read as it says, and what is wrong in it is refused by file and line."""

from pathlib import Path

import pytest

from schemaproof.config import Target
from schemaproof.errors import UsageError
from schemaproof.queries import read_queries
from schemaproof.queries.folder import read_query

_WHOLE = """\
-- name: Notes of late
-- about: What a member
--     opens first.
-- requirement: 4.1, 4.2
-- role: authenticated, service_role
-- claims: tenant_id = :tenant, workspace_id = 'T1'
-- tenant: public.notes where deleted_at is null
-- cases: small, largest
-- param since: select min(at) from public.notes
--     where tenant_id = :tenant
-- setup: select 1
-- uses: notes_at_idx (tenant_id, at) or notes_pkey
-- needs: notes_at_idx 5
-- no: sort
-- max_buffers: 12
-- returns: any
-- plans: custom

select *
from public.notes
where at > :since;
"""


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(tmp_path, tmp_path)


def _write(folder: Path, text: str, name: str = "notes_of_late") -> Path:
    path = folder / f"{name}.sql"
    path.write_text(text)
    return path


def test_header_is_read_whole(tmp_path: Path, target: Target) -> None:
    query = read_query(_write(tmp_path, _WHOLE), target)
    assert (query.id, query.name, query.about) == ("notes_of_late", "Notes of late", "What a member opens first.")
    assert query.requirements == ("4.1", "4.2")
    assert query.roles == ("authenticated", "service_role")
    assert query.claims == {"tenant_id": ":tenant", "workspace_id": "T1"}
    assert query.population is not None
    assert (query.population.table, query.population.condition) == ("public.notes", "deleted_at is null")
    assert query.cases == ("small", "largest")
    assert [parameter.name for parameter in query.parameters] == ["since"]
    assert query.statement.text == "select *\nfrom public.notes\nwhere at > :since"
    assert (query.line, query.returns, query.generic) == (19, "any", False)
    assert [(limit.claim.words, limit.location.line) for limit in query.limits] == [
        ("uses notes_at_idx (tenant_id, at) or uses notes_pkey", 12),
        ("no sequential scan above 1000 rows", 19),
        ("no spill", 19),
        ("no sort", 14),
        ("at most 12 buffers", 15),
    ]
    assert [(need.index, need.factor, need.location.line) for need in query.needs] == [("notes_at_idx", 5, 13)]


def test_member_claims_its_tenant_unless_the_header_says_otherwise(tmp_path: Path, target: Target) -> None:
    tenants = "-- role: authenticated\n-- tenant: public.notes\n"
    assert read_query(_write(tmp_path, tenants + "select 1"), target).claims == {"tenant_id": ":tenant"}
    assert read_query(_write(tmp_path, tenants + "-- claims: none\nselect 1"), target).claims == {}
    assert read_query(_write(tmp_path, "-- role: postgres\nselect 1"), target).cases == ("all",)


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("-- role: a\n-- use: notes_idx\nselect 1", 2, "unknown key `use`", "Did you mean `uses`?"),
        ("-- role: a\n-- nonsense\nselect 1", 2, "not a line of a header", "`-- key: value`"),
        ("-- role: a\n-- role: b\nselect 1", 2, "`role` stands twice", "Keep one"),
        ("-- name: x\nselect 1", 1, "no `role`", "`-- role: authenticated`"),
        ("-- role: a\n", 1, "no statement", "below its header"),
        ("-- role: a\n-- uses: notes idx\nselect 1", 2, "`uses` is not of its form", "notes_at_idx (tenant_id, at)"),
        ("-- role: a\n-- needs: x much\nselect 1", 2, "`needs` is not of its form", "notes_at_idx 5"),
        (
            "-- role: a\n-- max_buffers: few\nselect 1",
            2,
            "`max_buffers` is no number from 0 on: few",
            "max_buffers: 20",
        ),
        (
            "-- role: a\n-- max_buffers: nan\nselect 1",
            2,
            "`max_buffers` is no number from 0 on: nan",
            "max_buffers: 20",
        ),
        (
            "-- role: a\n-- max_buffers: inf\nselect 1",
            2,
            "`max_buffers` is no number from 0 on: inf",
            "max_buffers: 20",
        ),
        ("-- role: a\n-- max_buffers: -1\nselect 1", 2, "`max_buffers` is no number from 0 on: -1", "max_buffers: 20"),
        ("-- role: a\n-- profile: 10k\nselect 1", 2, "unknown key `profile`", "Did you mean `role`?"),
        ("-- role: a\n-- cases: small\nselect 1", 2, "`cases` without `tenant`", "-- tenant"),
        ("-- role: a\n-- tenant: t\n-- cases: smal\nselect 1", 3, "unknown case `smal`", "Did you mean `small`?"),
        ("-- role: a\n-- returns: nothing\nselect 1", 2, "`returns` is 'nothing'", "Write one of"),
        ("-- role: a\n-- param: select 1\nselect 1", 2, "a `param` without a name", "-- param before"),
        ("-- role: a\n-- param since: '1'\n\nselect :sinc", 4, "nothing gives :sinc", "Did you mean `since`?"),
        ("-- role: a\n-- claims: tenant = x y\nselect 1", 2, "`claims` is not of its form", "workspace_id = 'T1'"),
    ],
)
def test_what_is_wrong_is_refused_by_file_and_line(
    tmp_path: Path, target: Target, text: str, line: int, message: str, remedy: str
) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(UsageError) as refusal:
        read_query(path, target)
    assert refusal.value.message.startswith(f"{path}:{line}: ")
    assert message in refusal.value.message
    assert remedy in refusal.value.remedy


def test_folder_that_is_not_there_empty_or_ambiguous_is_refused(tmp_path: Path, target: Target) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        read_queries(tmp_path / "none", target)
    with pytest.raises(UsageError, match="no query in"):
        read_queries(tmp_path, target)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        _write(tmp_path / folder, "-- role: a\nselect 1", "same")
    with pytest.raises(UsageError, match="another query is called same too"):
        read_queries(tmp_path, target)
