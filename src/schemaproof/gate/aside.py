"""The base, in a process of its own: on the other core, and with the base's modules, not the head's."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from schemaproof.checks import select_checks
from schemaproof.config import Target
from schemaproof.errors import SchemaproofError, ServerError
from schemaproof.gate.plans import Plans, measure_plans, plans_of
from schemaproof.run import run_checks
from schemaproof.server import ServerSpec
from schemaproof.session import open_session

__all__ = ["Aside", "AsideError", "Document", "checked_aside"]

Document = Mapping[str, Any]


class AsideError(ServerError):
    """The run of the base was refused, or its process is gone."""


class Aside:
    """The run that goes on elsewhere."""

    def __init__(self, process: Any, pipe: Any) -> None:
        self._process = process
        self._pipe = pipe

    def document(self) -> Document:
        """Wait for the results document of the checks.

        Raises:
            AsideError: what the run was refused for, or that it is gone.
        """
        found: Document = self._answer()
        return found

    def ask_plans(self, ids: Collection[str]) -> Callable[[], Plans]:
        """Have queries measured there, once the document was taken; return what waits for the answer.

        Raises:
            AsideError: as `document`; what is returned, too.
        """
        try:
            self._pipe.send(tuple(ids))
        except OSError:
            raise self._gone() from None
        return self._answer

    def _answer(self) -> Any:
        try:
            answer = self._pipe.recv()
        except (EOFError, OSError):
            raise self._gone() from None
        if isinstance(answer, AsideError):
            raise answer
        return answer

    def _gone(self) -> AsideError:
        self._process.join()
        return AsideError(
            f"the run of the base ended with exit code {self._process.exitcode} and without an answer",
            remedy="Run schemaproof check on the base to see why.",
        )


@contextmanager
def checked_aside(target: Target, spec: ServerSpec, names: Sequence[str], *, create_roles: bool) -> Iterator[Aside]:
    """Start the checks `names` of `target` on a server of their own; what still runs when the block ends is ended."""
    context = multiprocessing.get_context("spawn")
    own, its = context.Pipe()
    process = context.Process(target=_run, args=(target, spec, tuple(names), create_roles, its), daemon=True)
    process.start()
    its.close()
    try:
        yield Aside(process, own)
    finally:
        process.terminate()
        process.join()
        own.close()


def _run(target: Target, spec: ServerSpec, names: tuple[str, ...], create_roles: bool, pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C at the terminal is for the parent, which ends this
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with open_session(target, spec, create_roles=create_roles) as session:
            pipe.send(run_checks(session, select_checks(names), lambda _: None).document())
            ids = pipe.recv()
            pipe.send(plans_of(measure_plans(session, ids, lambda _: None)))
            pipe.recv()
    except SchemaproofError as error:
        pipe.send(AsideError(error.message, remedy=error.remedy))  # not every error can be sent as it is
    except EOFError:
        return  # nothing more is wanted


def _end_with_parent() -> None:
    """End when the parent was killed: the server's guardian then sees that it goes."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
