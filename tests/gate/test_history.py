"""Only new files, newer than all others, each with its rollback: what a change does to the migrations themselves."""

from pathlib import Path

import pytest

from schemaproof.findings import Level
from schemaproof.gate import Changes
from schemaproof.migrations import DefectsError, Migration, read_migrations, survey_folder
from tests.gate.conftest import add_migration

TABLE = "create table public.notes (note_id int primary key);\n"


@pytest.fixture
def head(clinic: Path) -> Path:
    return clinic


def _read(folder: Path) -> tuple[Migration, ...]:
    return read_migrations(folder / "migrations", folder / "rollbacks")


def _found(changes: Changes) -> dict[str, Level]:
    return {found.key: found.level for found in changes.findings()}


def _deployed(history: tuple[Migration, ...]) -> frozenset[str]:
    return frozenset(migration.version for migration in history)


def test_new_file_newer_than_all_others_gives_no_finding(head: Path) -> None:
    before = _read(head)
    add_migration(head, "9_notes.sql", TABLE)
    changes = Changes(before, _read(head), _deployed(before))
    assert changes.new == (len(before),)
    assert _found(changes) == {}


def test_nothing_new_is_no_change(head: Path) -> None:
    before = _read(head)
    assert not Changes(before, _read(head), _deployed(before))


def test_edited_file_is_an_error_at_the_first_statement_that_differs(head: Path) -> None:
    before = _read(head)
    path = before[1].path
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, "", "create table public.late ();"]) + "\n")
    changes = Changes(before, _read(head), _deployed(before))
    (found,) = changes.findings()
    assert (found.key, found.level) == (f"history:edited:{before[1].version}", Level.ERROR)
    assert found.location is not None
    assert found.location.line == len(lines) + 2
    assert "+create table public.late ();" in found.detail


@pytest.mark.parametrize("comment", ["-- one more word\n", "\n\n"])
def test_comment_or_space_that_differs_is_a_warning(head: Path, comment: str) -> None:
    before = _read(head)
    path = before[0].path
    path.write_text(comment + path.read_text())
    changes = Changes(before, _read(head), _deployed(before))
    (found,) = changes.findings()
    assert found.location is not None
    assert found.location.line == (1 if comment.strip() else 3)
    assert _found(changes) == {f"history:edited:{before[0].version}": Level.WARNING}


def test_deleted_file_is_an_error(head: Path) -> None:
    before = _read(head)
    gone = before[-1]
    gone.path.unlink()
    assert gone.rollback is not None
    gone.rollback.unlink()
    changes = Changes(before, _read(head), _deployed(before))
    assert _found(changes) == {f"history:deleted:{gone.version}": Level.ERROR}


def test_file_older_than_the_newest_of_the_base_is_an_error(head: Path) -> None:
    before = _read(head)
    add_migration(head, "10_notes.sql", TABLE)
    changes = Changes(before, _read(head), _deployed(before))
    assert _found(changes) == {"history:late:10": Level.ERROR}


def test_file_older_than_what_was_merged_meanwhile_is_an_error(head: Path) -> None:
    before = _read(head)
    add_migration(head, "8_notes.sql", TABLE)
    changes = Changes(before, _read(head), _deployed(before) | {"9"})
    assert _found(changes) == {"history:late:8": Level.ERROR}


def test_version_that_was_given_to_another_file_meanwhile_is_an_error(head: Path) -> None:
    before = _read(head)
    add_migration(head, "8_notes.sql", TABLE)
    changes = Changes(before, _read(head), _deployed(before) | {"8"})
    assert _found(changes) == {"history:taken:8": Level.ERROR}


def test_rollback_that_differs_is_proved_again_and_no_finding(head: Path) -> None:
    before = _read(head)
    assert before[1].rollback is not None
    before[1].rollback.write_text(before[1].rollback_text + "-- more\n")
    changes = Changes(before, _read(head), _deployed(before))
    assert changes.again == (1,)
    assert _found(changes) == {}


def test_two_files_of_one_version_do_not_go_together(head: Path) -> None:
    version = _read(head)[0].version
    add_migration(head, f"{version}_twice.sql", TABLE)
    with pytest.raises(DefectsError):
        _read(head)


def test_project_without_rollbacks_is_told_once(head: Path) -> None:
    before = read_migrations(head / "migrations", None)
    for path in (head / "rollbacks").iterdir():
        path.unlink()
    (head / "rollbacks").rmdir()
    (head / "migrations" / "8_notes.sql").write_text(TABLE)
    (head / "migrations" / "9_more.sql").write_text("create table public.more ();")
    after = read_migrations(head / "migrations", None)
    changes = Changes(before, after, _deployed(before))
    assert _found(changes) == {"history:no_rollbacks": Level.NOTE}


def test_new_migration_without_its_rollback_is_an_error_and_one_that_the_base_has_is_not(head: Path) -> None:
    (head / "migrations" / "8_notes.sql").write_text(TABLE)
    before = survey_folder(head / "migrations").migrations
    (head / "migrations" / "9_more.sql").write_text("create table public.more ();")
    (head / "migrations" / "91_gone.sql").write_text("-- schemaproof: irreversible it is gone\nselect 1;")
    changes = Changes(before, survey_folder(head / "migrations").migrations, _deployed(before))
    assert _found(changes) == {"history:no_rollback:9": Level.ERROR}


def test_rollback_that_is_deleted_is_an_error(head: Path) -> None:
    before = _read(head)
    assert before[0].rollback is not None
    before[0].rollback.unlink()
    changes = Changes(before, survey_folder(head / "migrations").migrations, _deployed(before))
    assert _found(changes) == {f"history:no_rollback:{before[0].version}": Level.ERROR}


def test_edited_file_that_is_no_sql_any_more_is_an_error_without_an_end_of_the_run(head: Path) -> None:
    before = _read(head)
    before[0].path.write_text("select 'open;")
    changes = Changes(before, _read(head), _deployed(before))
    assert _found(changes) == {f"history:edited:{before[0].version}": Level.ERROR}
