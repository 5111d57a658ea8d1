"""A started server's life in the owner's process: the guardian, the pipe that it watches, and the wait until ready."""

import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping
from pathlib import Path

from schemaproof.errors import ServerError
from schemaproof.server import guardian
from schemaproof.server.account import Account
from schemaproof.server.run_directory import RunDirectory

__all__ = ["Postmaster", "free_port"]

_READY_SECONDS = 60.0
_POLL_SECONDS = 0.003
_LOG_TAIL_BYTES = 4000


class Postmaster:
    """The server of one run directory. It belongs to the process that made it; a fork's copy can end nothing."""

    def __init__(self, run: RunDirectory, account: Account) -> None:
        self._run = run
        self._account = account
        self._guardian: subprocess.Popen[bytes] | None = subprocess.Popen(
            [sys.executable, "-I", "-S", guardian.__file__, str(run.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=(run.lock,),
            start_new_session=True,  # a Ctrl-C at the terminal is for the owner alone
            cwd="/",
            env={},
        )
        _alive.add(self)

    def start(self, program: Path, environment: Mapping[str, str]) -> None:
        """Start `postgres` on the run's data directory and wait until it takes connections.

        Raises:
            ServerError: it ended or did not get ready within a minute; with the last lines of its log.
        """
        command = {
            "args": [str(program), "-D", str(self._run.data)],
            "cwd": "/",
            "env": {"PATH": os.environ.get("PATH", os.defpath), "TZ": "UTC", "LC_ALL": "C", **environment},
            "log": str(self._run.log),
            **self._account.popen(),
        }
        assert self._guardian is not None and self._guardian.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either, which tells more
            self._guardian.stdin.write(json.dumps(command).encode() + b"\n")
            self._guardian.stdin.flush()
        self._wait()

    def close(self) -> None:
        """Stop the server and remove its directory. In a process that has not started it: do nothing."""
        if self._guardian is None:
            return
        process, self._guardian = self._guardian, None
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        process.wait()
        process.stdout.close()
        # A guardian that was killed has left both.
        guardian.stop_leftover(str(self._run.data))
        shutil.rmtree(self._run.path, ignore_errors=True)
        os.close(self._run.lock)

    def log_tail(self) -> str:
        """Return the end of the server's log."""
        with contextlib.suppress(FileNotFoundError):
            return self._run.log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace")
        return ""

    def _wait(self) -> None:
        assert self._guardian is not None
        until = time.monotonic() + _READY_SECONDS
        while not self._is_ready():
            if select.select([self._guardian.stdout], [], [], _POLL_SECONDS)[0]:
                assert self._guardian.stdout is not None
                answer = os.read(self._guardian.stdout.fileno(), 100)
                raise self._failure("ended while it started" if answer else "was lost: its guardian ended")
            if time.monotonic() > until:
                raise self._failure(f"was not ready within {_READY_SECONDS:.0f} seconds")

    def _is_ready(self) -> bool:
        """Read the state as pg_ctl does: the eighth line of postmaster.pid (src/include/utils/pidfile.h)."""
        try:
            lines = (self._run.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _failure(self, what: str) -> ServerError:
        return ServerError(
            f"The server in {self._run.path} {what}. The end of its log:\n{self.log_tail()}",
            remedy="Mend what the log names (space, memory, a setting), or use another PostgreSQL.",
        )

    def _let_go(self) -> None:
        """Close a fork's copies, or the guardian and the next run would take the fork for the owner."""
        if self._guardian is None:
            return
        process, self._guardian = self._guardian, None
        process.returncode = 0  # not this process's child: nothing to wait for, nothing to warn of
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        process.stdout.close()
        os.close(self._run.lock)


def free_port() -> int:
    """Return a port of 127.0.0.1 that is free now; another process may take it before it is used."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as PostgreSQL sets it
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


_alive: "weakref.WeakSet[Postmaster]" = weakref.WeakSet()


def _let_all_go() -> None:
    for postmaster in list(_alive):
        postmaster._let_go()


os.register_at_fork(after_in_child=_let_all_go)
