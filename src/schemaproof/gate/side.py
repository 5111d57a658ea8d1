"""The two states of a project that the gate compares: folders, or commits whose files are written out for the run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from os.path import relpath
from pathlib import Path
from typing import Any

from schemaproof.config import PATHS, SETTINGS_FILES, Target, load_target
from schemaproof.errors import SchemaproofError, UsageError
from schemaproof.gate.repository import Repository
from schemaproof.gate.written import Written
from schemaproof.migrations import Defect, DefectsError, Migration
from schemaproof.server import scratch_directory

__all__ = ["Given", "Side", "Sides", "open_sides"]

# A folder of them that is not there has none.
_READ_ANYWAY = ("migrations", "rollbacks")


@dataclass(frozen=True)
class Side:
    """One state.

    Args:
        name: as the user named it.
        target: what is under test in it.
        commit: full hash, where it is a commit.
        is_dirty: a work tree with changes that are not committed.
    """

    name: str
    target: Target
    commit: str | None = None
    is_dirty: bool = False

    @property
    def history(self) -> tuple[Migration, ...]:
        """Its migrations that can be read; none where there is no folder of them yet."""
        return self.target.history

    @property
    def told(self) -> str:
        """The name, with the commit that it meant."""
        return f"{self.name} ({self.commit[:12]})" if self.commit and self.name != self.commit else self.name


@dataclass(frozen=True)
class Sides:
    """What is compared.

    Args:
        base: what the change starts from: where the two histories parted, of two commits.
        head: the change.
        tip: versions that the named base has by now, those of `base` and what was merged since.
        written: the files of commits.
    """

    base: Side
    head: Side
    tip: frozenset[str]
    written: Written | None = None

    def spell(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return a document whose paths are those that a reader knows."""
        return dict(self.written.spell(document) if self.written else document)


@dataclass(frozen=True)
class Given:
    """What the command line says of the project, in place of its settings; see `load_target`."""

    config: Path | None = None
    migrations: Path | None = None
    rollbacks: Path | None = None
    platform: str | None = None

    @property
    def is_other(self) -> bool:
        """Tell whether the migrations are others than the settings say."""
        return self.migrations is not None or self.rollbacks is not None

    def below(self, root: Path) -> Target:
        """Return the target of a folder; paths are relative to it."""
        return load_target(
            root,
            config=root / self.config if self.config else None,
            migrations=root / self.migrations if self.migrations else None,
            rollbacks=root / self.rollbacks if self.rollbacks else None,
            platform=self.platform,
        )


@contextmanager
def open_sides(base: str, head: str | None = None, *, given: Given | None = None) -> Iterator[Sides]:
    """Lend both states; the files of commits are written out, and gone afterwards.

    Args:
        base: a commit (branch, tag, hash), or a folder: it starts with `.` or `/`, or no commit is called so.
        head: the same; None is the work tree as it is, what is not committed included.
        given: what the command line says of the project.

    Raises:
        UsageError: no such commit or folder, no common ancestor, settings that cannot be read, or a base whose
            migrations cannot.
    """
    with scratch_directory() as scratch:
        written = Written(scratch)
        try:
            yield _opened(base, head, given or Given(), written)
        except SchemaproofError as error:
            error.message, error.remedy = written.spell(error.message), written.spell(error.remedy)
            raise


def _opened(base: str, head: str | None, given: Given, written: Written) -> Sides:
    if head is not None and (folder := _folder(head, Path.cwd())):
        target = _project(folder, given)
        return _beside(Side(head, target), target, base, given, written)
    target = given.below(Path.cwd())
    if head is not None:
        return _beside(_side(target, head, given, written, prefix=""), target, base, given, written)
    repository = Repository.around(target.root)
    dirty = repository is not None and repository.is_dirty(target.root)
    commit = repository.commit("HEAD") if repository else None
    return _beside(Side("the work tree", replace(target, lenient=True), commit, dirty), target, base, given, written)


def _beside(head: Side, here: Target, base: str, given: Given, written: Written) -> Sides:
    """Return the head with the base; `here` is the project whose repository knows the commits."""
    head = replace(head, target=replace(head.target, lenient=True))
    tip = _side(here, base, given, written)
    behind = tip
    repository = Repository.around(here.root)
    if repository and tip.commit and head.commit:
        ancestor = repository.common_ancestor(tip.commit, head.commit)
        if ancestor != tip.commit:
            behind = replace(_side(here, ancestor, given, written), name=f"{base}, where it parted")
    _refuse_unreadable(behind)
    return Sides(behind, head, frozenset(migration.version for migration in tip.history), written)


def _refuse_unreadable(base: Side) -> None:
    """Refuse a base with migrations that cannot be read; its rollbacks are its own affair."""
    defects = [each for each in base.target.folder.defects if not _is_of_rollback(each, base.target)]
    if defects:
        error = DefectsError(defects)
        raise UsageError(
            f"{base.told} cannot be compared with:\n{error.message}",
            remedy=f"Give a --base without that, or mend it there first. {error.remedy}",
        )


def _is_of_rollback(defect: Defect, target: Target) -> bool:
    return not target.is_file and defect.path.parent != target.migrations


def _folder(name: str, inside: Path) -> Path | None:
    """Return the folder that is meant: what starts with `.` or `/`, or is no commit of the repository around."""
    if not name.strip():
        raise UsageError(
            "--base or --head is empty", remedy="Give a commit or a folder; in CI, see whether the variable is set."
        )
    path = Path(name).absolute()
    if name.startswith((".", "/")):
        if not path.is_dir():
            raise UsageError(f"{name} is no folder", remedy="Give a folder with a project, or a commit of it.")
        return path
    repository = Repository.around(inside)
    if repository and repository.commit(name):
        return None
    if path.is_dir():
        return path
    if repository:
        raise repository.unknown(name)
    raise UsageError(
        f"{name} is no folder, and this is no Git repository",
        remedy="Give a folder with a project, or run it in the project's repository.",
    )


def _side(here: Target, name: str, given: Given, written: Written, *, prefix: str | None = None) -> Side:
    """Return the state of that name; in texts, `prefix` stands before the paths of a commit."""
    if folder := _folder(name, here.root):
        return Side(name, _at(folder, here, given))
    repository = Repository.around(here.root)
    commit = repository.commit(name) if repository else None
    assert repository is not None
    assert commit is not None
    root = written.write(here, repository, commit, name=f"{name}:" if prefix is None else prefix)
    return Side(name, _at(root, here, given), commit)


def _project(root: Path, given: Given) -> Target:
    """Return the target in a folder: by what is given, by the settings there, or laid out as Supabase does."""
    if given.config or given.is_other:
        return given.below(root)
    settings = next((root / name for name in SETTINGS_FILES if (root / name).is_file()), None)
    if settings is not None:
        return load_target(config=settings, platform=given.platform)
    inside = root / "supabase" / "migrations"
    return load_target(root, migrations=inside if inside.is_dir() else root, platform=given.platform)


def _at(root: Path, like: Target, given: Given) -> Target:
    """Return the base's target in a folder: by the settings there, or laid out as `like` is."""
    names = [like.settings.name] if like.settings else SETTINGS_FILES
    settings = next((root / name for name in names if (root / name).is_file()), None)
    if settings is not None and not given.is_other:
        with suppress(UsageError):  # it had no settings then, or no migrations yet
            return replace(load_target(config=settings, platform=given.platform), lenient=True)
    moved = {name: _moved(path, like.root, root) for name in PATHS if (path := getattr(like, name)) is not None}
    paths: dict[str, Any] = {name: path for name, path in moved.items() if name in _READ_ANYWAY or path.exists()}
    if not paths["migrations"].exists() and any(root.glob("*.sql")):
        paths["migrations"] = root
    bare: dict[str, Any] = dict.fromkeys(PATHS)
    return replace(like, root=root, settings=settings, lenient=True, sample=_sample(like, root), **(bare | paths))


def _moved(path: Path, old: Path, new: Path) -> Path:
    """Return where a path of the project in `old` lies in, or beside, the one in `new`."""
    repository = Repository.around(old)
    return new / relpath(path, old) if path.is_relative_to(repository.top if repository else old) else path


def _sample(like: Target, root: Path) -> str | None:
    """Return the sample data, as far as the folder has what the project has."""
    if like.sample is None:
        return None
    if like.sample.endswith(".sql"):
        moved = _moved(like.root / like.sample, like.root, root)
        return str(moved) if moved.exists() else None
    parts = Path(*like.sample.partition(":")[0].split("."))
    there = [(folder / parts).is_dir() or (folder / parts).with_suffix(".py").is_file() for folder in (like.root, root)]
    return None if there == [True, False] else like.sample
