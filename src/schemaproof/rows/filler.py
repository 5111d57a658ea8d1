"""One filling in progress: table by table, world by world, row by row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product

from schemaproof.rows.afterwards import Afterwards
from schemaproof.rows.attempts import Attempts
from schemaproof.rows.draft import Assignment, Draft, Vector
from schemaproof.rows.drafting import Drafter, Ledger
from schemaproof.rows.filling import Connection, Filling, Guidance, Row, Unfilled, World
from schemaproof.rows.options import DEFAULT
from schemaproof.rows.order import Step
from schemaproof.rows.refusals import Refusal
from schemaproof.rows.search import Failure, Search
from schemaproof.rows.structure import Leaf, Structure, Table
from schemaproof.rows.writing import Stored, literal

__all__ = ["Filler"]

_TRIES = 200
_MOST_LEAVES = 24  # rows of one world for the sake of partitions


@dataclass
class Filler:
    """Fills tables; see `fill`."""

    connection: Connection
    structure: Structure
    worlds: tuple[World, ...]
    guidance: Guidance
    rows: int
    seed: int
    adopted: int = 10_000
    ledger: Ledger = field(default_factory=Ledger)
    unfilled: list[Unfilled] = field(default_factory=list)
    _learnt: dict[str, Vector] = field(default_factory=dict)
    _refused: set[str] = field(default_factory=set)

    def run(self, steps: list[Step]) -> Filling:
        """Fill the tables, then what had to wait."""
        if seed := self.guidance.seed:
            self._guarded("seed", None, lambda: self.connection.execute(seed.encode()))
        drafters = [Drafter(self.structure, step, self.guidance, self.ledger, self.seed) for step in steps]
        for drafter in drafters:
            self._fill_table(drafter)
        for drafter in drafters:
            self.unfilled += self._afterwards.set_postponed(drafter)
            self.unfilled += self._afterwards.prove_promised(drafter)
        for drafter in drafters:
            self._afterwards.refresh(drafter.table)
        return Filling(tuple(row for rows in self.ledger.rows.values() for row in rows), tuple(self.unfilled))

    @cached_property
    def _before(self) -> dict[str, str]:
        """What is set in the session of all that worlds set."""
        names = sorted({name for world in self.worlds for name in world.settings})
        row = self.connection.execute("select " + ", ".join(f"current_setting({literal(n)}, true)" for n in names))
        return {name: value or "" for name, value in zip(names, row.fetchone() or (), strict=True)}

    @property
    def _afterwards(self) -> Afterwards:
        return Afterwards(self.connection, self.structure, self.worlds, self.guidance, self.ledger, self.adopted)

    def _fill_table(self, drafter: Drafter) -> None:
        table = drafter.table
        worlds: tuple[World | None, ...] = (None,) if table.label in self.guidance.shared else self.worlds
        for world in worlds:
            self._run_factory(table, world)
        self._afterwards.refresh(table)
        wanted = max(self.rows, min(_MOST_LEAVES, len(table.leaves)))
        there = [self._guided(table, world) for world in worlds]
        going = [True] * len(worlds)
        # Row by row and not world by world, so that each world has its share of what a key has room for.
        for number, (place, world) in product(range(wanted), enumerate(worlds)):
            if going[place] and number >= there[place]:
                going[place] = self._add(drafter, world, number, number)

    def _guided(self, table: Table, world: World | None) -> int:
        """Guide the rows that a world has without our doing; return how many."""
        rows = [row for row in self.ledger.of(table, world) if row.world == _name(world)]
        self._afterwards.guide(table, rows)
        return len(rows)

    def _run_factory(self, table: Table, world: World | None) -> None:
        if factory := self.guidance.factories.get(table.label):
            self._guarded(table.label, world, lambda: factory(self.connection, world))

    def _guarded(self, name: str, world: World | None, work: Callable[[], object]) -> None:
        """Run something of the user's; what it raises is told and not passed on."""
        try:
            with self.connection.transaction():
                work()
        except Exception as error:
            sqlstate = getattr(error, "sqlstate", None) or "XX000"
            self.unfilled.append(Unfilled(name, _name(world), "factory", sqlstate, str(error), {}))

    def _add(self, drafter: Drafter, world: World | None, number: int, place: int) -> bool:
        """Insert one row, or tell why not; False where there is no use in going on."""
        leaf = drafter.leaf(place)
        draft = drafter.draft(world, number, leaf)
        if unit := draft.stuck():
            self.unfilled.append(_report_stuck(drafter.table, world, unit.columns))
            return False
        if drafter.table.label in self._refused:
            return self._give_up(drafter.table, world, number, Search(draft, _nothing, 0))
        search = Search(draft, _nothing, 0)
        for attempts in self._ways(drafter, draft, world, leaf):
            search = Search(draft, attempts.put, _TRIES)
            found = search.run(self._start(drafter.table, draft))
            if found is not None:
                self._learn(drafter.table, draft, search.found)
                return self._keep(drafter.table, world, found)
            if search.best and search.best.refusal.sqlstate and not search.trigger:
                break
        return self._give_up(drafter.table, world, number, search)

    def _ways(self, drafter: Drafter, draft: Draft, world: World | None, leaf: Leaf | None) -> Iterator[Attempts]:
        """How a row is tried: in the wanted partition, in any, and without the world's settings."""
        settings = world.settings if world else {}
        attempts = Attempts(self.connection, self.structure, drafter.table, draft.free, draft.guided)
        attempts = replace(attempts, kept=draft.guided if drafter.table.rewrites else frozenset())
        attempts = replace(attempts, replica=bool(drafter.promised), settings=settings, before=self._before)
        if leaf:
            yield replace(attempts, leaf=leaf.oid)
        yield attempts
        if settings:
            yield replace(attempts, settings={})

    def _start(self, table: Table, draft: Draft) -> Vector:
        learnt = self._learnt.get(table.label, draft.start)
        return learnt if len(learnt) == len(draft.units) else draft.start

    def _learn(self, table: Table, draft: Draft, found: Vector) -> None:
        """Begin the next row with what this one was taken with; of a fresh value, only its kind is kept."""
        pairs = zip(found, draft.units, strict=True)
        self._learnt[table.label] = tuple(place and place % max(2, unit.fresh) for place, unit in pairs)

    def _keep(self, table: Table, world: World | None, found: Stored, *, replica: bool = False) -> bool:
        self.ledger.add(Row(table.label, _name(world), found.place, found.values, replica=replica))
        return True

    def _give_up(self, table: Table, world: World | None, number: int, search: Search) -> bool:
        """Where a trigger refused, go on without triggers; report in any case but that keys leave no room for more."""
        failure, found = search.best, None
        if failure and failure.refusal.duplicate and number > 0:
            return False
        if search.trigger or table.label in self._refused:
            self._refused.add(table.label)
            attempts = Attempts(self.connection, self.structure, table, frozenset(), replica=True)
            again = Search(search.draft, attempts.put, _TRIES)
            found = again.run(search.draft.start)
            failure = search.trigger if found else failure or again.best
        if failure:
            self.unfilled.append(_report(table, world, failure, replica=found is not None))
        return found is not None and self._keep(table, world, found, replica=True)


def _nothing(values: Assignment) -> Stored | Refusal:
    raise NotImplementedError("no row is tried")


def _name(world: World | None) -> str | None:
    return world.name if world else None


def _report_stuck(table: Table, world: World | None, columns: tuple[str, ...]) -> Unfilled:
    """No parent to refer to, or no value of a type."""
    key = next((key for key in table.foreign_keys if set(columns) & set(key.columns)), None)
    if key:
        message = "There is no row to refer to."
        return Unfilled(table.label, _name(world), key.name, "23503", message, {}, key.definition)
    column = table.column(columns[0])
    definition = f"{column.name} {column.type_name}"
    message = "No value of this type is known."
    return Unfilled(table.label, _name(world), column.type_name, "22P02", message, {}, definition)


def _report(table: Table, world: World | None, failure: Failure, *, replica: bool) -> Unfilled:
    refused = failure.refusal
    tried = {name: value for name, value in failure.values.items() if value is not DEFAULT}
    reason = (refused.name, refused.sqlstate, refused.message)
    return Unfilled(table.label, _name(world), *reason, tried, refused.definition, replica)
