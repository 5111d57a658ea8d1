"""A data directory ready to start: made by initdb, or by unpacking what it made before; and its settings."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from schemaproof.errors import ServerError
from schemaproof.server.account import Account
from schemaproof.server.installation import Installation
from schemaproof.server.original import Original
from schemaproof.server.run_directory import RunDirectory
from schemaproof.server.spec import ServerSpec

__all__ = ["INITDB", "SETTINGS", "Cluster"]

# Collation C sorts by code point: the same order on every machine and version. The character classes are Unicode's.
_CTYPE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
INITDB = ("--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
_INITDB = (*INITDB, f"--lc-ctype={_CTYPE}", "--auth=trust")

# Of every server that is started.
SETTINGS = {
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
        key = hashlib.sha256(repr((installation.identity(), _INITDB, spec.superuser, account.uid)).encode())
        self._original = Original(cache / "data" / f"{installation.release}-{key.hexdigest()[:16]}", account)

    def fill(self, run: RunDirectory) -> bool:
        """Make the run's data directory; tell whether it came from the cache.

        Raises:
            ServerError: initdb fails, or the disk or the cache refuses.
        """
        if self._original.take(run):
            return True
        self.refill(run)
        return False

    def refill(self, run: RunDirectory) -> None:
        """Make the run's data directory by initdb, and the cache's anew: that one is damaged or does not start."""
        self._original.forget()
        shutil.rmtree(run.data)
        run.data.mkdir(mode=0o700)
        self._account.give(run.data)
        self._initdb(run)
        self._original.keep(run)

    def configure(self, run: RunDirectory, port: int) -> None:
        """Write this run's settings and who may connect: all on the socket, the superuser by password on loopback."""
        settings = {
            **SETTINGS,
            # In the data directory, with which it goes; POSIX segments would outlive a server that is killed.
            "dynamic_shared_memory_type": "mmap",
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


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
