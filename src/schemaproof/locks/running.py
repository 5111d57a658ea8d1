"""Runs one migration statement by statement, in the transactions that the runner gives it, and looks behind each."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import psycopg
from psycopg.pq import TransactionStatus

from schemaproof.locks.model import Held, Relation, Step
from schemaproof.locks.observation import Observation
from schemaproof.locks.operations import is_query, operations
from schemaproof.locks.patience import Patience
from schemaproof.locks.probe import Connection, Seen, look
from schemaproof.locks.watcher import Watcher
from schemaproof.migrations import Migration, Statement
from schemaproof.migrations.connection import Origin
from schemaproof.migrations.execution import CHECK_DEFERRED
from schemaproof.migrations.failure import refused_by_server
from schemaproof.migrations.ledger import Command, ensure_ledger, insertion
from schemaproof.migrations.plan import plan, sheds_role
from schemaproof.migrations.run import run_of

__all__ = ["Run", "run_traced"]

# What the server says of a statement that wants no transaction around it.
_WANTS_NONE = ("25001", "2D000")
# An empty table is read whole even where its key is asked for; with rows in it the index would be taken.
_BY_INDEX = "select pg_catalog.set_config('enable_seqscan', 'off', true)"
_AS_EVER = "select pg_catalog.set_config('enable_seqscan', 'on', true)"
# So that a transaction starts to count at zero.
_FLUSH = "select pg_catalog.pg_stat_force_next_flush()"


@dataclass
class Run:
    """One migration on its way, and the steps so far."""

    connection: Connection
    migration: Migration
    origin: Origin
    relations: Mapping[int, Relation]
    patience: Patience
    watcher: Watcher
    steps: list[Step] = field(default_factory=list)
    _pending: list[tuple[Step, float]] = field(default_factory=list)
    _seen: Seen = field(default_factory=Seen)
    _lines: dict[tuple[int, str], int] = field(default_factory=dict)

    def go(self, record: Command) -> None:
        """Run the file and `record` in the last transaction; raises MigrationError."""
        for batch in (batches := plan(self.migration.script).batches):
            if batch.alone:
                self._alone(batch.statements[0])
                continue
            with self._transaction():
                for statement in batch.statements:
                    self._step(statement)
                if batch.statements:
                    self._told(None, CHECK_DEFERRED)
                if batch is batches[-1]:
                    self._take_roles_on()
                    self.connection.execute(record.query, record.values)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._start()
        self.connection.execute("begin")
        yield
        self._told(None, b"commit")
        self._end()

    def _start(self) -> None:
        """Look before a transaction, since SET TRANSACTION in it wants to come before any query."""
        self.connection.execute(_FLUSH)
        self._seen = look(self.connection, self.relations)
        self._lines = {}

    def _end(self) -> None:
        """Say of each lock how long it was held, now that the transaction has ended."""
        now = time.perf_counter()
        held = {line: (now - start) * 1000 for start, line in ((start, step.line) for step, start in self._pending)}
        for step, _ in self._pending:
            taken, before = (tuple(_lasted(lock, held) for lock in locks) for locks in (step.taken, step.held))
            self.steps.append(replace(step, taken=taken, held=before))
        self._pending = []

    def _step(self, statement: Statement) -> None:
        query = is_query(done := operations(statement.sql)) and done[0] not in ("do", "call")
        if query:
            self.connection.execute(_BY_INDEX)
        started = time.perf_counter()
        self._send(statement)
        took = (time.perf_counter() - started) * 1000
        if query and self._in_transaction:
            self.connection.execute(_AS_EVER)
        self._note(statement, started, took)

    def _note(self, statement: Statement, started: float, took: float) -> None:
        after = look(self.connection, self.relations)
        observed = Observation(statement, self._seen, after, self._lines, self.relations)
        self._pending.append((observed.step(took), started))
        self._lines |= dict.fromkeys(after.locks - self._seen.locks, statement.line)
        self._seen = after

    def _alone(self, statement: Statement) -> None:
        """Run a statement that the runner sends by itself: within a transaction of the file's, or as one of its own."""
        control = operations(statement.sql) == ("transaction",)
        if self._in_transaction and not control:
            self._step(statement)
        elif control:
            self._control(statement)
        elif not self._in_its_own(statement):
            self._bare(statement)

    def _control(self, statement: Statement) -> None:
        before = self._in_transaction
        if not before:
            self._start()
        self._send(statement)
        if before and not self._in_transaction:
            self._end()

    def _in_its_own(self, statement: Statement) -> bool:
        """Try a statement in a transaction, where its locks can be looked at; False where it wants none."""
        self._start()
        self.connection.execute("begin")
        try:
            started = time.perf_counter()
            self._run(statement)
        except psycopg.Error as error:
            if not self.connection.closed:
                self.connection.execute("rollback")
            if error.sqlstate in _WANTS_NONE:
                return False
            raise self._refused(error, statement) from error
        self._note(statement, started, (time.perf_counter() - started) * 1000)
        self._told(statement, b"commit")
        self._end()
        if sheds_role(statement):
            self._take_roles_on()
        return True

    def _bare(self, statement: Statement) -> None:
        self._start()
        started = time.perf_counter()
        with self.watcher.watching(self.connection.info.backend_pid, self.relations) as locks:
            self._send(statement)
        took = (time.perf_counter() - started) * 1000
        after = replace(look(self.connection, self.relations), locks=frozenset(locks))
        self._pending.append(
            (Observation(statement, self._seen, after, {}, self.relations, alone=True).step(took), started)
        )
        self._end()

    @property
    def _in_transaction(self) -> bool:
        return self.connection.info.transaction_status != TransactionStatus.IDLE

    def _send(self, statement: Statement) -> None:
        try:
            self._run(statement)
        except psycopg.Error as error:
            raise self._refused(error, statement) from error
        if sheds_role(statement):
            self._take_roles_on()

    def _run(self, statement: Statement) -> None:
        query = self.origin.unseen.adapted(statement.sql).encode()
        with self.patience.with_(self.connection):
            if statement.rows is None:
                self.connection.execute(query)
                return
            with self.connection.cursor().copy(query) as copy:
                copy.write(statement.rows.encode())

    def _told(self, statement: Statement | None, query: bytes) -> None:
        try:
            self.connection.execute(query)
        except psycopg.Error as error:
            raise self._refused(error, statement) from error

    def _refused(self, error: psycopg.Error, statement: Statement | None) -> Exception:
        return refused_by_server(error, self.migration.script, statement, remedy=self.patience.told)

    def _take_roles_on(self) -> None:
        for command in self.origin.roles:
            self.connection.execute(command)


def run_traced(
    connection: Connection,
    migration: Migration,
    relations: Mapping[int, Relation],
    patience: Patience,
    watcher: Watcher,
) -> tuple[Step, ...]:
    """Apply `migration`, the next one of its history, and return its steps; raises MigrationError where it fails."""
    connection.prepare_threshold = None  # a file may say DISCARD ALL
    with run_of(connection, None) as (origin, _):
        ensure_ledger(connection)
        origin.restore(connection)
        run = Run(connection, migration, origin, relations, patience, watcher)
        try:
            run.go(insertion(migration))
        except BaseException:
            if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
                connection.execute("rollback")
            raise
    return tuple(run.steps)


def _lasted(lock: Held, held: Mapping[int, float]) -> Held:
    return replace(lock, milliseconds=held.get(lock.line, 0.0))
