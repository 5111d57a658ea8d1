"""A data directory ready to start: from initdb, or copied from the cache of what initdb made before."""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from schemaproof.errors import ServerError
from schemaproof.server.account import Account
from schemaproof.server.cache import building, prune
from schemaproof.server.installation import Installation
from schemaproof.server.run_directory import RunDirectory
from schemaproof.server.spec import ServerSpec

__all__ = ["Cluster"]

# Collation C sorts by code point: the same order on every machine and version. The character classes are Unicode's.
_CTYPE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
_INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    f"--lc-ctype={_CTYPE}",
    "--auth=trust",
    "--no-sync",
    "--no-instructions",
)

_SETTINGS = {
    # Nothing has to outlive the machine's crash.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_init_zero": "off",
    # As the hosting platform has it: publications work without a warning, and the WAL holds what production's would
    # (minimal would leave out what a secret's search and a benchmark's WAL bytes must see).
    "wal_level": "logical",
    "checkpoint_timeout": "1h",
    # Statistics change only when somebody says ANALYZE, and no worker sits in a template that is to be cloned.
    "autovacuum": "off",
    # Not every build has it; plans and times compare between those that do and those that do not.
    "jit": "off",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # Statements and their parameters hold the secrets of the schema under test.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}


class Cluster:
    """The data directory of one run, and its original in the cache."""

    def __init__(self, spec: ServerSpec, installation: Installation, programs: Path, account: Account, cache: Path):
        self._spec = spec
        self._programs = programs
        self._account = account
        key = repr((installation.identity(), _INITDB, spec.superuser, account.uid))
        self._original = cache / "data" / f"{installation.release}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"

    def fill(self, run: RunDirectory) -> bool:
        """Make the run's data directory; tell whether it came from the cache, where it is taken when it is whole.

        Raises:
            ServerError: initdb fails, or the disk or the cache refuses.
        """
        if self._is_whole():
            os.utime(self._original)
            _copy(self._original / "data", run.data)
            return True
        shutil.rmtree(self._original, ignore_errors=True)
        self._initdb(run)
        self._keep(run)
        return False

    def refill(self, run: RunDirectory) -> bool:
        """Make it anew, because what the cache held does not start."""
        shutil.rmtree(self._original, ignore_errors=True)
        shutil.rmtree(run.data)
        run.data.mkdir(mode=0o700)
        self._account.give(run.data)
        return self.fill(run)

    def configure(self, run: RunDirectory, port: int) -> None:
        """Write this run's settings and who may connect: all on the socket, the superuser by password on loopback."""
        settings = {
            **_SETTINGS,
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": str(run.socket),
            **self._spec.settings,
        }
        lines = [f"{name} = '{_quoted(value)}'\n" for name, value in settings.items()]
        with (run.data / "postgresql.conf").open("a") as file:
            file.write("\n" + "".join(lines))
        superuser = self._spec.superuser.replace('"', '""')
        access = f'local all all trust\nhost all "{superuser}" 127.0.0.1/32 scram-sha-256\n'
        (run.data / "pg_hba.conf").write_text(access)

    def _initdb(self, run: RunDirectory) -> None:
        command = [str(self._programs / "initdb"), *_INITDB, f"--username={self._spec.superuser}", "-D", str(run.data)]
        environment = {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC", "LC_ALL": "C"}
        done = subprocess.run(
            command, env=environment, cwd="/", capture_output=True, text=True, check=False, **self._account.popen()
        )
        if done.returncode:
            raise ServerError(
                f"initdb failed in {run.path}:\n{done.stdout[-500:]}{done.stderr[-2000:]}",
                remedy="Make space in the temporary directory if it says so; else try another PostgreSQL.",
            )

    def _keep(self, run: RunDirectory) -> None:
        with building(self._original) as unfinished:
            _copy(run.data, unfinished / "data")
            (unfinished / "contents.json").write_text(json.dumps(_contents(unfinished / "data")))
        prune(self._original.parent)

    def _is_whole(self) -> bool:
        with contextlib.suppress(OSError, ValueError):
            return bool(
                json.loads((self._original / "contents.json").read_bytes()) == _contents(self._original / "data")
            )
        return False


def _contents(folder: Path) -> dict[str, int]:
    """Return each file's size, by its path in `folder`."""
    return {os.path.relpath(entry.path, folder): entry.stat().st_size for entry in _files(folder)}


def _files(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path)
            else:
                yield entry


def _copy(source: Path, target: Path) -> None:
    """Copy with owners and modes; by cp, which takes half of shutil.copytree's time and shares blocks where it can."""
    target.mkdir(mode=0o700, exist_ok=True)
    reflink = ["--reflink=auto"] if sys.platform == "linux" else []
    done = subprocess.run(["cp", "-a", *reflink, f"{source}/.", target], capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode:
        raise ServerError(
            f"The data directory {source} could not be copied to {target}: {done.stderr.strip()[-500:]}",
            remedy="Make space in the temporary directory and in the cache.",
        )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
