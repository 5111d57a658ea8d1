"""Signals that end a command: every open block cleans up first, and the exit code is the signal's, come what may."""

import signal
from types import FrameType
from typing import NoReturn

__all__ = ["end_if_asked", "heed_signals"]

_GENTLE = (signal.SIGTERM, signal.SIGHUP)
_asked: list[int] = []


class _Interrupt(KeyboardInterrupt):
    """What is done on Ctrl-C is done on it: psycopg cancels what runs, subprocess kills what it waits for.

    A class of its own: after a plain KeyboardInterrupt inside exec(), which makes dataclasses, Python ends itself
    by SIGINT at last, whoever has caught it (Py_RunMain in Modules/main.c).
    """


def heed_signals() -> None:
    """Have SIGTERM and SIGHUP interrupt as Ctrl-C does, so that databases, servers and files go with the process."""
    for number in (signal.SIGINT, *_GENTLE):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, or a shell's background job
            signal.signal(number, _interrupt)


def end_if_asked() -> None:
    """Exit with 128 and the number of the signal, if one has come.

    What the signal raised may be lost: psycopg, for one, puts an error of its own in the place of an interrupt that
    comes between two savepoints, and a check that fails so would be reported.
    """
    if _asked:
        raise SystemExit(128 + _asked[0])


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    # Loaded now, since --help is to be quick.
    import logging

    _asked.append(number)
    for each in _GENTLE:
        signal.signal(each, signal.SIG_IGN)  # a second one would only disturb the cleaning up; Ctrl-C still does
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # it warns of transactions that were cut off
    raise _Interrupt
