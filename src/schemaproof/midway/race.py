"""Two runners at once on one database: each migration is applied once, and both end well."""

import threading
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import Any

import psycopg

from schemaproof.catalogue import compare, render
from schemaproof.database import Database
from schemaproof.errors import SchemaproofError
from schemaproof.findings import Finding, Location
from schemaproof.midway.sight import see
from schemaproof.migrations import up
from schemaproof.session import Session

__all__ = ["prove_race"]

_LIMIT_SECONDS = 120.0
_END = "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where pid = any (%s)"


def prove_race(session: Session, numbers: Sequence[int]) -> list[Finding]:
    """Have two runners apply the same migrations at the same moment.

    The runner that comes second asks for the lock again and again, in transactions of their own: while it waits it
    holds no snapshot that a CREATE INDEX CONCURRENTLY of the first would wait for. Where one of the two has applied
    everything there is nothing to compare: it is what one alone does.
    """
    if not numbers:
        return []
    history = session.target.history
    wanted = [history[number].version for number in numbers]
    with session.scratch(partial(session.at, numbers[0])) as database:
        runners = _run_two(session, database, wanted[-1])
        problems = [problem for runner in runners if (problem := runner.problem)]
        applied = [version for runner in runners for version in runner.applied]
        problems += [f"applied {applied.count(each)} times: {each}" for each in wanted if applied.count(each) != 1]
        if not problems and all(runner.applied for runner in runners):
            problems += _differences(session, database, numbers[-1] + 1)
    if not problems:
        return []
    return [
        Finding(
            "interruption",
            "two runners",
            "two runners at once do not come to what one alone does",
            "Look at what the migrations do to the session or the ledger: the runner's lock lies in the session.",
            detail="\n".join(problems),
            location=Location(history[numbers[0]].path),
            key="interruption:race",
        )
    ]


def _differences(session: Session, database: Database, number: int) -> list[str]:
    with (
        session.scratch(partial(session.at, number)) as alone,
        closing(database.connect()) as found,
        closing(alone.connect()) as wanted,
    ):
        differences = compare(see(wanted), see(found))
    return [render(differences)] if differences else []


class _Runner(threading.Thread):
    def __init__(
        self, connection: psycopg.Connection[Any], session: Session, to: str, start: threading.Barrier
    ) -> None:
        super().__init__(daemon=True)
        self.pid = connection.info.backend_pid
        self.applied: tuple[str, ...] = ()
        self._error = ""
        self._connection, self._session, self._to, self._start = connection, session, to, start

    @property
    def problem(self) -> str:
        """What it died of, or that it does not end."""
        return "a runner does not end: it waits for the other one" if self.is_alive() else self._error

    def run(self) -> None:
        self._start.wait()
        try:
            applied = up(self._connection, self._session.target.history, to=self._to)
        except (SchemaproofError, psycopg.Error) as error:
            self._error = str(error)
        else:
            self.applied = tuple(migration.version for migration in applied)


def _run_two(session: Session, database: Database, to: str) -> list[_Runner]:
    start = threading.Barrier(2)
    connections = [session.connect_migrator(database) for _ in range(2)]
    runners = [_Runner(connection, session, to, start) for connection in connections]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(_LIMIT_SECONDS)
    if stuck := [runner.pid for runner in runners if runner.is_alive()]:
        problems = [runner.problem for runner in runners]
        with closing(database.connect()) as watcher:
            watcher.execute(_END, (stuck,))
        for runner, problem in zip(runners, problems, strict=True):
            runner.join()
            runner._error = problem or runner._error
    for connection in connections:
        connection.close()
    return runners
