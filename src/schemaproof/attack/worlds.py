"""The tenants of the attack: the values of each key in each one's world, and which row belongs to whom."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from schemaproof.rows import World
from schemaproof.surface import Relation
from schemaproof.tenancy import ColumnOf, Discovery, KeyClass

__all__ = ["NAMES", "NOBODY", "STRANGER", "Held", "assign", "make_worlds", "present", "worlds_of"]

NAMES = ("A", "B", "C")
# The world of rows without a tenant.
NOBODY = "nobody"
# The user who belongs to no tenant.
STRANGER = "00000000-0000-4000-8000-00000000dead"
_SPACE = uuid.UUID("5c4e3a00-0000-4000-8000-000000000000")
_USERS = 4


@dataclass(frozen=True)
class Held:
    """A row that is there when an attack begins.

    Args:
        relation: label of its table.
        place: `tableoid::text || ctid::text`.
        values: by column, as the server writes them to a client.
        world: whose it is; None: everybody's.
    """

    relation: str
    place: str
    values: Mapping[str, str | None] = field(hash=False)
    world: str | None = None

    def at(self, columns: Iterable[str]) -> tuple[str | None, ...]:
        """Return its values of these columns."""
        return tuple(self.values[name] for name in columns)


def make_worlds(discovery: Discovery) -> tuple[World, ...]:
    """Make up the values of every tied key for each tenant: one each, and several users."""
    types = {ColumnOf(each.label, c.name): c.type for each in _all(discovery) for c in each.columns}
    return tuple(
        World(
            name,
            {
                each.name: tuple(
                    _value(each, types, name, number, users) for users in range(_USERS if each.of_users else 1)
                )
                for number, each in enumerate(discovery.classes)
                if discovery.given(each)
            },
        )
        for name in NAMES
    )


def _all(discovery: Discovery) -> tuple[Relation, ...]:
    return (*discovery.relations, *discovery.outside)


def _value(each: KeyClass, types: Mapping[ColumnOf, str], world: str, number: int, user: int) -> str:
    kinds = [types[column] for column in each.columns if column in types]
    kind = kinds[0] if kinds else "text"
    if kind in ("integer", "bigint", "smallint", "numeric"):
        return str((NAMES.index(world) + 1) * 1000 + number * 10 + user)
    if kind == "uuid" or not kinds:
        return str(uuid.uuid5(_SPACE, f"{world} {each.name} {user}"))
    if any("email" in str(node) for node in each.nodes):
        return f"{world.lower()}{number}u{user}@example.com"
    return f"{world.lower()}{number}key{user}"


def worlds_of(discovery: Discovery, rows: Sequence[Held]) -> tuple[World, ...]:
    """Read worlds off rows that are there: the tenants that have rows in the most tables.

    Of every other key a world holds the values that occur in its own rows and in no other world's.
    """
    boundary = discovery.boundary
    if boundary is None:
        return ()
    tables = {
        (row.values[column.column], row.relation)
        for row in rows
        for column in boundary.columns
        if column.relation == row.relation and row.values.get(column.column) is not None
    }
    counts = Counter(value for value, _ in tables)
    chosen = sorted(counts, key=lambda value: (-counts[value], str(value)))[: len(NAMES)]
    worlds = [World(name, {boundary.name: (str(value),)}) for name, value in zip(NAMES, chosen, strict=False)]
    held = assign(discovery, rows, worlds)
    return tuple(_with_other_keys(world, worlds, discovery, held) for world in worlds)


def _with_other_keys(world: World, worlds: Sequence[World], discovery: Discovery, rows: Sequence[Held]) -> World:
    keys = dict(world.keys)
    for each in discovery.classes:
        if each.tied and each.name not in keys:
            values: dict[str, set[str]] = {other.name: set() for other in worlds}
            for row in rows:
                if row.world in values:
                    names = [column.column for column in each.columns if column.relation == row.relation]
                    values[row.world] |= {value for name in names if (value := row.values[name]) is not None}
            others = set().union(*(found for name, found in values.items() if name != world.name))
            if own := sorted(values[world.name] - others):
                keys[each.name] = tuple(own)
    return World(world.name, keys)


def present(discovery: Discovery, rows: Sequence[Held], worlds: Sequence[World]) -> tuple[World, ...]:
    """Leave out of the worlds the keys that no row holds, unless no row holds any of them."""
    held = {
        each.name: {row.values.get(c.column) for row in rows for c in each.columns if c.relation == row.relation}
        for each in discovery.classes
    }
    return tuple(
        World(
            world.name,
            {
                name: tuple(value for value in values if value in held.get(name, ())) or values[:1]
                for name, values in world.keys.items()
            },
        )
        for world in worlds
    )


def assign(discovery: Discovery, rows: Sequence[Held], worlds: Sequence[World]) -> tuple[Held, ...]:
    """Say whose each row is: by its keys, else by the parent that it refers to; what is left keeps what it has."""
    of_value = {
        (each.name, value): world.name
        for each in discovery.classes
        for world in worlds
        for value in world.keys.get(each.name, ())
    }
    known: dict[str, str] = {row.place: row.world for row in rows if row.world}
    owned = [row for row in rows if row.relation in discovery.owned]
    for row in owned:
        if row.place not in known and (name := _by_keys(row, discovery, of_value)):
            known[row.place] = name
    _follow_parents(discovery, owned, known)
    return tuple(replace(row, world=known.get(row.place)) for row in rows)


def _follow_parents(discovery: Discovery, owned: Sequence[Held], known: dict[str, str]) -> None:
    """Give rows the worlds of those that they refer to, until nothing is added."""
    parents = _foreign_keys(discovery)
    grown = True
    while grown:
        grown = False
        index = _index(owned, known, parents)
        for row in owned:
            if row.place not in known and (name := _by_parents(row, parents, index)):
                known[row.place] = name
                grown = True


def _by_keys(row: Held, discovery: Discovery, of_value: Mapping[tuple[str, str], str]) -> str | None:
    found = [
        (each is not discovery.boundary, of_value.get((each.name, value)))
        for each in discovery.classes
        if each.tied
        for column in each.columns
        if column.relation == row.relation and (value := row.values.get(column.column)) is not None
    ]
    return next((name for _, name in sorted(found, key=lambda pair: pair[0]) if name), None)


# A foreign key: the table that it leads to, the columns here, the columns there.
_Link = tuple[str, tuple[str, ...], tuple[str, ...]]
# The world of the row of a table that has these values in these columns.
_Index = Mapping[tuple[str, tuple[str, ...], tuple[str | None, ...]], str]


def _foreign_keys(discovery: Discovery) -> Mapping[str, list[_Link]]:
    return {
        relation.label: [
            (key.to, tuple(here for here, _ in key.columns), tuple(there for _, there in key.columns))
            for key in relation.foreign_keys
            if key.to in discovery.owned
        ]
        for relation in discovery.tables
    }


def _index(rows: Iterable[Held], known: Mapping[str, str], parents: Mapping[str, list[_Link]]) -> _Index:
    wanted = {(to, there) for links in parents.values() for to, _, there in links}
    by_table: dict[str, list[tuple[str, ...]]] = {}
    for to, there in wanted:
        by_table.setdefault(to, []).append(there)
    return {
        (row.relation, there, row.at(there)): known[row.place]
        for row in rows
        if row.place in known
        for there in by_table.get(row.relation, ())
    }


def _by_parents(
    row: Held,
    parents: Mapping[str, list[_Link]],
    index: _Index,
) -> str | None:
    for to, here, there in parents.get(row.relation, ()):
        if name := index.get((to, there, row.at(here))):
            return name
    return None
