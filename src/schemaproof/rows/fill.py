"""Every table filled, in order; the one public call of this part."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import ceil

import psycopg

from schemaproof.rows.afterwards import Afterwards
from schemaproof.rows.draft import Assignment, Vector
from schemaproof.rows.drafting import Drafter, Ledger
from schemaproof.rows.filling import Connection, Filling, Guidance, Row, Unfilled, World
from schemaproof.rows.options import DEFAULT
from schemaproof.rows.order import Step, order
from schemaproof.rows.refusals import Refusal, astray, refusal, swallowed
from schemaproof.rows.search import TIMEOUT, Failure, Search
from schemaproof.rows.structure import Structure, Table
from schemaproof.rows.writing import Astray, Insertion, Stored, insert

__all__ = ["fill"]

_TRIES = 200
_MOST_LEAVES = 24  # rows of one world for the sake of partitions


def fill(
    connection: Connection,
    wanted: Iterable[str],
    worlds: Sequence[World],
    guidance: Guidance | None = None,
    *,
    rows: int = 2,
    seed: int = 0,
    timeout: float = 3.0,
) -> Filling:
    """Fill tables with valid rows for each world, from the catalogue alone; nothing is raised for what cannot be had.

    Args:
        connection: a superuser's; what is inserted lies in its transaction, or is committed where it has none.
        wanted: schemas, or tables as `format('%I.%I')` writes them; tables that they refer to are filled as well.
        worlds: the tenants.
        guidance: what is known beyond the catalogue.
        rows: how many a table and world; as many as there can be, where a key allows fewer.
        seed: the same seed gives the same values, times aside, which are near now.
        timeout: seconds for one statement, for a trigger or a default may sleep.

    Returns:
        The rows that are there at the end, those of triggers, seeds and factories included, and what is missing.
    """
    structure = Structure.read(connection)
    names = set(wanted)
    tables = [
        table
        for table in structure.tables.values()
        if table.label in names or (table.schema in names and not table.extension)
    ]
    with connection.transaction(), _settings(connection, timeout):
        filler = Filler(connection, structure, tuple(worlds), guidance or Guidance(), rows, seed)
        return filler.run(order(structure, tables))


@contextmanager
def _settings(connection: Connection, timeout: float) -> Iterator[None]:
    """Have deferred constraints judge at once, and no statement take long; as before afterwards."""
    query = "select current_setting('statement_timeout')"
    row = connection.execute(query).fetchone()
    connection.execute("set constraints all immediate")
    connection.execute("select set_config('statement_timeout', %s, true)", [f"{timeout * 1000:.0f}ms"])
    yield
    connection.execute("select set_config('statement_timeout', %s, true)", [row[0] if row else "0"])


@dataclass
class Filler:
    """One filling in progress."""

    connection: Connection
    structure: Structure
    worlds: tuple[World, ...]
    guidance: Guidance
    rows: int
    seed: int
    ledger: Ledger = field(default_factory=Ledger)
    unfilled: list[Unfilled] = field(default_factory=list)
    _learnt: dict[str, Vector] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)

    def run(self, steps: list[Step]) -> Filling:
        """Fill the tables, then what had to wait."""
        afterwards = Afterwards(self.connection, self.structure, self.worlds, self.guidance, self.ledger)
        if self.guidance.seed:
            self._guarded("seed", None, lambda: self.connection.execute(self.guidance.seed.encode()))  # type: ignore[union-attr]
        drafters = [Drafter(self.structure, step, self.guidance, self.ledger, self.seed) for step in steps]
        for drafter in drafters:
            self._fill_table(drafter, afterwards)
        for drafter in drafters:
            self.unfilled += afterwards.set_postponed(drafter)
            self.unfilled += afterwards.prove_promised(drafter)
        for drafter in drafters:
            afterwards.refresh(drafter.table)
        return Filling(tuple(row for rows in self.ledger.rows.values() for row in rows), tuple(self.unfilled))

    def _fill_table(self, drafter: Drafter, afterwards: Afterwards) -> None:
        table = drafter.table
        shared = table.label in self.guidance.shared
        worlds: tuple[World | None, ...] = (None,) if shared else self.worlds
        if factory := self.guidance.factories.get(table.label):
            for world in worlds:
                self._guarded(table.label, world, lambda world=world: factory(self.connection, world))  # type: ignore[misc]
        afterwards.refresh(table)
        wanted = max(self.rows, min(_MOST_LEAVES, ceil(len(table.leaves) / max(1, len(worlds)))))
        for place, world in enumerate(worlds):
            there = [row for row in self.ledger.of(table, world) if row.world == (world.name if world else None)]
            afterwards.guide(table, world, there)
            for row in range(len(there), wanted):
                if not self._add(drafter, world, row, place * wanted + row):
                    break

    def _guarded(self, name: str, world: World | None, work) -> None:  # type: ignore[no-untyped-def]
        """Run something of the user's; what it raises is told and not passed on."""
        try:
            with self.connection.transaction():
                work()
        except Exception as error:  # noqa: BLE001 - a factory may raise anything
            sqlstate = getattr(error, "sqlstate", None) or "XX000"
            self.unfilled.append(Unfilled(name, world.name if world else None, "factory", sqlstate, str(error), {}))

    def _add(self, drafter: Drafter, world: World | None, number: int, place: int) -> bool:
        """Insert one row, or tell why not; False where there is no use in going on."""
        table = drafter.table
        leaf = drafter.leaf(place)
        draft = drafter.draft(world, number, leaf)
        if unit := draft.stuck():
            self._report_stuck(drafter, world, unit.columns)
            return False
        replica = bool(drafter.promised)
        search = Search(draft, self._inserter(table, leaf.oid if leaf else None, replica), _TRIES)
        tries = 1 if table.label in self._refused else _TRIES
        search.tries = tries
        start = self._learnt.get(table.label, draft.start)
        found = search.run(start if len(start) == len(draft.units) else draft.start)
        if found is None and leaf and search.best and not search.best.refusal.sqlstate:
            search = Search(draft, self._inserter(table, None, replica), tries)
            found = search.run(draft.start)
        if found is not None:
            self._learnt[table.label] = tuple(
                index % unit.fresh if unit.fresh > 1 else index
                for index, unit in zip(search.found, draft.units, strict=True)
            )
            self.ledger.add(Row(table.label, world.name if world else None, found.place, found.values))
            return True
        return self._give_up(drafter, draft_world=world, number=number, search=search)

    def _give_up(self, drafter: Drafter, *, draft_world: World | None, number: int, search: Search) -> bool:
        """Where a trigger refused, go on without triggers; report in any case but that keys leave no room for more."""
        table, failure = drafter.table, search.best
        if failure is None or (failure.refusal.duplicate and number > 0):
            return False
        name = draft_world.name if draft_world else None
        found = None
        if not failure.refusal.own and table.triggers:
            self._refused.add(table.label)
            again = Search(search.draft, self._inserter(table, None, True), _TRIES)
            found = again.run(search.draft.start)
        self.unfilled.append(_report(table, name, failure, replica=found is not None))
        if found is not None:
            self.ledger.add(Row(table.label, name, found.place, found.values, replica=True))
        return found is not None

    def _report_stuck(self, drafter: Drafter, world: World | None, columns: tuple[str, ...]) -> None:
        table = drafter.table
        key = next((key for key in table.foreign_keys if set(columns) & set(key.columns)), None)
        column = table.column(columns[0])
        name, definition = (key.name, key.definition) if key else (column.type_name, f"{column.name} {column.type_name}")
        message = "There is no row to refer to." if key else "No value of this type is known."
        state = "23503" if key else "22P02"
        self.unfilled.append(Unfilled(table.label, world.name if world else None, name, state, message, {}, definition))

    def _inserter(self, table: Table, leaf: int | None, replica: bool):  # type: ignore[no-untyped-def]
        def run(values: Assignment) -> Stored | Refusal:
            statement = Insertion.of(table, values)
            try:
                with self.connection.transaction():
                    if replica:
                        self.connection.execute("set local session_replication_role = replica")
                    found = insert(self.connection, statement, table, leaf=leaf)
                    if replica:
                        self.connection.execute("set local session_replication_role = origin")
            except Astray:
                return astray(table)
            except psycopg.Error as error:
                return refusal(self.structure, table, values, statement, error)
            return found or swallowed(table)

        return run


def _report(table: Table, world: str | None, failure: Failure, *, replica: bool) -> Unfilled:
    refused = failure.refusal
    tried = {name: value for name, value in failure.values.items() if not isinstance(value, type(DEFAULT))}
    return Unfilled(
        table.label, world, refused.name, refused.sqlstate, refused.message, tried, refused.definition, replica
    )
