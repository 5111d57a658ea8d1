"""The checks of the base, in a process of their own: on the other core, and with the base's modules, not the head's."""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from schemaproof.checks import select_checks
from schemaproof.config import Target
from schemaproof.errors import SchemaproofError, ServerError
from schemaproof.run import run_checks
from schemaproof.server import ServerSpec
from schemaproof.session import open_session

__all__ = ["Aside", "checked_aside"]

Document = Mapping[str, Any]


class Aside:
    """A run of checks that goes on elsewhere."""

    def __init__(self, process: Any, answers: Connection) -> None:
        self._process = process
        self._answers = answers

    def document(self) -> Document:
        """Wait for the results document.

        Raises:
            ServerError: what the run was refused for.
        """
        try:
            answer = self._answers.recv()
        except EOFError:
            self._process.join()
            raise ServerError(
                f"the checks of the base ended with exit code {self._process.exitcode} and without results",
                remedy="Run schemaproof check on the base to see why.",
            ) from None
        if isinstance(answer, ServerError):
            raise answer
        found: Document = answer
        return found


@contextmanager
def checked_aside(target: Target, spec: ServerSpec, names: Sequence[str], *, create_roles: bool) -> Iterator[Aside]:
    """Start the checks `names` of `target` on a server of their own; what still runs when the block ends is ended."""
    context = multiprocessing.get_context("spawn")
    answers, sending = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(target, spec, tuple(names), create_roles, sending), daemon=True)
    process.start()
    sending.close()
    try:
        yield Aside(process, answers)
    finally:
        process.terminate()
        process.join()
        answers.close()


def _run(target: Target, spec: ServerSpec, names: tuple[str, ...], create_roles: bool, answers: Connection) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with open_session(target, spec, create_roles=create_roles) as session:
            answers.send(run_checks(session, select_checks(names), lambda _: None).document())
    except SchemaproofError as error:
        answers.send(ServerError(error.message, remedy=error.remedy))  # not every error can be sent as it is


def _end_with_parent() -> None:
    """End when the parent was killed: the server's guardian then sees that it goes."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
