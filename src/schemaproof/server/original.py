"""What initdb made, kept in the cache as one archive: unpacking it takes half as long as copying a thousand files."""

import os
import shutil
import subprocess
from pathlib import Path

from schemaproof.errors import ServerError
from schemaproof.server.account import Account
from schemaproof.server.cache import building, prune
from schemaproof.server.run_directory import RunDirectory

__all__ = ["Original"]

_ARCHIVE = "data.tar"
_SIZE = "size"


class Original:
    """A data directory in the cache; `entry` is its place there."""

    def __init__(self, entry: Path, account: Account) -> None:
        self._entry = entry
        self._account = account

    def take(self, run: RunDirectory) -> bool:
        """Unpack it as the run's data directory; False when there is none or when it is damaged."""
        try:
            with (self._entry / _ARCHIVE).open("rb") as archive:
                if (self._entry / _SIZE).read_text() != str(os.fstat(archive.fileno()).st_size):
                    return False
                os.utime(self._entry)
                return self._tar("-xpf", run, stdin=archive.fileno()).returncode == 0
        except OSError:
            return False

    def keep(self, run: RunDirectory) -> None:
        """Take the run's data directory, no server having started on it yet, for later runs.

        Raises:
            ServerError: the cache refuses.
        """
        with building(self._entry) as unfinished, (unfinished / _ARCHIVE).open("wb") as archive:
            done = self._tar("-cf", run, stdout=archive.fileno())
            if done.returncode:
                raise ServerError(
                    f"The data directory could not be kept in {self._entry.parent}: {done.stderr.decode().strip()}",
                    remedy="Make space there, or set XDG_CACHE_HOME to a directory that has it.",
                )
            (unfinished / _SIZE).write_text(str(os.fstat(archive.fileno()).st_size))
        prune(self._entry.parent)

    def forget(self) -> None:
        """Remove it from the cache."""
        shutil.rmtree(self._entry, ignore_errors=True)

    def _tar(
        self, action: str, run: RunDirectory, *, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.DEVNULL
    ) -> subprocess.CompletedProcess[bytes]:
        """Run tar as the server's account, so that what it unpacks has the right owner."""
        return subprocess.run(
            ["tar", action, "-", "."],  # noqa: S607 -- the system's own, which may be in /bin or /usr/bin
            cwd=run.data,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            check=False,
            **self._account.popen(),
        )
