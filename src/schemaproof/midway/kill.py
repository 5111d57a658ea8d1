"""Server processes killed while a migration runs: the server recovers by itself, and to a step."""

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

from schemaproof.database import Database
from schemaproof.errors import ServerError
from schemaproof.findings import Finding
from schemaproof.midway.footprint import Footprint, take_footprint
from schemaproof.midway.judgement import Judge
from schemaproof.midway.passage import Interrupted, Passage, Runner, passages
from schemaproof.midway.points import Point, every_point, points
from schemaproof.midway.stopping import GATE, PAUSE, stopped_building, stopped_in_pause
from schemaproof.midway.trial import Trials
from schemaproof.migrations.ledger import ensure_ledger
from schemaproof.migrations.plan import plan
from schemaproof.server import Server
from schemaproof.session import Session, open_session

__all__ = ["Kills", "prove_kills", "sample_kills"]

_CAUSE = "a crash of the server"
_LIMIT_SECONDS = 60.0
_PAUSE_SECONDS = 0.005

_Place = tuple[Passage, Point]


@dataclass(frozen=True)
class Kills:
    """What was found, and how often a server process was killed."""

    findings: tuple[Finding, ...]
    kills: int


def prove_kills(session: Session, numbers: Sequence[int]) -> Kills:
    """Kill the server process that runs a migration, or its rollback, behind each of its statements.

    Whichever process of a server is killed, all others end too, and the server recovers from its log; so this has a
    server of its own.

    Args:
        session: of a server that schemaproof starts.
        numbers: places in the history, from 0.

    Raises:
        UsageError: the server is one that exists already.
    """
    found = ((each, place) for each in passages(session.target.history, numbers) for place in _every(each))
    return _killed(session, list(found))


def sample_kills(session: Session, numbers: Sequence[int]) -> Kills:
    """Kill where something could stay of files that are several transactions, and once in the middle of another."""
    found = list(passages(session.target.history, numbers))
    chosen = [(each, point) for each in found if not plan(each.script).atomic for point in points(each.script)]
    whole = (each for each in found if plan(each.script).atomic and len(each.script.statements) > 1)
    middle = ((each, every_point(each.script)[len(each.script.statements) // 2]) for each in whole)
    return _killed(session, [*chosen, *itertools.islice(middle, 1)])


def _every(passage: Passage) -> list[Point]:
    return list(
        dict.fromkeys((*every_point(passage.script), *(each for each in points(passage.script) if not each.by)))
    )


def _killed(session: Session, places: Sequence[_Place]) -> Kills:
    if not places:
        return Kills((), 0)
    with open_session(session.target, session.spec_of_another()) as other:
        found = [_judged(other, passage, chosen) for passage, chosen in _by_passage(places)]
    return Kills(tuple(finding for each in found for finding in each.findings), sum(each.kills for each in found))


def _by_passage(places: Sequence[_Place]) -> Iterator[tuple[Passage, list[Point]]]:
    found: dict[tuple[int, str], tuple[Passage, list[Point]]] = {}
    for passage, point in places:
        found.setdefault((passage.start, passage.direction), (passage, []))[1].append(point)
    for _, each in sorted(found.items()):
        yield each


def _judged(session: Session, passage: Passage, chosen: Sequence[Point]) -> Kills:
    points_, kills = list(chosen), 0
    if plan(passage.script).atomic:
        points_, kills = _suspects(session, passage, chosen)
    trials = Trials(session, passage, kill, unchanged=Footprint.same_after_crash)
    outcomes = [trials.at(point) for point in points_]
    kills += sum(outcome.reached for outcome in outcomes)
    return Kills(tuple(Judge(passage, cause=_CAUSE).findings(outcomes)), kills)


def _suspects(session: Session, passage: Passage, chosen: Sequence[Point]) -> tuple[list[Point], int]:
    """Kill a file again and again on one database; return where something stays, and how often it was killed."""
    found, kills = [], 0
    with session.scratch(partial(session.at, passage.start)) as database:
        with closing(session.connect_migrator(database)) as connection:
            ensure_ledger(connection)
        before = _look(database)
        for point in chosen:
            kills += kill(session, database, passage, point)
            after = _look(database)
            if not before.same_after_crash(after):
                found.append(point)
            before = after
    return found, kills


def kill(session: Session, database: Database, passage: Passage, point: Point) -> bool:
    """Run a passage, kill its server process at a point, and wait until the server is there again.

    As in production, what has been committed is in the log before the runner hears of it.
    """
    by, stopped = (PAUSE, stopped_in_pause) if point.by else (GATE, stopped_building)
    script = Interrupted.of(passage.script, point.after, by)
    with closing(database.connect()) as administrator:
        administrator.execute("checkpoint")  # what made the database was in less haste to be durable
    with closing(session.connect_migrator(database)) as connection:
        connection.execute("set synchronous_commit to on")
        run = partial(passage.run, Runner.of(connection), script)
        reached = stopped(database, connection, run, partial(_kill, database.server))
    _await_recovery(database)
    return reached


def _kill(server: Server, watcher: psycopg.Connection[Any], pid: int) -> None:
    """Kill the process, and wait until the server has noticed and ended the others: before, it would take new ones."""
    server.kill(pid)
    with suppress(psycopg.OperationalError):
        while True:
            watcher.execute("select 1")
            time.sleep(_PAUSE_SECONDS)


def _await_recovery(database: Database) -> None:
    until = time.monotonic() + _LIMIT_SECONDS
    while True:
        try:
            database.connect().close()
        except psycopg.OperationalError as error:
            if time.monotonic() > until:
                raise ServerError(
                    f"the server does not recover from a killed process: {error}",
                    remedy="Look at the server's log; this is no fault of the migration's.",
                ) from error
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _look(database: Database) -> Footprint:
    with closing(database.connect()) as watcher:
        return take_footprint(watcher)
