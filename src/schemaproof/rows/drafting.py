"""From a table and what is there already to the draft of its next row in a world."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from schemaproof.rows.draft import ColumnUnit, Draft, ForeignUnit, GuidedUnit, Unit
from schemaproof.rows.filling import Guidance, Row, World
from schemaproof.rows.hints import Hint, read_hints
from schemaproof.rows.literals import Spot, rotated
from schemaproof.rows.options import DEFAULT, Options
from schemaproof.rows.order import Step, nullable
from schemaproof.rows.structure import Column, ForeignKey, Leaf, Structure, Table
from schemaproof.rows.values import base_of, domain_hint

__all__ = ["Drafter", "Ledger"]


@dataclass
class Ledger:
    """The rows that are there so far, by table."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def of(self, table: Table, world: World | None) -> list[Row]:
        """Return the rows that a row of `world` may refer to: its own and shared ones; any, for a shared row."""
        rows = self.rows.get(table.label, [])
        return [row for row in rows if world is None or row.world in (None, world.name)]

    def add(self, row: Row) -> None:
        """Enter a row."""
        self.rows.setdefault(row.relation, []).append(row)


@dataclass(frozen=True)
class Drafter:
    """Drafts one table's rows.

    Args:
        structure: the catalogue.
        step: the table and the foreign keys that wait.
        guidance: what is known beyond the catalogue.
        ledger: the rows so far.
        seed: what the values are drawn from.
    """

    structure: Structure
    step: Step
    guidance: Guidance
    ledger: Ledger
    seed: int

    @property
    def table(self) -> Table:
        """The table."""
        return self.step.table

    def leaf(self, number: int) -> Leaf | None:
        """Return the partition in which the row is wanted that is the table's `number`th."""
        leaves = self.table.leaves
        return leaves[number % len(leaves)] if leaves else None

    def draft(self, world: World | None, row: int, leaf: Leaf | None) -> Draft:
        """Return the draft of a row.

        Args:
            world: whose it is to be; None: shared.
            row: its number in the world.
            leaf: the partition that it is wanted in.
        """
        hints = self._hints_for(leaf)
        guided = [unit for column in self.table.columns if (unit := self._guided(column, world, row))]
        taken = {name for unit in guided for name in unit.columns}
        foreign = list(self._foreign_units(world, row, taken, own=False))
        taken |= {name for unit in foreign for name in unit.columns}
        own = list(self._foreign_units(world, row, taken, own=True))
        taken |= {name for unit in own for name in unit.columns}
        plain = [
            ColumnUnit(self._options(column, hints.get(column.name)), self._spot(self.table, column, world, row))
            for column in self.table.columns
            if column.name not in taken and not column.always
        ]
        units: list[Unit] = [*guided, *foreign, *plain, *own]
        return Draft(tuple(units))

    @cached_property
    def _hints(self) -> dict[str, Hint]:
        return self._read(())

    def _hints_for(self, leaf: Leaf | None) -> dict[str, Hint]:
        return self._read((leaf.expression,)) if leaf and leaf.expression else self._hints

    def _read(self, more: tuple[str, ...]) -> dict[str, Hint]:
        found = read_hints((*more, *(check.expression for check in self.table.checks)))
        for column in self.table.columns:
            domain = domain_hint(self.structure.types, column.type)
            if domain is not None:
                found[column.name] = found.get(column.name, Hint()) + domain
        return found

    def _options(self, column: Column, hint: Hint | None) -> Options:
        pool = self.guidance.pools.get((self.table.label, column.name), ())
        return Options(self.structure.types, column, hint, pool, column.name in self._eventual, self._tied(column))

    def _tied(self, column: Column) -> bool:
        return any(column.name in check.columns and len(check.columns) > 1 for check in self.table.checks)

    @cached_property
    def _eventual(self) -> frozenset[str]:
        """Columns that are NULL until something happens: times, and what a CHECK ties to them (deleted_by)."""
        free = {column.name: column for column in self.table.columns if not column.required and column.default is None}
        times = {name for name, column in free.items() if base_of(self.structure.types, column.type).category == "D"}
        tied = {name for check in self.table.checks if times & set(check.columns) for name in check.columns}
        return frozenset(times | tied & free.keys())

    def _spot(self, table: Table, column: Column, world: World | None, row: int) -> Spot:
        name = world.name if world else "shared"
        token = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum()) or "w"
        place = self.structure.kin.get((table.label, column.name), (table.label, column.name))
        path = (str(self.seed), name, *place)
        return Spot(path, token, row, self.structure.now)

    def _guided(self, column: Column, world: World | None, row: int) -> GuidedUnit | None:
        kind = self.guidance.classes.get((self.table.label, column.name))
        keys = world.keys.get(kind, ()) if world and kind else ()
        needed = column.required or not self._tied(column)  # it says whose the row is
        return GuidedUnit(column.name, keys, row, needed) if keys and not column.always else None

    def _foreign_units(self, world: World | None, row: int, taken: set[str], *, own: bool) -> Iterator[ForeignUnit]:
        """Foreign keys with the most columns first, for they leave the least choice."""
        known = set(taken)
        for key in sorted(self.table.foreign_keys, key=lambda found: -len(found.columns)):
            parent = self.structure.parent(key)
            left = tuple(name for name in key.columns if name not in known and not self.table.column(name).always)
            if parent is None or not left or (parent.oid == self.table.oid) is not own:
                continue
            known.update(left)
            yield self._foreign(key, parent, left, world, row)

    def _foreign(
        self, key: ForeignKey, parent: Table, left: tuple[str, ...], world: World | None, row: int
    ) -> ForeignUnit:
        free = tuple(name for name in left if not self.table.column(name).required)
        own = parent.oid == self.table.oid
        if key.full and set(free) != set(left):
            free = ()
        checked = any(set(left) & set(check.columns) for check in self.table.checks)
        if key.name in self.step.postponed:
            return ForeignUnit(key, left, (), free)
        rows = [found for found in self.ledger.of(parent, world) if self._in_parent(found, key)]
        parents = [tuple(found.values[name] for name in key.parent_columns) for found in rows]
        if key.name in self.step.promised:
            parents = [self._promised(key, parent, world, row), *parents]
        # The first row of a tree is its root, the others its children.
        ordered = parents if own else rotated(parents, row)
        return ForeignUnit(key, left, tuple(ordered), free, 1 if checked else None, own)

    def _in_parent(self, row: Row, key: ForeignKey) -> bool:
        return key.parent not in self.structure.roots or row.place.startswith(f"{key.parent}(")

    def _promised(self, key: ForeignKey, parent: Table, world: World | None, row: int) -> tuple[str | None, ...]:
        """The values that the parent's row of the same number is going to have."""
        drafter = Drafter(self.structure, Step(parent, frozenset(), frozenset()), self.guidance, self.ledger, self.seed)
        values: list[str | None] = []
        for name in key.parent_columns:
            column = parent.column(name)
            guided = drafter._guided(column, world, row)
            unit = guided or ColumnUnit(
                drafter._options(column, drafter._hints.get(name)), drafter._spot(parent, column, world, row)
            )
            value = (unit.choose({}, 0) or {}).get(name)
            values.append(None if value is DEFAULT else value)
        return tuple(values)

    @property
    def postponed(self) -> tuple[ForeignKey, ...]:
        """The foreign keys that are set when all tables are filled."""
        return tuple(key for key in self.table.foreign_keys if key.name in self.step.postponed)

    @property
    def promised(self) -> tuple[ForeignKey, ...]:
        """The foreign keys whose rows were promised."""
        return tuple(key for key in self.table.foreign_keys if key.name in self.step.promised)

    def leaves_null(self, key: ForeignKey) -> bool:
        """Tell whether a foreign key may be left out."""
        return nullable(self.table, key)


def keys_of(row: Mapping[str, str | None], columns: tuple[str, ...]) -> tuple[str | None, ...]:
    """Return the values of columns."""
    return tuple(row[name] for name in columns)
