from pathlib import Path

import pytest

from schemaproof.errors import UsageError
from schemaproof.migrations import DefectsError, Lossy, read_folder, read_migrations, survey_folder

from .conftest import fill


def refusal(folder: Path, rollbacks: Path | None = None) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read_migrations(folder, rollbacks)
    assert caught.value.exit_code == 2
    assert caught.value.remedy
    return caught.value


def test_versions_are_ordered_as_text(tmp_path: Path) -> None:
    fill(tmp_path, {"9_c.sql": "", "10_b.sql": "", "20240101000000_a_b.sql": "", "010_.sql": ""})
    found = [(each.version, each.name) for each in read_migrations(tmp_path)]
    assert found == [("010", ""), ("10", "b"), ("20240101000000", "a_b"), ("9", "c")]


def test_files_off_the_pattern_are_passed_over_and_told(tmp_path: Path) -> None:
    names = ("2024-01-01_x.sql", "20240101.sql", "README.md", "v1_a.sql", "2_b.SQL", "\uff12_b.sql")
    fill(tmp_path, dict.fromkeys((*names, "1_a.sql", ".hidden.sql"), ""))
    (tmp_path / "3_folder.sql").mkdir()
    folder = read_folder(tmp_path)
    assert [each.path.name for each in folder.migrations] == ["1_a.sql"]
    assert sorted(note.path.name for note in folder.notes if note.passed_over) == sorted(names)


def test_init_of_an_early_cli_is_passed_over_as_the_supabase_cli_does(tmp_path: Path) -> None:
    fill(tmp_path, {"20210101000000_init.sql": "", "20211210000000_init.sql": ""})
    assert [each.version for each in read_migrations(tmp_path)] == ["20211210000000"]


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    assert "nowhere" in refusal(tmp_path / "nowhere").message


def test_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": ""})
    assert "1_a.sql" in refusal(tmp_path / "1_a.sql").message


def test_empty_folder_is_refused(tmp_path: Path) -> None:
    assert str(tmp_path) in refusal(tmp_path).message


def test_folder_in_which_no_name_fits_is_refused_and_names_the_files(tmp_path: Path) -> None:
    fill(tmp_path, {"2024-01-01_x.sql": ""})
    assert "2024-01-01_x.sql" in refusal(tmp_path).message


def test_two_files_of_one_version_are_refused(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "", "1_b.sql": ""})
    message = refusal(tmp_path).message
    assert "1_a.sql" in message
    assert "1_b.sql" in message


def test_same_number_in_other_digits_is_another_version(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "", "01_b.sql": ""})
    assert len(read_migrations(tmp_path)) == 2


def test_rollbacks_beside_the_migrations_are_found(tmp_path: Path) -> None:
    folder = fill(tmp_path / "migrations", {"1_a.sql": "select 1"})
    fill(tmp_path / "rollbacks", {"1_a.sql": "select -1"})
    (migration,) = read_migrations(folder)
    assert (migration.rollback, migration.rollback_text) == (tmp_path / "rollbacks/1_a.sql", "select -1")


def test_without_rollbacks_none_is_missing(tmp_path: Path) -> None:
    (migration,) = read_migrations(fill(tmp_path / "migrations", {"1_a.sql": ""}))
    assert migration.rollback is None


def test_missing_rollback_is_refused(tmp_path: Path) -> None:
    folder = fill(tmp_path / "migrations", {"1_a.sql": "", "2_b.sql": ""})
    rollbacks = fill(tmp_path / "undo", {"1_a.sql": ""})
    assert "undo/2_b.sql" in refusal(folder, rollbacks).message


def test_rollback_without_its_migration_is_refused(tmp_path: Path) -> None:
    folder = fill(tmp_path / "migrations", {"1_a.sql": ""})
    rollbacks = fill(tmp_path / "undo", {"1_a.sql": "", "1_A.sql": ""})
    assert "undo/1_A.sql" in refusal(folder, rollbacks).message


def test_named_folder_of_rollbacks_must_exist(tmp_path: Path) -> None:
    folder = fill(tmp_path / "migrations", {"1_a.sql": ""})
    assert "gone" in refusal(folder, tmp_path / "gone").message


def test_irreversible_migration_needs_no_rollback(tmp_path: Path) -> None:
    text = "-- Drops the column.\n--schemaproof:  irreversible the column's values are gone \nselect 1"
    folder = fill(tmp_path / "migrations", {"1_a.sql": text})
    (migration,) = read_migrations(folder, fill(tmp_path / "undo", {}))
    assert migration.irreversible == "the column's values are gone"


def test_irreversible_without_a_reason_is_refused_at_its_line(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "select 1;\n-- schemaproof: irreversible \n"})
    assert "1_a.sql:2" in refusal(tmp_path).message


def test_marker_in_the_rollback_counts(tmp_path: Path) -> None:
    undo = fill(tmp_path / "undo", {"1_a.sql": "-- schemaproof: irreversible it is gone\nselect 1"})
    (migration,) = read_migrations(fill(tmp_path / "migrations", {"1_a.sql": "select 1"}), undo)
    assert migration.irreversible == "it is gone"


def test_declared_losses_are_read_from_both_files(tmp_path: Path) -> None:
    text = "-- schemaproof: lossy users.email the case is lost\n-- schemaproof: lossy Sessions short-lived\nselect 1"
    back = '-- schemaproof: lossy app."Odd ""one".x rounded\nselect 1'
    undo = fill(tmp_path / "undo", {"1_a.sql": back})
    (migration,) = read_migrations(fill(tmp_path / "migrations", {"1_a.sql": text}), undo)
    assert [(found.target, found.reason, found.line) for found in migration.lossy] == [
        (("users", "email"), "the case is lost", 1),
        (("sessions",), "short-lived", 2),
        (("app", 'Odd "one', "x"), "rounded", 1),
    ]


@pytest.mark.parametrize(
    ("table", "column", "covered"),
    [
        (("public", "users"), "email", True),
        (("app", "users"), "email", True),
        (("public", "users"), "name", False),
        (("public", "users"), None, False),
        (("users", "email"), "id", True),  # the table of a schema called users
    ],
)
def test_declared_loss_covers_what_it_names(
    table: tuple[str, ...], column: str | None, covered: bool, tmp_path: Path
) -> None:
    assert Lossy(("users", "email"), "the case is lost", tmp_path, 1).covers(table, column) is covered


@pytest.mark.parametrize(
    "marker", ["lossy", "lossy users.email", "lossy a.b.c.d why", "lossy users, why", "lossy 'users' why"]
)
def test_loss_declared_in_no_known_form_is_refused_at_its_line(marker: str, tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": f"select 1;\n-- schemaproof: {marker}\n"})
    error = refusal(tmp_path)
    assert "1_a.sql:2" in error.message
    assert "schemaproof: lossy" in error.remedy


def test_unknown_marker_is_refused_with_the_nearest(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "\n\n-- schemaproof: ireversible it drops\n"})
    error = refusal(tmp_path)
    assert "1_a.sql:3" in error.message
    assert "irreversible" in error.remedy


def test_text_that_is_not_utf8_is_refused_at_its_line(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "select 1;\nselect 'ä'".encode("latin-1")})
    assert "1_a.sql:2" in refusal(tmp_path).message


def test_utf16_is_refused(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "select 1".encode("utf-16")})
    refusal(tmp_path)


def test_nul_is_refused_at_its_line(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "select 1;\n\0"})
    assert "1_a.sql:2" in refusal(tmp_path).message


def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1_a.sql").symlink_to(tmp_path / "nowhere")
    assert "1_a.sql" in refusal(tmp_path).message


def test_byte_order_mark_is_taken_off_and_told(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": b"\xef\xbb\xbfselect 1"})
    folder = read_folder(tmp_path)
    assert folder.migrations[0].text == "select 1"
    assert [(note.path.name, note.passed_over) for note in folder.notes] == [("1_a.sql", False)]


def test_all_defects_are_told_at_once_each_with_its_file_and_line(tmp_path: Path) -> None:
    latin = "select 1;\nselect 'ä'".encode("latin-1")
    marker = "-- schemaproof: ireversible x\n"
    folder = fill(tmp_path / "migrations", {"1_a.sql": latin, "2_b.sql": "", "2_c.sql": "", "3_d.sql": marker})
    fill(tmp_path / "rollbacks", {"1_a.sql": "", "2_b.sql": "", "2_c.sql": "", "4_e.sql": latin})
    with pytest.raises(DefectsError) as caught:
        read_migrations(folder)
    assert [(each.path.name, each.line) for each in caught.value.defects] == [
        ("2_c.sql", None),
        ("1_a.sql", 2),
        ("3_d.sql", 1),
        ("4_e.sql", None),
    ]
    assert all(str(each) in caught.value.message for each in caught.value.defects)


def test_survey_leaves_out_what_has_a_defect_and_asks_for_no_rollback(tmp_path: Path) -> None:
    folder = fill(tmp_path / "migrations", {"1_a.sql": b"\xff", "2_b.sql": "", "3_c.sql": "select 1"})
    undo = fill(tmp_path / "rollbacks", {"3_c.sql": b"\xff", "4_d.sql": ""})
    found = survey_folder(folder)
    assert [(each.path.name, each.rollback) for each in found.migrations] == [("2_b.sql", None), ("3_c.sql", None)]
    assert [each.path for each in found.defects] == [folder / "1_a.sql", undo / "3_c.sql"]
    assert found.orphans == (undo / "4_d.sql",)


def test_survey_of_what_is_not_there_is_empty(tmp_path: Path) -> None:
    assert survey_folder(tmp_path / "nowhere").migrations == ()
    assert [each.version for each in survey_folder(fill(tmp_path, {"1_a.sql": ""}), tmp_path / "gone").migrations] == [
        "1"
    ]


def test_carriage_returns_stay_as_the_supabase_cli_keeps_them(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "select\r\n1;\r\n"})
    assert read_migrations(tmp_path)[0].text == "select\r\n1;\r\n"


def test_restrict_lines_of_pg_dump_are_taken_out_without_moving_lines(tmp_path: Path) -> None:
    fill(tmp_path, {"1_a.sql": "\\restrict abc\nselect 1;\n\\unrestrict abc\n"})
    (migration,) = read_migrations(tmp_path)
    assert [(each.sql, each.line) for each in migration.statements] == [("select 1", 2)]
