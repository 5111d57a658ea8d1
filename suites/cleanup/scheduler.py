"""The real scheduler, whichever server the run is on: pg_cron of the PostgreSQL that the machine has installed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest

from schemaproof.clock import ScheduledDatabase, open_scheduled
from schemaproof.errors import ServerError
from schemaproof.server import ServerSpec
from schemaproof.server.installation import find_installation
from schemaproof.session import Session, open_session

__all__ = ["open_installed", "open_real"]

_INSTALLED = ServerSpec(kind="system")


@contextmanager
def open_installed(session: Session) -> Iterator[Session]:
    """Open a session of the same target on the installed PostgreSQL, or lend the given one if that is its server."""
    if session.server.kind == "system":
        yield session
        return
    try:
        find_installation(_INSTALLED)
    except ServerError:
        _skip("no PostgreSQL is installed on this machine")
    with open_session(session.target, _INSTALLED) as installed:
        yield installed


@contextmanager
def open_real(session: Session) -> Iterator[ScheduledDatabase]:
    """Open a database whose jobs pg_cron itself runs, by a clock that moves."""
    with open_scheduled(session) as database:
        if not database.real:
            _skip("the installed PostgreSQL has no pg_cron")
        yield database


def _skip(reason: str) -> NoReturn:
    """Skip the test, or fail it where the environment says that an installed PostgreSQL must be there."""
    (pytest.fail if "SCHEMAPROOF_REQUIRE_SYSTEM" in os.environ else pytest.skip)(reason)
