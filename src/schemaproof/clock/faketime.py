"""What libfaketime needs beside it: its library, the file with the time to show, the start that processes count from.

https://github.com/wolfcw/libfaketime, as the package `libfaketime` of PyPI brings it.
"""

import ctypes
import importlib.util
import os
import secrets
import shutil
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import ServerError, UsageError
from schemaproof.server.account import server_account

__all__ = ["Faketime", "faketime"]

_LIBRARY = "vendor/libfaketime/src/libfaketime.so.1"
_SHARED = Path("/dev/shm")  # noqa: S108 -- where the C library keeps what has a name and is shared
_NANOSECONDS = 1_000_000_000
_SHARED_BYTES = 4096


@dataclass(frozen=True)
class Faketime:
    """A time to show, for the processes that start with `environment`: `began + offset + (real - began) * rate`."""

    began: float
    environment: Mapping[str, str]
    _file: Path

    def show(self, offset: float, rate: float) -> None:
        """Let the processes' clock differ from real time by `offset` seconds at `began`, and run at `rate` from there.

        The file is replaced in one step: processes read it whenever they read the clock.
        """
        new = self._file.with_suffix(".new")
        new.write_text(f"{offset:+.6f} x{rate:.6f}\n", encoding="ascii")
        new.chmod(0o644)
        new.replace(self._file)


@contextmanager
def faketime(began: float) -> Iterator[Faketime]:
    """Prepare everything, with the clock showing real time, and remove it in the end.

    Args:
        began: any real time of late, in seconds; the farther back, the less a clock can run fast (it counts nanoseconds
            in 64 bits).

    Raises:
        UsageError: the extra `clock` is not installed, or not for this system.
    """
    library = _find_library()
    with tempfile.TemporaryDirectory(prefix="schemaproof-clock-") as name, _shared_start(began) as shared:
        folder = Path(name)
        folder.chmod(0o755)  # a root's server runs as another account, which a virtual environment may be closed to
        shutil.copyfile(library, folder / library.name)
        (folder / library.name).chmod(0o755)
        environment = {
            "LD_PRELOAD": str(folder / library.name),
            "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"),
            "FAKETIME_NO_CACHE": "1",
            # Waits of the server's own are counted on the monotonic clock: they would never end after a jump back.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_SHARED": shared,
        }
        prepared = Faketime(began, environment, folder / "clock")
        prepared.show(0.0, 1.0)
        yield prepared


def _find_library() -> Path:
    """Find libfaketime in its package without importing that, which brings much along."""
    found = importlib.util.find_spec("libfaketime")
    if found is None or found.origin is None:
        raise UsageError(
            "Moving a server's clock takes libfaketime, which is not installed.",
            remedy="Install it: pip install 'schemaproof[clock]'",
        )
    library = Path(found.origin).parent / _LIBRARY
    if not library.is_file():
        raise UsageError(
            f"Moving a server's clock takes Linux: libfaketime has no {library.name} here.",
            remedy="Run these tests on Linux.",
        )
    return library


@contextmanager
def _shared_start(began: float) -> Iterator[str]:
    """Make the semaphore and the shared memory that libfaketime's processes agree on their start by.

    Left to itself it names them after process ids and forgets to remove them, so that some day a process with the same
    id finds its name taken and ends (ft_shm_init in libfaketime.c).
    """
    name = f"schemaproof_{secrets.token_hex(8)}"
    semaphore, memory = _SHARED / f"sem.{name}", _SHARED / name
    try:
        _open_semaphore(name)
        seconds, rest = divmod(round(began * _NANOSECONDS), _NANOSECONDS)
        # struct ft_shared_s of faketime_common.h: two counters, then the start on each of the system's clocks.
        memory.write_bytes(struct.pack("=QQqq", 0, 0, seconds, rest).ljust(_SHARED_BYTES, b"\0"))
        for path in (semaphore, memory):
            path.chmod(0o600)
            server_account().give(path)
        yield f"/{name} /{name}"
    finally:
        semaphore.unlink(missing_ok=True)
        memory.unlink(missing_ok=True)


def _open_semaphore(name: str) -> None:
    """Make a semaphore that is free; what the C library takes for one is its own affair."""
    library = ctypes.CDLL(None, use_errno=True)
    library.sem_open.restype = ctypes.c_void_p
    if not library.sem_open(f"/{name}".encode(), os.O_CREAT | os.O_EXCL, ctypes.c_uint(0o600), ctypes.c_uint(1)):
        reason = os.strerror(ctypes.get_errno())
        raise ServerError(f"No semaphore can be made in {_SHARED}: {reason}.", remedy=f"Make {_SHARED} writable.")
