"""A started server's life in the owner's process: the guardian, the pipe that it watches, and the wait until ready."""

import atexit
import contextlib
import json
import os
import select
import shutil
import subprocess
import sys
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path

from schemaproof.errors import ServerError
from schemaproof.server import guardian
from schemaproof.server.account import Account
from schemaproof.server.run_directory import RunDirectory

__all__ = ["Postmaster"]

_READY_SECONDS = 60.0
_POLL_SECONDS = 0.003
_LOG_TAIL_BYTES = 4000


class Postmaster:
    """The server of one run directory. It belongs to the process that made it; a fork's copy can end nothing."""

    def __init__(self, run: RunDirectory, account: Account) -> None:
        self._run = run
        self._account = account
        orders_out, self._orders = os.pipe()
        self._answers, answers_in = os.pipe()
        self._guardian: subprocess.Popen[bytes] | None = subprocess.Popen(
            [sys.executable, "-I", "-S", guardian.__file__, str(run.path)],
            stdin=orders_out,
            stdout=answers_in,
            stderr=subprocess.DEVNULL,
            pass_fds=(run.lock,),
            start_new_session=True,  # a Ctrl-C at the terminal is for the owner alone
            cwd="/",
            env={},
        )
        os.close(orders_out)
        os.close(answers_in)
        _alive.add(self)
        atexit.register(self.close)

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
        self._order(command)
        self._wait()

    def finally_run(self, command: Sequence[str]) -> None:
        """Have the guardian run a command, which finds Python's modules as here, when this process closes or ends."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._order({"last": {"args": list(command), "cwd": "/", "env": environment}})

    def close(self) -> None:
        """Stop the server and remove its directory. In a process that has not started it: do nothing."""
        if self._guardian is None:
            return
        process = self._guardian
        self._let_go()
        process.wait()
        atexit.unregister(self.close)
        # A guardian that was killed has left both.
        guardian.stop_leftover(self._run.data)
        shutil.rmtree(self._run.path, ignore_errors=True)

    def disown(self) -> None:
        """Let a fork forget the server, or it would pass for its owner."""
        if self._guardian is not None:
            self._guardian.returncode = 0  # not this process's child: nothing to wait for or to warn of
            self._let_go()

    def _order(self, order: Mapping[str, object]) -> None:
        with contextlib.suppress(BrokenPipeError):  # then there is no answer either, which tells more
            os.write(self._orders, json.dumps(order).encode() + b"\n")

    def _let_go(self) -> None:
        self._guardian = None
        for descriptor in (self._orders, self._answers, self._run.lock):
            os.close(descriptor)

    def _wait(self) -> None:
        until = time.monotonic() + _READY_SECONDS
        while not self._is_ready():
            if select.select([self._answers], [], [], _POLL_SECONDS)[0]:
                answer = os.read(self._answers, 100)
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
        tail = ""
        with contextlib.suppress(FileNotFoundError):
            tail = self._run.log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace")
        return ServerError(
            f"The server in {self._run.path} {what}. The end of its log:\n{tail}",
            remedy="Mend what the log names (space, memory, a setting), or use another PostgreSQL.",
        )


_alive: "weakref.WeakSet[Postmaster]" = weakref.WeakSet()


def _disown_all() -> None:
    for postmaster in list(_alive):
        postmaster.disown()


os.register_at_fork(after_in_child=_disown_all)
