"""Guard one started server: when its owner's pipe closes, stop the server and remove the run directory.

Runs as a script of its own (`python -I -S guardian.py RUN_DIRECTORY`) and so knows only the standard library. Each line
of its input is a command (JSON), to start or, under the key `last`, to run at the end; the end of the input, which
comes however the owner ends, is the order to stop. It writes a line when the server ends by itself.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

__all__ = ["stop_leftover"]

_STOP_SECONDS = 10.0  # the postmaster itself kills its children after 5
_LAST_SECONDS = 60.0


class _Guardian:
    """The postmaster's parent: the process id that it signals cannot have become another's."""

    def __init__(self) -> None:
        self.postmaster: subprocess.Popen[bytes] | None = None
        self.last: dict[str, Any] | None = None
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        signal.signal(signal.SIGCHLD, lambda *_: self.look())

    def obey(self, order: dict[str, Any]) -> None:
        if "last" in order:
            self.last = order["last"]
        else:
            self.start(order)

    def start(self, command: dict[str, Any]) -> None:
        with Path(command.pop("log")).open("ab") as log:
            self.postmaster = subprocess.Popen(stdin=subprocess.DEVNULL, stdout=log, stderr=log, **command)
        self.look()  # it may have ended before it was assigned

    def look(self) -> None:
        if self.postmaster is not None and self.postmaster.poll() is not None:
            self.postmaster = None
            os.write(1, b"ended\n")

    def stop(self) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if self.last is not None:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(stdin=subprocess.DEVNULL, check=False, timeout=_LAST_SECONDS, **self.last)
        if self.postmaster is None:
            return
        self.postmaster.send_signal(signal.SIGQUIT)  # immediate shutdown: the data are thrown away
        try:
            self.postmaster.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.postmaster.kill()


def stop_leftover(data_directory: Path) -> None:
    """Stop the postmaster of a data directory whose guardian was killed; do nothing when it does not run any more.

    The id in `postmaster.pid` may have become another process's: only one that was started on this directory is meant.
    """
    try:
        pid = int((data_directory / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return
    for number in (signal.SIGQUIT, signal.SIGKILL):
        until = time.monotonic() + _STOP_SECONDS
        while _is_running(pid, data_directory) and time.monotonic() < until:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            time.sleep(0.05)


def _is_running(pid: int, data_directory: Path) -> bool:
    """Tell whether process `pid` was started on `data_directory`, whose name no two servers share."""
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        if Path("/proc/self").is_dir():
            return False
        answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S607 -- macOS
        arguments = answer.stdout.split()
    return os.fsencode(data_directory) in arguments


def _remove(run_directory: Path) -> None:
    """Remove the directory; again while an initdb or a copy that the owner left behind still writes there."""
    until = time.monotonic() + _STOP_SECONDS
    while run_directory.exists() and time.monotonic() < until:
        shutil.rmtree(run_directory, ignore_errors=True)
        time.sleep(0.05 if run_directory.exists() else 0)


def _main(run_directory: str) -> None:
    guardian = _Guardian()
    try:
        for line in sys.stdin.buffer:
            guardian.obey(json.loads(line))
    finally:
        guardian.stop()
        _remove(Path(run_directory))


if __name__ == "__main__":
    _main(sys.argv[1])
