"""A migration goes up and down while clients read and write the tables that it touches: how long did they wait?"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from schemaproof.database import Database
from schemaproof.findings import Finding, Level, Location
from schemaproof.locks.filling import fill_tables
from schemaproof.locks.model import Trace
from schemaproof.locks.probe import Connection, read_relations
from schemaproof.locks.tracing import trace
from schemaproof.locks.waiting import Wait, sampling
from schemaproof.locks.workload import Slow, Worker, queries_of, working
from schemaproof.migrations import BEFORE_FIRST, Migration, MigrationError, Script, down, up
from schemaproof.session import Session

__all__ = ["Breakage", "Fire", "Passage", "Stall", "under_fire"]

_ROWS = 20_000
_CLIENTS = 2
_WARM = 20
# What the schema no longer has, or has otherwise: syntax error or access rule violation, feature not supported. What a
# trigger or a constraint refuses may be due to the rows that were made up.
_BREAKS = ("42", "0A")
_revert = partial(down, lose_data=True)


@dataclass(frozen=True)
class Stall:
    """The longest wait of a query, in milliseconds; where it was seen waiting: for what, behind which statement."""

    milliseconds: float
    action: str
    table: str
    mode: str = ""
    relation: str = ""
    line: int = 0
    behind: str = ""


@dataclass(frozen=True)
class Breakage:
    """A query that worked before and was refused: with which SQLSTATE."""

    action: str
    table: str
    sqlstate: str
    message: str


@dataclass(frozen=True)
class Passage:
    """One way, up or down: how long it took, how many queries were answered meanwhile and behind it."""

    milliseconds: float
    queries: int
    stall: Stall | None
    breakages: tuple[Breakage, ...]
    failure: str = ""


@dataclass(frozen=True)
class Fire:
    """A migration under fire.

    Args:
        rows: of the tables that were asked.
        lines: of the statement that locked each of them hardest.
        down: None where there is no rollback.
    """

    version: str
    path: str
    rows: dict[str, int]
    lines: dict[str, int]
    up: Passage | None
    down: Passage | None

    @property
    def findings(self) -> list[Finding]:
        """What a running client meets on the way up; a stall is a figure of this machine's and no finding."""
        found: dict[str, Finding] = {}
        for each in self.up.breakages if self.up else ():
            if not each.sqlstate.startswith(_BREAKS):
                continue
            finding = _breaks(self, each)
            found.setdefault(finding.key, finding)
        return list(found.values())


def under_fire(
    session: Session, number: int, *, traced: Trace | None = None, rows: int = _ROWS, clients: int = _CLIENTS
) -> Fire:
    """Run migration `number` (from 0) up, and down if it has a rollback, under a workload on the tables it touches.

    Args:
        session: of the project.
        number: of the migration, on a database at the revision below it.
        traced: its trace, if there is one already: it names the tables.
        rows: how many each of them gets, as far as its keys and checks allow.
        clients: readers, and as many writers; each has asked some queries before, between and behind the two ways.
    """
    migration = session.target.history[number]
    traced = traced or trace(session, number)
    with session.scratch(lambda: session.at(number)) as database, database.connect() as connection:
        relations = {oid: each for oid, each in read_relations(connection).items() if each.name in traced.touched}
        counts = fill_tables(connection, relations.values(), rows) if relations else {}
        stage = _Stage(session, database, connection, frozenset(relations), clients)
        forth = stage.passage(migration.script, partial(up, to=migration.version))
        back = None
        if forth and not forth.failure and migration.undo:
            below = session.target.history[number - 1].version if number else BEFORE_FIRST
            back = stage.passage(migration.undo, partial(_revert, to=below))
    lines = {name: traced.line_of(name) for name in traced.touched}
    return Fire(migration.version, str(migration.path), counts, lines, forth, back)


@dataclass(frozen=True)
class _Stage:
    """Where it happens; `relations`: the oids of the tables that are asked."""

    session: Session
    database: Database
    watcher: Connection
    relations: frozenset[int]
    clients: int

    def passage(self, script: Script, move: Callable[[Connection, Sequence[Migration]], object]) -> Passage | None:
        """Move while clients of the schema as it is now work; None where there is nothing that they could ask."""
        there = [each for oid, each in read_relations(self.watcher).items() if oid in self.relations]
        queries = queries_of(self.watcher, [each for each in there if each.kind in "rp"])
        if not any(queries.values()):
            return None
        with (
            working(self.database, queries, self.clients) as workers,
            self.session.connect_migrator(self.database) as connection,
            sampling(self.database, connection.info.backend_pid) as waits,
        ):
            _let_work(workers)
            failure, took = self._moved(connection, workers, move)
            _let_work(workers)
        return _passage(workers, waits, script, failure, took)

    def _moved(
        self,
        connection: Connection,
        workers: Sequence[Worker],
        move: Callable[[Connection, Sequence[Migration]], object],
    ) -> tuple[str, float]:
        """Move; return why it failed, if it did, and the milliseconds."""
        for worker in workers:
            worker.forget()
        failure, started = "", time.monotonic()
        try:
            move(connection, self.session.target.history)
        except MigrationError as error:
            failure = error.reason
        return failure, (time.monotonic() - started) * 1000


def _passage(workers: Sequence[Worker], waits: Sequence[Wait], script: Script, failure: str, took: float) -> Passage:
    slow = max((each for worker in workers for each in worker.slow), key=lambda each: each.seconds, default=None)
    refusals = {key: each for worker in workers for key, each in worker.refusals.items()}
    breakages = tuple(
        Breakage(action, table, sqlstate, refusals[table, action, sqlstate].message)
        for table, action, sqlstate in sorted(refusals)
    )
    done = sum(worker.done for worker in workers)
    return Passage(took, done, _stall(slow, waits, script) if slow else None, breakages, failure)


def _let_work(workers: Sequence[Worker]) -> None:
    """Wait until each client has asked some more queries."""
    goals = [worker.done + max(_WARM, len(worker.queries)) for worker in workers]
    while any(worker.is_there and worker.done < goal for worker, goal in zip(workers, goals, strict=True)):
        time.sleep(0.005)


def _stall(slow: Slow, waits: Sequence[Wait], script: Script) -> Stall:
    """Say what the slowest query waited for, where it was seen waiting: behind the statement that kept it longest."""
    end = slow.started + slow.seconds
    during = [each for each in waits if each.pid == slow.pid and slow.started <= each.at <= end]
    seen = max(during, key=lambda each: sum(each.behind == other.behind for other in during), default=None)
    told = Stall(slow.seconds * 1000, slow.query.action, slow.query.table)
    if seen is None:
        return told
    line = next((each.line for each in script.statements if seen.behind and each.sql.startswith(seen.behind[:200])), 0)
    behind = " ".join(seen.behind.split())[:200]
    return Stall(told.milliseconds, told.action, told.table, seen.mode, seen.relation, line, behind)


def _breaks(fire: Fire, broken: Breakage) -> Finding:
    return Finding(
        "locks",
        broken.table,
        f"a running client breaks: its {broken.action.upper()} of {broken.table} is refused with {broken.sqlstate}",
        "Deploy clients that do without what goes, and ask anew for what changes, before this migration.",
        Level.WARNING,
        detail=broken.message,
        location=Location(Path(fire.path), fire.lines.get(broken.table, 1)),
        key=f"locks:{fire.version}:breaks_{broken.sqlstate}:{broken.table}",
    )
