"""What the catalogue says of the tables to fill: columns, types and constraints, read for all tables in one query."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from schemaproof.rows.filling import Connection

__all__ = ["Check", "Column", "ForeignKey", "Key", "Leaf", "Structure", "Table", "Trigger", "Type"]

_QUERY = Path(__file__).with_name("structure.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Check:
    """A CHECK of a table, or of a domain (then `columns` is empty and the value is called `value`)."""

    name: str
    expression: str
    definition: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Type:
    """A type; `kind` is pg_type.typtype, `attributes` are pairs of type and typmod, `sql` is its name in statements."""

    oid: int
    name: str
    sql: str
    kind: str
    category: str
    base: int
    typmod: int
    required: bool
    element: int
    labels: tuple[str, ...]
    attributes: tuple[tuple[int, int], ...]
    subtype: int | None
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Column:
    """A column; `always` ones (generated, identity) take no value of ours."""

    name: str
    type: int
    typmod: int
    type_name: str
    required: bool
    always: bool
    identity: bool
    default: str | None
    generation: str | None


@dataclass(frozen=True)
class ForeignKey:
    """Columns that must be found in `parent_columns` of the table with the oid `parent`."""

    name: str
    columns: tuple[str, ...]
    parent: int
    parent_columns: tuple[str, ...]
    full: bool
    deferrable: bool
    period: bool
    definition: str


@dataclass(frozen=True)
class Key:
    """A unique or exclusion index; `plain` ones are unique over columns, for all rows."""

    name: str
    primary: bool
    plain: bool
    columns: tuple[str, ...]
    expressions: str | None
    predicate: str | None
    definition: str


@dataclass(frozen=True)
class Leaf:
    """A partition that holds rows, and the condition that they meet."""

    oid: int
    schema: str
    name: str
    label: str
    expression: str | None


@dataclass(frozen=True)
class Trigger:
    """An enabled trigger, the function that it calls and that function's source."""

    name: str
    function: str
    source: str
    definition: str


@dataclass(frozen=True)
class Table:
    """A table or the root of a partitioned one."""

    oid: int
    schema: str
    name: str
    label: str
    extension: bool
    leaves: tuple[Leaf, ...]
    columns: tuple[Column, ...]
    checks: tuple[Check, ...]
    foreign_keys: tuple[ForeignKey, ...]
    keys: tuple[Key, ...]
    triggers: tuple[Trigger, ...]

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def rewrites(self) -> bool:
        """Tell whether a trigger may change a row before it goes in."""
        return any(" BEFORE " in trigger.definition for trigger in self.triggers)

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns that tell its rows apart: the primary key, or a unique key of required columns, or all."""
        required = {column.name for column in self.columns if column.required}
        keys = (key.columns for key in self.keys if key.plain and required.issuperset(key.columns))
        return next(keys, tuple(column.name for column in self.columns))


@dataclass(frozen=True)
class Structure:
    """All tables of a database that are not the system's; `roots` maps each partition to its root."""

    tables: dict[int, Table]
    types: dict[int, Type]
    roots: dict[int, int]
    now: datetime

    @classmethod
    def read(cls, connection: Connection) -> "Structure":
        """Read the catalogue."""
        with connection.cursor() as cursor:
            row = cursor.execute(_QUERY).fetchone()
        found: dict[str, Any] = row[0] if row else {}
        parts = {name: _by_table(found[name]) for name in ("columns", "constraints", "indexes", "triggers")}
        tables = {raw["oid"]: _table(raw, parts) for raw in found["tables"] if not raw["partition"]}
        roots = {leaf.oid: table.oid for table in tables.values() for leaf in table.leaves}
        types = {raw["oid"]: _type(raw) for raw in found["types"]}
        return cls(tables, types, roots, datetime.fromisoformat(found["now"]))

    @cached_property
    def kin(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Columns that must hold the same values for one child to refer to both: each with the first of its kin."""
        kin: dict[tuple[str, str], tuple[str, str]] = {}

        def first(place: tuple[str, str]) -> tuple[str, str]:
            while place in kin:
                place = kin[place]
            return place

        for table in self.tables.values():
            for key in table.foreign_keys:
                parent = self.parent(key)
                for own, theirs in zip(key.columns, key.parent_columns, strict=True) if parent else ():
                    pair = sorted({first((table.label, own)), first((parent.label if parent else "", theirs))})
                    kin |= dict.fromkeys(pair[1:], pair[0])
        return {place: first(place) for place in kin}

    def parent(self, key: ForeignKey) -> Table | None:
        """Return the table, or root, that a foreign key points to."""
        return self.tables.get(self.roots.get(key.parent, key.parent))


def _by_table(items: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for item in items:
        grouped[item.pop("table")].append(item)
    return grouped


def _table(raw: dict[str, Any], parts: dict[str, dict[int, list[dict[str, Any]]]]) -> Table:
    own = {name: grouped.get(raw["oid"], []) for name, grouped in parts.items()}
    constraints = [found for found in own["constraints"] if found["enforced"]]
    return Table(
        oid=raw["oid"],
        schema=raw["schema"],
        name=raw["name"],
        label=raw["label"],
        extension=raw["extension"],
        leaves=tuple(Leaf(**leaf) for leaf in raw["leaves"] or ()),
        columns=tuple(Column(**column) for column in own["columns"]),
        checks=tuple(_check(found) for found in constraints if found["kind"] == "c"),
        foreign_keys=tuple(_foreign_key(found) for found in constraints if found["kind"] == "f"),
        keys=tuple(Key(**(found | {"columns": tuple(found["columns"] or ())})) for found in own["indexes"]),
        triggers=tuple(Trigger(**found) for found in own["triggers"]),
    )


def _check(raw: dict[str, Any]) -> Check:
    return Check(raw["name"], raw["expression"] or "true", raw["definition"], tuple(raw.get("columns") or ()))


def _foreign_key(raw: dict[str, Any]) -> ForeignKey:
    return ForeignKey(
        name=raw["name"],
        columns=tuple(raw["columns"]),
        parent=raw["parent"],
        parent_columns=tuple(raw["parent_columns"]),
        full=raw["full"],
        deferrable=raw["deferrable"],
        period=raw["period"],
        definition=raw["definition"],
    )


def _type(raw: dict[str, Any]) -> Type:
    lists = {
        "labels": tuple(raw["labels"] or ()),
        "attributes": tuple((oid, typmod) for oid, typmod in raw["attributes"] or ()),
        "checks": tuple(_check(check) for check in raw["checks"] or ()),
    }
    return Type(**(raw | lists))
