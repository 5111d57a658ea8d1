"""A cached copy of an installation, of hard links, to which extensions of SQL only are added."""

import hashlib
import os
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import ServerError
from schemaproof.server.cache import building, prune
from schemaproof.server.installation import Installation
from schemaproof.server.spec import EmulatedExtension

__all__ = ["Overlay", "make_overlay"]

_READABLE = 0o755
_PROGRAMS = ("postgres", "initdb", "pg_config")


@dataclass(frozen=True)
class _Layout:
    """The three directories that matter. PostgreSQL finds the other two relative to the one that it is started from."""

    programs: Path
    libraries: Path
    share: Path

    def below(self, root: Path) -> "_Layout":
        """Return the same layout under `root`, from the deepest directory that the three have in common."""
        common = os.path.commonpath([self.programs, self.libraries, self.share])
        return _Layout(*(root / path.relative_to(common) for path in (self.programs, self.libraries, self.share)))


@dataclass(frozen=True)
class Overlay:
    """A copy of an installation below `root`; `programs` holds its `postgres` and `initdb`."""

    root: Path
    programs: Path


def make_overlay(installation: Installation, extensions: Iterable[EmulatedExtension], cache: Path) -> Overlay:
    """Return a copy of `installation` that has the extensions it lacks.

    The copy is kept in `cache` under the installation's identity and the content of what is added.

    Raises:
        ServerError: the cache refuses, or the installation's directories cannot be made out.
    """
    layout = _layout(installation.bin_dir)
    present = layout.share / "extension"
    added = [one for one in extensions if one.replaces_real or not (present / f"{one.name}.control").exists()]
    entry = cache / "overlays" / _key(installation, added)
    if entry.is_dir():
        os.utime(entry)
    else:
        with building(entry) as unfinished:
            _copy(layout, layout.below(unfinished))
            for extension in added:
                _add(extension, layout.below(unfinished).share / "extension")
            for folder, _, _ in os.walk(unfinished):
                Path(folder).chmod(_READABLE)  # whatever the umask is: the server's account has to pass
        prune(entry.parent)
    return Overlay(entry, layout.below(entry).programs)


def _layout(bin_dir: Path) -> _Layout:
    """Ask pg_config, which tells what PostgreSQL will compute; packagers may leave it out of a server's package."""
    if (bin_dir / "pg_config").exists():
        command = [str(bin_dir / "pg_config"), "--pkglibdir", "--sharedir"]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        libraries, share = map(Path, answer.stdout.splitlines())
        return _Layout(bin_dir, libraries.resolve(), share.resolve())
    prefix = bin_dir.parent
    return _Layout(
        bin_dir,
        _holding("plpgsql.*", (prefix / "lib", prefix / "lib64" / "pgsql", prefix / "lib" / "postgresql")),
        _holding("postgres.bki", (prefix / "share", prefix / "share" / "pgsql", prefix / "share" / "postgresql")),
    )


def _holding(pattern: str, places: tuple[Path, ...]) -> Path:
    for place in places:
        if any(place.glob(pattern)):
            return place
    looked_at = ", ".join(map(str, places))
    raise ServerError(
        f"This PostgreSQL has no pg_config, and no {pattern} was found in {looked_at}.",
        remedy="Install its pg_config, or use another PostgreSQL.",
    )


def _key(installation: Installation, added: Iterable[EmulatedExtension]) -> str:
    digest = hashlib.sha256(installation.identity().encode())
    for extension in added:
        for file in extension.files:
            content = file.read_bytes()
            digest.update(f"\0{extension.name}\0{file.name}\0{len(content)}\0".encode() + content)
    return f"{installation.release}-{digest.hexdigest()[:16]}"


def _copy(source: _Layout, target: _Layout) -> None:
    target.programs.mkdir(parents=True)
    for program in _PROGRAMS:
        if (source.programs / program).exists():
            _link(source.programs / program, target.programs / program)
    for origin, copy in ((source.libraries, target.libraries), (source.share, target.share)):
        shutil.copytree(origin, copy, symlinks=True, copy_function=_link, dirs_exist_ok=True)


def _link(source: str | Path, target: str | Path) -> None:
    """Link; copy across file systems, where the kernel refuses (another user's file), and what others cannot read."""
    if Path(source).stat().st_mode & stat.S_IROTH:
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:
            shutil.copy2(source, target)
        return
    shutil.copy2(source, target)
    Path(target).chmod(_READABLE)


def _add(extension: EmulatedExtension, folder: Path) -> None:
    """Put the extension's files in place of the real one's. A link is taken away, never written through."""
    for real in (folder / f"{extension.name}.control", *folder.glob(f"{extension.name}--*.sql")):
        real.unlink(missing_ok=True)
    for file in extension.files:
        target = folder / file.name
        target.unlink(missing_ok=True)
        shutil.copyfile(file, target)
        target.chmod(0o644)
