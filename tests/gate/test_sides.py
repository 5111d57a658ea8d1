"""Which two states are compared: commits, folders, the work tree; and what is said of those that are not there."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from schemaproof.errors import UsageError
from schemaproof.gate import open_sides
from tests.gate.conftest import Repository, add_migration

NEW = "8_note.sql"
COLUMN = "alter table public.patients add column note text;\n"


@pytest.fixture(autouse=True)
def in_the_project(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.root)


def test_work_tree_is_the_head_with_what_is_not_committed(repository: Repository) -> None:
    add_migration(repository.root, NEW, COLUMN)
    with open_sides("main") as sides:
        assert sides.head.history[-1].path == repository.root / "migrations" / NEW
        assert sides.head.is_dirty
        assert [each.path.name for each in sides.head.history[:-1]] == [each.path.name for each in sides.base.history]
        assert sides.base.commit == repository.git("rev-parse", "main")


def test_files_of_a_commit_are_gone_afterwards() -> None:
    with open_sides("main") as sides:
        root = sides.base.target.root
        assert (root / "schemaproof.toml").exists()
    assert not root.parent.exists()


def test_commits_are_compared_where_they_parted_and_the_base_as_it_is_now_gives_the_order(
    repository: Repository,
) -> None:
    parted = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "--quiet", "-b", "feature")
    add_migration(repository.root, NEW, COLUMN)
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    add_migration(repository.root, "9_other.sql", "create table public.others ();\n")
    repository.commit()
    with open_sides("main", "feature") as sides:
        assert sides.base.commit == parted
        assert "9" in sides.tip
        assert "9" not in {each.version for each in sides.base.history}
        assert sides.head.history[-1].version == "8"


def test_folder_is_meant_where_the_name_begins_with_a_dot_or_is_no_commit(repository: Repository) -> None:
    (repository.root / "main").mkdir()
    with open_sides("main") as sides:
        assert sides.base.commit
    with pytest.raises(UsageError, match="no folder"):
        open_sides("./nowhere").__enter__()
    with open_sides(str(repository.root), str(repository.root)) as sides:
        assert sides.base.commit is None
        assert sides.base.history == sides.head.history


def test_project_below_the_top_of_its_repository_is_found_in_the_commit(
    tmp_path: Path, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "top"
    (top / "db").mkdir(parents=True)
    clinic.rename(top / "db" / "clinic")
    outer = Repository(top)
    outer.commit()
    monkeypatch.chdir(top / "db" / "clinic")
    with open_sides("HEAD") as sides:
        assert [each.version for each in sides.base.history] == [each.version for each in sides.head.history]


def test_migrations_that_the_settings_name_outside_of_their_folder_are_those_of_the_commit(
    tmp_path: Path, clinic: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "top"
    (top / "db").mkdir(parents=True)
    (top / "tools").mkdir()
    for folder in ("migrations", "rollbacks"):
        (clinic / folder).rename(top / "db" / folder)
    (top / "tools" / "schemaproof.toml").write_text('migrations = "../db/migrations"\n')
    Repository(top).commit()
    monkeypatch.chdir(top / "tools")
    with open_sides("HEAD") as sides:
        assert sides.base.history
        assert sides.base.target.root_in_repository == "tools"
        assert not sides.base.history[0].path.resolve().is_relative_to(top)
        assert [each.version for each in sides.base.history] == [each.version for each in sides.head.history]


@pytest.mark.parametrize("sample", ["sample.sql", "{root}/sample.sql", "fixtures.rows:load"])
def test_base_without_settings_has_of_its_own_what_the_head_names(repository: Repository, sample: str) -> None:
    settings = repository.root / "schemaproof.toml"
    text = settings.read_text()
    settings.unlink()
    (repository.root / "sample.sql").write_text("select 1;")
    (repository.root / "fixtures").mkdir()
    (repository.root / "fixtures" / "rows.py").write_text("")
    with_sample = repository.commit()
    (repository.root / "sample.sql").unlink()
    (repository.root / "fixtures" / "rows.py").unlink()
    without = repository.commit()
    repository.git("checkout", "--quiet", with_sample, "--", ".")
    settings.write_text(f'sample = "{sample.format(root=repository.root)}"\n{text}')
    with open_sides(with_sample) as sides:
        found = sides.base.target.sample
        assert found is not None
        assert str(repository.root) not in str(sides.base.target.root / found)
    with open_sides(without) as sides:
        assert sides.base.target.sample is None


def test_unknown_commit_is_refused_by_its_name() -> None:
    with pytest.raises(UsageError, match="nonesuch"), open_sides("nonesuch"):
        pass


def test_shallow_clone_is_told_what_to_fetch(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("checkout", "--quiet", "-b", "feature")
    repository.commit("one")
    repository.git("checkout", "--quiet", "main")
    repository.commit("other")
    shallow = tmp_path / "shallow"
    repository.git("clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{repository.root}", str(shallow))
    monkeypatch.chdir(shallow)
    with pytest.raises(UsageError) as refusal, open_sides("origin/feature", "origin/main"):
        pass
    assert "shallow" in refusal.value.message
    assert "fetch-depth: 0" in refusal.value.remedy


def test_base_without_migrations_has_an_empty_history(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "--orphan", "empty")
    repository.git("rm", "--quiet", "-r", "--force", ".")
    (repository.root / "README").write_text("nothing yet")
    empty = repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--allow-unrelated-histories", "--no-edit", "empty")
    with open_sides(empty) as sides:
        assert sides.base.history == ()
        assert sides.head.history


def test_no_leftover_of_a_process_that_is_killed_while_it_compares(repository: Repository) -> None:
    program = (
        "import sys, time\nfrom schemaproof.gate import open_sides\n"
        "with open_sides('main') as sides:\n    print(sides.base.target.root, flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=repository.root, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        assert folder.exists()
        run.kill()
    until = time.monotonic() + 20
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.parent.exists()
