"""Where one started server lives: locked while its owner or guardian does, else removed by the next run."""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import ServerError
from schemaproof.server.account import Account
from schemaproof.server.guardian import stop_leftover

__all__ = ["RunDirectory", "make_run_directory", "remove_leftovers"]

_PREFIX = "schemaproof-run-"
# struct sockaddr_un: 108 bytes on Linux, 104 on macOS and the BSDs, the final zero byte included.
_SOCKET_PATH_BYTES = 103
_SOCKET = "s/.s.PGSQL.65535"
_MEMORY = Path("/dev/shm")  # noqa: S108 -- each run's directory is made by mkdtemp
_ENOUGH_BYTES = 4 * 1024**3


@dataclass(frozen=True)
class RunDirectory:
    """A run's directory; `lock` is the open file whose lock says that the run lives, shared with the guardian."""

    path: Path
    lock: int

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.path / "data"

    @property
    def socket(self) -> Path:
        """The directory of the server's socket."""
        return self.path / "s"

    @property
    def log(self) -> Path:
        """What the server and initdb had to say."""
        return self.path / "log"


def make_run_directory(account: Account) -> RunDirectory:
    """Make and lock a directory that only the caller and `account` can enter.

    Raises:
        ServerError: no temporary directory takes it.
    """
    refusals = []
    for base in _bases():
        if not _fits(base, account):
            refusals.append(f"{base}: the path is too long for a socket, or closed to the server's account")
            continue
        try:
            return _make(base, account)
        except OSError as error:
            refusals.append(f"{base}: {error}")
    raise ServerError(
        "No directory for the server can be made:\n" + "\n".join(f"  - {one}" for one in refusals),
        remedy="Make space, or set TMPDIR to a writable directory with a short name.",
    )


def remove_leftovers() -> None:
    """Stop and remove what runs left whose owner and guardian were both killed; other users' runs are theirs."""
    for base in _bases():
        for path in base.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):  # another run removes it as well, or its account has changed
                if path.lstat().st_uid == os.geteuid() and stat.S_ISDIR(path.lstat().st_mode):
                    _remove_unlocked(path)


def _bases() -> tuple[Path, ...]:
    """Return where runs may live, the best first: where TMPDIR says, else in memory, else on disk.

    A database is some 300 files. When as many were deleted in the last half minute, ext4 takes up to 50 times as long
    as memory to make them: it looks for inodes that were not freed just now (recently_deleted in fs/ext4/ialloc.c).
    """
    disk = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 -- as above
    memory = [_MEMORY] if _MEMORY.is_dir() else []
    first = memory if _memory_is_ample() and "TMPDIR" not in os.environ else []
    return tuple(dict.fromkeys(base.resolve() for base in (*first, *disk, *memory)))


def _memory_is_ample() -> bool:
    """Tell whether the file system in memory has room, and the machine twice as much memory left."""
    try:
        room = os.statvfs(_MEMORY)
        lines = Path("/proc/meminfo").read_text().splitlines()
    except FileNotFoundError:
        return False
    available = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 0)
    return room.f_bavail * room.f_frsize >= _ENOUGH_BYTES and available >= 2 * _ENOUGH_BYTES


def _fits(base: Path, account: Account) -> bool:
    length = len(os.fsencode(base / f"{_PREFIX}12345678" / _SOCKET))
    is_open = all(place.stat().st_mode & stat.S_IXOTH for place in (base, *base.parents))
    return length <= _SOCKET_PATH_BYTES and (is_open or not account.switched)


def _make(base: Path, account: Account) -> RunDirectory:
    while True:
        path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=base))
        run = _lock(path)
        if run is None:
            continue
        try:
            path.chmod(0o710 if account.switched else 0o700)
            if account.switched:
                os.chown(path, -1, account.gid)
            for part in (run.data, run.socket):
                part.mkdir(mode=0o700)
                account.give(part)
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            os.close(run.lock)
            raise
        return run


def _lock(path: Path) -> RunDirectory | None:
    """Lock a directory just made; None when another run has meanwhile taken it for a leftover."""
    try:
        lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileNotFoundError:
        return None
    fcntl.flock(lock, fcntl.LOCK_EX)
    if (path / "lock").exists():
        return RunDirectory(path, lock)
    os.close(lock)
    return None


def _remove_unlocked(path: Path) -> None:
    try:
        lock = os.open(path / "lock", os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:  # nothing of ours, or killed before the lock: no more than an empty directory
        path.rmdir()
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        stop_leftover(path / "data")
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(lock)
