"""Files that commands write: one that cannot be written is told before the work, and replaced as a whole after it."""

import contextlib
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

from schemaproof.errors import UsageError

__all__ = ["require_writable", "write_whole"]

# What lies there is a file that some process holds open, ordinary or not.
_HELD_OPEN = ("/dev/stdout", "/dev/stderr", "/dev/fd", "/proc/self/fd")


def require_writable(path: Path, *, remedy: str) -> None:
    """Raise UsageError, with `remedy`, where `path` could not be written; what it holds stays as it is."""
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "Is a directory")
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(0, "Permission denied")
        if not _is_device(path):
            tempfile.TemporaryFile(dir=path.resolve().parent).close()
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", remedy=remedy) from error


def write_whole(path: Path, text: str, *, remedy: str) -> None:
    """Write a file as a whole or not at all; a device, a pipe or the standard output is written as it comes.

    Raises:
        UsageError: with `remedy`, where the disk is full, say; the file holds what it held before.
    """
    try:
        if _is_stdout(path):
            sys.stdout.write(text)
            sys.stdout.flush()
        elif _is_device(path):
            with path.open("a", encoding="utf-8") as device:
                device.write(text)
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", remedy=remedy) from error


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".schemaproof-{secrets.token_hex(4)}")
    try:
        beside.write_text(text, encoding="utf-8")
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _is_device(path: Path) -> bool:
    return any(map(path.absolute().is_relative_to, _HELD_OPEN)) or (path.exists() and not path.is_file())


def _is_stdout(path: Path) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(sys.stdout.fileno()))
    except (OSError, ValueError):  # there is no such file, or no standard output
        return False
