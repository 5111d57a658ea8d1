"""What migrations and their rollbacks do to rows: each case is found for its own reason, no healthy one is found.

A case in `cases/` is a migration (`-- up --`) and its rollback (`-- down --`; empty: it has none) on `base.sql`, and
the findings that it must have: key and level.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from schemaproof.findings import Finding
from schemaproof.results import Results
from schemaproof.session import Session
from schemaproof.stairs import Record, prove_data

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.sql"))
SessionOf = Callable[[Path], Session]


def _project(folder: Path, up: str, down: str = "") -> Path:
    (folder / "migrations").mkdir()
    (folder / "rollbacks").mkdir()
    (folder / "migrations" / "1_base.sql").write_text(f"-- schemaproof: irreversible the first\n{_base()}")
    (folder / "migrations" / "2_case.sql").write_text(up)
    if down.strip():
        (folder / "rollbacks" / "2_case.sql").write_text(down)
    (folder / "schemaproof.toml").write_text('platform = "plain"\nmigrations = "migrations"\nrollbacks = "rollbacks"\n')
    return folder


def _base() -> str:
    return (HERE / "base.sql").read_text()


def _prove(session: Session, record: Record | None = None) -> list[Finding]:
    return list(prove_data(session, [1], record=record))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_is_found_for_its_reason_or_is_healthy(path: Path, tmp_path: Path, session_of: SessionOf) -> None:
    header, up, down = re.split(r"^-- (?:up|down) --\n", path.read_text(), flags=re.MULTILINE)
    finds = dict(re.findall(r"^-- finds: (.*) = (\w+)$", header, flags=re.MULTILINE))
    assert path.stem.startswith("healthy_") is not bool(finds)
    found = _prove(session_of(_project(tmp_path, up, down)))
    assert {finding.key: str(finding.level) for finding in found} == finds, [finding.summary for finding in found]


def test_loss_is_told_with_its_statement_and_how_many_rows(tmp_path: Path, session_of: SessionOf) -> None:
    up = "alter table public.people add column remark text;\n\nupdate public.people set email = lower(email);\n"
    down = "alter table public.people drop column remark;\n"
    (finding,) = _prove(session_of(_project(tmp_path, up, down)))
    assert finding.object == "public.people.email"
    assert "in 1 of 7 rows" in finding.summary
    assert "lower(email)" in finding.detail
    assert str(finding.location) == str(tmp_path / "migrations" / "2_case.sql:3")


def test_declared_losses_and_side_effects_are_recorded(tmp_path: Path, session_of: SessionOf) -> None:
    up = (
        "-- schemaproof: lossy public.people.email the case is not kept\n"
        "update public.people set email = lower(email);\n"
        "update public.touched set title = title;\n"
    )
    record = Record()
    found = _prove(session_of(_project(tmp_path, up, "select 1;")), record)
    assert [finding.key for finding in found] == ["data_loss:2:side_effect:public.touched.updated_at"]
    assert [(each.name, each.reason) for each in record.declared] == [("public.people.email", "the case is not kept")]
    assert [each.name for each in record.side_effects] == ["public.touched.updated_at"]
    assert record.tables["public.people"] >= 4


def test_rows_that_no_constraint_lets_in_are_told(tmp_path: Path, session_of: SessionOf) -> None:
    up = "create table public.never (id integer primary key, constraint never check (id is null));\n"
    record = Record()
    _prove(session_of(_project(tmp_path, up, "drop table public.never;")), record)
    assert set(record.unfilled) == {"public.never"}


def test_filled_rows_hold_nulls_repeated_and_unusual_values(tmp_path: Path, session_of: SessionOf) -> None:
    from schemaproof.contents import take_contents
    from schemaproof.stairs.furnishing import furnish

    session = session_of(_project(tmp_path, "select 1;", "select 1;"))
    with session.scratch(lambda: session.at(1)) as database, database.connect() as connection:
        furnish(connection, ["public.people"], take_contents(connection))
        rows = connection.execute("select note, score, email from public.people order by id").fetchall()
    notes = [note for note, _, _ in rows]
    assert None in notes
    assert len({note for note in notes if note}) < len([note for note in notes if note])
    assert any(score is not None and score != round(score) for _, score, _ in rows)
    assert any(email != email.lower() for _, _, email in rows)


def test_validation_that_rows_fail_is_a_note(tmp_path: Path, session_of: SessionOf) -> None:
    constraint = "note_is_short"
    up = f"alter table public.people add constraint {constraint} check (length(note) < 100) not valid;"
    folder = _project(tmp_path, up, f"alter table public.people drop constraint {constraint};")
    (folder / "migrations" / "3_valid.sql").write_text(f"alter table public.people validate constraint {constraint};")
    (folder / "rollbacks" / "3_valid.sql").write_text("select 1;")
    found = list(prove_data(session_of(folder), [1, 2]))
    assert {finding.key: str(finding.level) for finding in found} == {"data_loss:3:up_fails": "note"}


def test_numbers_may_leave_migrations_out(tmp_path: Path, session_of: SessionOf) -> None:
    folder = _project(tmp_path, "update public.people set email = lower(email);", "select 1;")
    (folder / "migrations" / "3_next.sql").write_text("alter table public.people drop column note;")
    (folder / "rollbacks" / "3_next.sql").write_text("alter table public.people add column note text;")
    found = list(prove_data(session_of(folder), [2]))
    assert [finding.key for finding in found] == ["data_loss:3:lost:public.people.note"]


def test_rows_of_a_large_table_are_reckoned_from_a_sample(tmp_path: Path, session_of: SessionOf) -> None:
    up = "alter table public.big alter column amount type integer using round(amount);"
    folder = _project(tmp_path, up, "alter table public.big alter column amount type numeric;")
    with (folder / "migrations" / "1_base.sql").open("a") as base:
        base.write("create table public.big (id integer primary key, amount numeric, label text not null);\n")
        base.write("insert into public.big select n, n / 4.0, 'label ' || n from generate_series(1, 20000) as n;\n")
    (finding,) = _prove(session_of(folder))
    assert finding.key == "data_loss:2:lost:public.big.amount"
    number = re.search(r"in about (\d+) of 20000 rows", finding.summary)
    assert number is not None
    assert 12000 < int(number[1]) < 18000


def test_migration_that_cannot_touch_a_row_needs_no_database(tmp_path: Path, session_of: SessionOf) -> None:
    up = "create function public.one() returns integer language sql as 'select 1';\ncomment on type public.mood is 'x';"
    down = "drop function public.one();\ncomment on type public.mood is null;"
    record = Record()
    assert _prove(session_of(_project(tmp_path, up, down)), record) == []
    assert (record.steps, record.untouched, record.tables) == (0, 1, {})


def test_project_without_a_row_to_lose_does_not_pass_empty(tmp_path: Path, checked: Callable[..., Results]) -> None:
    folder = _project(tmp_path, "select 1;", "select 1;")
    (folder / "migrations" / "1_base.sql").write_text("create view public.one as select 1 as one;")
    (folder / "rollbacks" / "1_base.sql").write_text("drop view public.one;")
    (result,) = (found for found in checked(folder, "data_loss").checks if found.name == "data_loss")
    assert result.status == "not_applicable"
