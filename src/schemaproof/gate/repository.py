"""What the gate asks of Git: commits by name, their common ancestor, and the files of one."""

import io
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import UsageError

__all__ = ["Repository"]

_DEEPEN = "Fetch more of the history: git fetch --unshallow, or `fetch-depth: 0` for actions/checkout."


@dataclass(frozen=True)
class Repository:
    """A Git repository with a work tree; `top` is its uppermost folder."""

    top: Path

    @classmethod
    def around(cls, folder: Path) -> "Repository | None":
        """Return the repository that `folder` lies in; None where there is none."""
        top = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
        return cls(top) if top else None

    def commit(self, name: str) -> str | None:
        """Return the commit that `name` means, as its full hash; None where it means none."""
        done = self._git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return done.stdout.decode().strip() or None

    def common_ancestor(self, one: str, other: str) -> str:
        """Return the commit at which two parted.

        Raises:
            UsageError: there is none, or the clone does not reach back so far.
        """
        if found := self._git("merge-base", one, other).stdout.decode().strip():
            return found
        shallow = self._git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        reason = "this clone is shallow" if shallow else "their histories have nothing in common"
        raise UsageError(
            f"{one[:12]} and {other[:12]} have no common ancestor here: {reason}",
            remedy=_DEEPEN if shallow else "Give --base a commit of the same history, or a folder.",
        )

    def unknown(self, name: str) -> UsageError:
        """Return the refusal of a name that means no commit."""
        shallow = self._git("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        remedy = _DEEPEN if shallow else "Give a branch, tag or commit that `git log` knows, or a folder."
        return UsageError(f"{name!r} is neither a commit of {self.top} nor a folder", remedy=remedy)

    def is_dirty(self, folder: Path) -> bool:
        """Tell whether there is anything below `folder` that is not committed."""
        return bool(self._git("status", "--porcelain", "--", str(folder)).stdout.strip())

    def extract(self, commit: str, folder: Path, into: Path) -> None:
        """Write the files of `folder` (below `top`), as they are in `commit`, into the folder `into`.

        Raises:
            UsageError: the commit has no such folder, or its files are not in this clone.
        """
        below = folder.relative_to(self.top).as_posix()
        tree = commit if below == "." else f"{commit}:{below}"
        done = self._git("archive", "--format=tar", tree)
        if done.returncode:
            complaint = done.stderr.decode(errors="replace").strip()
            raise UsageError(f"no files of {below} in {commit[:12]}: {complaint}", remedy="Give another --base.")
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)  # since 3.11.4
            archive.extractall(into)  # noqa: S202  # what Git has written, of a repository of the user's

    def _git(self, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        try:
            return subprocess.run(["git", *arguments], cwd=self.top, capture_output=True, check=False)  # noqa: S607
        except FileNotFoundError as error:
            raise UsageError("git is not installed", remedy="Install it, or give folders to compare.") from error
