"""The command line in a process of its own, as a person meets it."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["hearing_signals", "schemaproof"]


def schemaproof(folder: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `schemaproof` with these arguments in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "schemaproof", *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextlib.contextmanager
def hearing_signals() -> Iterator[None]:
    """Have what starts here end on signals, where the tests themselves do not: under nohup, or behind a shell's `&`.

    An ignored signal stays so in the processes that one starts; one with a handler, which here does nothing, does not.
    """
    deaf = [number for number in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_IGN]
    try:
        for number in deaf:
            signal.signal(number, lambda *_: None)
        yield
    finally:
        for number in deaf:
            signal.signal(number, signal.SIG_IGN)
