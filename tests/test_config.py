from pathlib import Path

import pytest

from schemaproof.config import Target, Tenancy, load_target
from schemaproof.errors import UsageError
from schemaproof.suppression import Exclusion


def _project(folder: Path, settings: str, *, file: str = "schemaproof.toml") -> Path:
    (folder / "db").mkdir()
    (folder / file).write_text(settings)
    return folder


def test_settings_are_found_from_a_folder_below(tmp_path: Path) -> None:
    _project(tmp_path, 'migrations = "db"\nschemas = ["app", "hidden"]\n[tenancy]\ncolumn = "org_id"')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    target = load_target(below)
    assert target == Target(
        root=tmp_path,
        migrations=tmp_path / "db",
        schemas=("app", "hidden"),
        tenancy=Tenancy(column="org_id"),
        baseline=tmp_path / "schemaproof-baseline.json",
    )


def test_pyproject_without_our_table_is_passed_over(tmp_path: Path) -> None:
    _project(tmp_path, '[tool.schemaproof]\nmigrations = "db"', file="pyproject.toml")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.other]\nx = 1")
    assert load_target(inner).root == tmp_path


def test_migrations_on_the_command_line_leave_the_projects_own_files_out(tmp_path: Path) -> None:
    _project(tmp_path, 'migrations = "db"\nsnapshot = "snapshot.sql"\nsample = "sample.sql"\nplatform = "plain"')
    (tmp_path / "other").mkdir()
    target = load_target(tmp_path, migrations=tmp_path / "other")
    assert (target.migrations, target.snapshot, target.sample) == (tmp_path / "other", None, None)
    assert target.platform == "plain"


def test_exclusions_carry_their_reason(tmp_path: Path) -> None:
    _project(
        tmp_path, 'migrations = "db"\n[[exclude]]\ncheck = "isolation"\nobject = "public.plans"\nreason = "shared"'
    )
    assert load_target(tmp_path).exclusions == (Exclusion("isolation", "public.plans", "shared"),)


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False), ('["comments"]', ("comments",))])
def test_conventions_are_all_rules_none_or_those_named(
    value: str, expected: bool | tuple[str, ...], tmp_path: Path
) -> None:
    _project(tmp_path, f'migrations = "db"\nconventions = {value}')
    assert load_target(tmp_path).conventions == expected


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('migratons = "db"', "`migrations`"),
        ('migrations = "db"\n[tenancy]\ncolum = "x"', "`column`"),
        ("migrations = 3", "`migrations`"),
        ('migrations = "db"\nschemas = "public"', "schemas"),
        ('migrations = "db"\ntenancy = "x"', "tenancy"),
        ('migrations = "db"\n[[exclude]]\ncheck = "isolation"\nobject = "x"', "reason"),
        ('migrations = "db"\n[[exclude]]\ncheck = "isolation"\nobject = "x"\nreason = " "', "reason"),
        ('migrations = "db"\nworkers = 0', "workers"),
        ('migrations = "db"\nworkers = "two"', "workers"),
        ('migrations = "db"\nconventions = "comments"', "conventions"),
        ('migrations = "db"\nconventions = [1]', "conventions"),
        ('migrations = "db"\n[lint]\nsqwk = false', "`squawk`"),
        ('migrations = "db"\n[lint]\nsquawk = "prefer-text-field"', "lint.squawk"),
        ('migrations = "db"\n[lint]\nexclude = [1]', "lint.exclude"),
        ('migrations = "db"\nlint = true', "lint"),
        ("migrations = [", "TOML"),
        ('platform = "plain"', "--migrations"),
    ],
)
def test_wrong_setting_is_refused_with_what_to_do(settings: str, said: str, tmp_path: Path) -> None:
    _project(tmp_path, settings)
    with pytest.raises(UsageError) as refusal:
        load_target(tmp_path)
    assert said in str(refusal.value)
    assert refusal.value.remedy
    assert refusal.value.exit_code == 2


def test_settings_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load_target(tmp_path, config=tmp_path / "nowhere.toml")


def test_fingerprint_changes_with_a_migration(clinic: Path) -> None:
    before = load_target(clinic).fingerprint()
    assert load_target(clinic).fingerprint() == before
    path = clinic / "migrations" / "3_visits.sql"
    path.write_text(path.read_text() + "select 1;\n")
    assert load_target(clinic).fingerprint() != before
