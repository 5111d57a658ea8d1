"""The files of commits, written out for a run: where they lie, and how a reader calls them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from os.path import commonpath
from pathlib import Path
from typing import Any

from schemaproof.config import PATHS, Target
from schemaproof.gate.repository import Repository

__all__ = ["Written"]


@dataclass(frozen=True)
class Written:
    """A folder of the run's own, with one in it for each commit.

    Args:
        folder: the run's.
        names: what stands before a path of each of those folders, in its place: `main:`, as Git writes it.
    """

    folder: Path
    names: dict[Path, str] = field(default_factory=dict)

    def write(self, here: Target, repository: Repository, commit: str, *, name: str) -> Path:
        """Write out a project as it is in a commit, with what its settings name outside of its folder.

        Args:
            here: the project in the work tree.
            name: what its paths begin with for a reader.

        Returns:
            the project's folder.
        """
        top = self.folder / str(len(self.names))
        self.names[top] = name
        around = _around(here, repository.top)
        into = top / around.relative_to(repository.top)
        into.mkdir(parents=True)
        (top / ".git").touch()  # by this one knows where paths of the repository begin
        repository.extract(commit, around, into)
        return top / here.root.relative_to(repository.top)

    def spell(self, value: Any) -> Any:
        """Return a text, or JSON values, with the names of the written files as a reader knows them."""
        if isinstance(value, str):
            for top, name in self.names.items():
                value = value.replace(f"{top}/", name)
            return value
        if isinstance(value, Mapping):
            return {key: self.spell(item) for key, item in value.items()}
        return [self.spell(item) for item in value] if isinstance(value, list | tuple) else value


def _around(here: Target, top: Path) -> Path:
    """Return the folder below `top` that holds the project, and all of its paths that lie there."""
    paths = [path.resolve() for name in PATHS if (path := getattr(here, name)) is not None]
    return Path(commonpath([here.root, *(path for path in paths if path.is_relative_to(top))]))
