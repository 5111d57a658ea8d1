"""What is read or set when rows are there: whose they are, keys that had to wait, and the proof that promises held."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import psycopg

from schemaproof.rows.drafting import Drafter, Ledger
from schemaproof.rows.filling import Connection, Guidance, Row, Unfilled, World
from schemaproof.rows.options import ANY
from schemaproof.rows.structure import ForeignKey, Structure, Table
from schemaproof.rows.writing import Stored, literal, quoted, read_rows

__all__ = ["Afterwards"]


@dataclass(frozen=True)
class Afterwards:
    """Works on the rows of a filling; of a table that held rows before, on the first `most`."""

    connection: Connection
    structure: Structure
    worlds: tuple[World, ...]
    guidance: Guidance
    ledger: Ledger
    most: int

    def refresh(self, table: Table) -> None:
        """Read the table's rows again: places and values of the known ones, and whose the others are.

        What cannot be read (a partition on a server that is not there) stays as it was known.
        """
        try:
            with self.connection.transaction():
                there = read_rows(self.connection, table, self.most)
        except psycopg.Error:
            return
        known: dict[tuple[str | None, ...], list[Row]] = {}
        for row in self.ledger.rows.get(table.label, []):
            known.setdefault(_identity(table, row.values), []).append(row)
        rows = []
        for found in there:
            same = known.get(_identity(table, found.values), [])
            if same:
                # Rows that nothing tells apart keep their places, for nothing changed them.
                row = next((row for row in same if row.place == found.place), same[0])
                same.remove(row)
                rows.append(replace(row, place=found.place, values=found.values))
            elif (adopted := self._adopted(table, found)) is not None:
                rows.append(adopted)
        self.ledger.rows[table.label] = rows

    def _adopted(self, table: Table, found: Stored) -> Row | None:
        """Return a row that someone else made, if it can be told whose it is."""
        if table.label in self.guidance.shared:
            return Row(table.label, None, found.place, found.values, adopted=True)
        owners = set(self._owners(table, found))
        return Row(table.label, owners.pop(), found.place, found.values, adopted=True) if len(owners) == 1 else None

    def _owners(self, table: Table, found: Stored) -> Iterator[str]:
        """Yield the worlds that keys of the world, or rows that it refers to, tell."""
        for column in table.columns:
            kind = self.guidance.classes.get((table.label, column.name), "")
            for world in self.worlds:
                if found.values[column.name] in world.keys.get(kind, ()):
                    yield world.name
        for key in table.foreign_keys:
            parent = self.structure.parent(key)
            if parent is None or parent.oid == table.oid:
                continue
            wanted = [found.values[name] for name in key.columns]
            for row in self.ledger.rows.get(parent.label, []):
                if row.world and wanted == [row.values[name] for name in key.parent_columns]:
                    yield row.world

    def guide(self, table: Table, rows: list[Row]) -> None:
        """Give rows that someone else made the values that guidance wants, where the server lets it."""
        for number, row in enumerate(rows):
            wanted = {
                column.name: pool[number % len(pool)]
                for column in table.columns
                if (pool := self.guidance.pools.get((table.label, column.name))) and not column.always
                if pool[number % len(pool)] != ANY
            }
            changed = {name: value for name, value in wanted.items() if row.values[name] != value}
            if changed and row.adopted:
                self._update(table, row, changed)
        if rows:
            self.refresh(table)

    def set_postponed(self, drafter: Drafter) -> list[Unfilled]:
        """Set the foreign keys that were NULL until all tables were filled."""
        table, missing = drafter.table, []
        for key in drafter.postponed:
            self.refresh(table)
            for number, row in enumerate(self.ledger.rows.get(table.label, [])):
                missing += self._set_postponed(table, key, row, number)
        return missing

    def _set_postponed(self, table: Table, key: ForeignKey, row: Row, number: int) -> list[Unfilled]:
        parent = self.structure.parent(key)
        world = next((world for world in self.worlds if world.name == row.world), None)
        rows = self.ledger.of(parent, world) if parent else []
        if not rows or any(row.values[name] is not None for name in key.columns if not table.column(name).required):
            return []
        error: psycopg.Error | None = None
        for place in range(min(3, len(rows))):
            values = rows[(number + place) % len(rows)].values
            wanted = {own: values[name] for own, name in zip(key.columns, key.parent_columns, strict=True)}
            error = self._update(table, row, wanted)
            if error is None:
                return []
        message = (error.diag.message_primary or "") if error else ""
        sqlstate = (error.sqlstate or "") if error else ""
        return [Unfilled(table.label, row.world, key.name, sqlstate, message, wanted, key.definition, replica=True)]

    def _update(self, table: Table, row: Row, values: dict[str, str | None]) -> psycopg.Error | None:
        changes = ", ".join(f"{quoted(name)} = {literal(value)}" for name, value in values.items())
        where = " and ".join(
            f"{quoted(name)}::text is not distinct from {literal(row.values[name])}" for name in table.identity
        )
        try:
            with self.connection.transaction():
                statement = f"update {table.label} set {changes} where {where}"  # noqa: S608 - quoted
                self.connection.execute(statement.encode())
        except psycopg.Error as error:
            return error
        return None

    def prove_promised(self, drafter: Drafter) -> list[Unfilled]:
        """Take away rows whose promised parent did not come, and say so."""
        missing = []
        for key in drafter.promised:
            parent = self.structure.parent(key)
            if parent is None:
                continue
            pairs = zip(key.parent_columns, key.columns, strict=True)
            match = " and ".join(f"p.{quoted(theirs)} = c.{quoted(ours)}" for theirs, ours in pairs)
            given = " and ".join(f"c.{quoted(name)} is not null" for name in key.columns)
            lost = self._delete(
                f"delete from {drafter.table.label} as c "  # noqa: S608 - quoted
                f"where {given} and not exists (select from {parent.label} as p where {match})"
            )
            if lost:
                text = f"{lost} rows refer to none and were taken away again."
                missing.append(Unfilled(drafter.table.label, None, key.name, "23503", text, {}, key.definition))
        return missing

    def _delete(self, statement: str) -> int:
        with self.connection.transaction():
            self.connection.execute("set local session_replication_role = replica")
            lost = self.connection.execute(statement.encode()).rowcount
            self.connection.execute("set local session_replication_role = origin")
        return lost


def _identity(table: Table, values: object) -> tuple[str | None, ...]:
    return tuple(values[name] for name in table.identity)  # type: ignore[index]
