"""What is kept between runs (overlays, initialised data directories): whole or not there, and written by no other."""

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from schemaproof.errors import ServerError

__all__ = ["building", "cache_directory", "prune"]

_KEPT_SECONDS = 30 * 24 * 3600
_UNFINISHED_SECONDS = 24 * 3600
_SYSTEM_CACHE = Path("/var/cache/schemaproof")


def cache_directory(*, shared: bool) -> Path:
    """Return the cache directory, made if need be.

    Args:
        shared: another account (the one that a root's server runs as) must be able to read it. Root's home is closed
            to it (0700), so the system's cache directory is used then.

    Raises:
        ServerError: it cannot be made, or somebody else could change what is in it.
    """
    path = platformdirs.user_cache_path("schemaproof")
    if shared and not _open_to_all(path.parent):
        path = _SYSTEM_CACHE
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = path.resolve(strict=True)
        if shared:
            path.chmod(0o755)
    except OSError as error:
        raise _unusable(path, str(error)) from error
    for place in (path, *path.parents):
        _refuse_foreign(place)
    if not os.access(path, os.W_OK):
        raise _unusable(path, "it is not writable")
    return path


def _open_to_all(path: Path) -> bool:
    return path.is_dir() and all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))


def _refuse_foreign(place: Path) -> None:
    """A program is run from the cache, so nobody but its user and root may be able to put another one there."""
    status = place.stat()
    # Where every user has a group of his own, his directories are often writable for it.
    writers = stat.S_IWOTH if status.st_gid in {0, os.getegid()} else stat.S_IWOTH | stat.S_IWGRP
    writable = status.st_mode & writers and not status.st_mode & stat.S_ISVTX
    if status.st_uid not in {0, os.geteuid()} or writable:
        raise _unusable(place, f"others may write there (owner {status.st_uid}, mode {status.st_mode & 0o7777:o})")


def _unusable(path: Path, reason: str) -> ServerError:
    return ServerError(
        f"The cache directory {path} cannot be used: {reason}.",
        remedy="Make it a directory of your own with space left, or set XDG_CACHE_HOME to one.",
    )


@contextmanager
def building(entry: Path) -> Iterator[Path]:
    """Yield an empty directory that becomes `entry` when the block ends well; another process that was first wins.

    Raises:
        ServerError: the file system refuses (full, read-only).
    """
    try:
        entry.parent.mkdir(mode=0o700, exist_ok=True)
        entry.parent.chmod(0o755)
        unfinished = Path(tempfile.mkdtemp(prefix=".new-", dir=entry.parent))
    except OSError as error:
        raise _unusable(entry.parent, str(error)) from error
    try:
        yield unfinished
        unfinished.replace(entry)
    except OSError as error:
        if not entry.is_dir():
            raise _unusable(entry.parent, str(error)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def prune(kind: Path) -> None:
    """Remove the entries of one kind that no run has used for 30 days, and what killed runs left unfinished."""
    now = time.time()
    for entry in kind.iterdir() if kind.is_dir() else ():
        kept = _UNFINISHED_SECONDS if entry.name.startswith(".new-") else _KEPT_SECONDS
        try:
            age = now - entry.stat().st_mtime
        except FileNotFoundError:  # another run prunes as well
            continue
        if age > kept:
            shutil.rmtree(entry, ignore_errors=True)
