"""The two states of a project that the gate compares: folders, or commits whose files are written out for the run."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from schemaproof.config import SETTINGS_FILES, Target, load_target
from schemaproof.errors import UsageError
from schemaproof.gate.repository import Repository
from schemaproof.migrations import Migration
from schemaproof.server import scratch_directory

__all__ = ["Side", "Sides", "open_sides"]

# Paths of a target, which lie elsewhere on the other side.
_PATHS = ("migrations", "rollbacks", "snapshot", "behaviour", "volume", "queries", "suites", "requirements", "baseline")


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
        """Its migrations; none where there is no folder of them yet. Raises UsageError where they cannot be read."""
        return self.target.history if self.target.migrations.exists() else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of its files; raises UsageError where they cannot be read."""
        return self.target.folder.notes if self.target.migrations.exists() else ()

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
    """

    base: Side
    head: Side
    tip: frozenset[str]


@contextmanager
def open_sides(base: str, head: str | None = None, *, config: Path | None = None) -> Iterator[Sides]:
    """Lend both states; the files of commits are written out, and gone afterwards.

    Args:
        base: a commit (branch, tag, hash), or a folder: it starts with `.` or `/`, or no commit is called so.
        head: the same; None is the work tree as it is, what is not committed included.
        config: settings file of the work tree.

    Raises:
        UsageError: no such commit or folder, no common ancestor, or settings that cannot be read.
    """
    with scratch_directory() as scratch:
        if head is not None and (folder := _folder(head, Path.cwd())):
            found = Side(head, _at(folder, None))
            yield from _lent(found, found.target, base, scratch)
            return
        target = load_target(config=config)
        if head is not None:
            yield from _lent(_side(target, head, scratch / "head"), target, base, scratch)
            return
        repository = Repository.around(target.root)
        dirty = repository is not None and repository.is_dirty(target.root)
        commit = repository.commit("HEAD") if repository else None
        yield from _lent(Side("the work tree", target, commit, dirty), target, base, scratch)


def _lent(head: Side, here: Target, base: str, scratch: Path) -> Iterator[Sides]:
    """Lend the head with the base; `here` is the project whose repository knows the commits."""
    tip = _side(here, base, scratch / "tip")
    behind = tip
    repository = Repository.around(here.root)
    if repository and tip.commit and head.commit:
        ancestor = repository.common_ancestor(tip.commit, head.commit)
        if ancestor != tip.commit:
            behind = replace(_side(here, ancestor, scratch / "base"), name=f"{base}, where it parted")
    yield Sides(behind, head, frozenset(migration.version for migration in tip.history))


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


def _side(here: Target, name: str, into: Path) -> Side:
    if folder := _folder(name, here.root):
        return Side(name, _at(folder, here))
    repository = Repository.around(here.root)
    commit = repository.commit(name) if repository else None
    assert repository is not None
    assert commit is not None
    into.mkdir()
    repository.extract(commit, here.root, into)
    return Side(name, _at(into, here), commit)


def _at(root: Path, like: Target | None) -> Target:
    """Return the target in a folder: by the settings there, or laid out as `like` is, or as Supabase does."""
    names = [like.settings.name] if like and like.settings else SETTINGS_FILES
    settings = next((root / name for name in names if (root / name).is_file()), None)
    if like is None:
        if settings is not None:
            return load_target(config=settings)
        inside = root / "supabase" / "migrations"
        return load_target(root, migrations=inside if inside.is_dir() else root)
    if settings is not None:
        with suppress(UsageError):  # it had no settings then, or no migrations yet
            return load_target(config=settings)
    paths: dict[str, Any] = {
        name: _moved(path, like.root, root) for name in _PATHS if (path := getattr(like, name)) is not None
    }
    if not paths["migrations"].exists() and any(root.glob("*.sql")):
        paths["migrations"] = root
    return replace(like, root=root, settings=settings, **paths)


def _moved(path: Path, old: Path, new: Path) -> Path:
    return new / path.relative_to(old) if path.is_relative_to(old) else path
