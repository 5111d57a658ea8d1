"""What the attacks need of the rows beyond what the catalogue asks: keys inside JSON, rows that belong to nobody."""

import json
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.attack.statements import PLACE, at, piece, setting, text
from schemaproof.attack.worlds import NOBODY
from schemaproof.rows import World
from schemaproof.surface import Relation
from schemaproof.tenancy import ANY, ColumnOf, Discovery, Inside

__all__ = ["put", "touch"]


def put(document: MutableMapping[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Set what lies at a path of a JSON object, making the objects on the way."""
    for step in path[:-1]:
        inner = document.setdefault(step, {})
        if not isinstance(inner, dict):
            inner = document[step] = {}
        document = inner
    if path:
        document[path[-1]] = value


def touch(
    connection: psycopg.Connection[Any],
    discovery: Discovery,
    worlds: tuple[World, ...],
    made: Mapping[str, tuple[str, str | None]],
) -> dict[str, str | None]:
    """Change rows that were made up, without triggers and foreign keys noticing.

    Args:
        made: table and world of each row, by its place.

    Returns:
        The world of each row by the place that it has now.
    """
    places = {place: world for place, (_, world) in made.items()}
    by_table: dict[str, list[str]] = {}
    for place, (label, _) in made.items():
        by_table.setdefault(label, []).append(place)
    for change in _changes(connection, discovery, worlds, by_table, places):
        if (new := _changed(connection, change)) is not None:
            places.pop(change.place, None)
            places[new] = change.world
            known = by_table[change.relation.label]
            by_table[change.relation.label] = [new if place == change.place else place for place in known]
    return places


def _changed(connection: psycopg.Connection[Any], change: "_Change") -> str | None:
    try:
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")
            row = connection.execute(change.statement.encode()).fetchone()
    except psycopg.Error:
        return None  # a constraint wants it otherwise: then there is no such row in this schema
    return str(row[0]) if row else None


@dataclass(frozen=True)
class _Change:
    """A row that is changed: its place before, and the world that it is in afterwards."""

    relation: Relation
    values: Mapping[str, str | None]
    place: str
    world: str

    @property
    def statement(self) -> str:
        """The UPDATE; it returns the new place."""
        sets = setting(self.values, self.values)
        return text("update {} set {} where {} returning {}", self.relation.identifier, sets, at(self.place), PLACE)


def _changes(
    connection: psycopg.Connection[Any],
    discovery: Discovery,
    worlds: tuple[World, ...],
    by_table: Mapping[str, list[str]],
    places: Mapping[str, str | None],
) -> Iterator[_Change]:
    relations = {relation.label: relation for relation in (*discovery.tables, *discovery.outside)}
    for world, inside, key in _keys_inside(discovery, worlds):
        if (relation := relations.get(inside.relation)) is not None:
            for place in [p for p in by_table.get(relation.label, []) if places.get(p) == world]:
                document = _with_key(connection, relation, inside, key, place)
                yield _Change(relation, {inside.column: document}, place, world)
    for relation in discovery.tables:
        last = [place for place in by_table.get(relation.label, []) if places.get(place) == worlds[-1].name]
        values = _fallback(discovery, relation) or dict.fromkeys(_nullable_ties(discovery, relation))
        if values and last and relation.parent is None:
            yield _Change(relation, values, last[-1], NOBODY)


def _keys_inside(discovery: Discovery, worlds: tuple[World, ...]) -> Iterator[tuple[str, Inside, str]]:
    for each in discovery.classes:
        for inside in each.insides if each.tied else ():
            for world in worlds:
                if keys := world.keys.get(each.name):
                    yield world.name, inside, keys[0]


def _with_key(connection: psycopg.Connection[Any], relation: Relation, inside: Inside, key: str, place: str) -> str:
    """The row's JSON document with the key in it."""
    query = piece("select {}::text from {} where {}", sql.Identifier(inside.column), relation.identifier, at(place))
    row = connection.execute(query).fetchone()
    document = json.loads(row[0]) if row and row[0] else {}
    if not isinstance(document, dict):
        document = {}
    put(document, inside.path, key)
    return json.dumps(document)


def _nullable_ties(discovery: Discovery, relation: Relation) -> list[str]:
    """Columns of the boundary that may be NULL, where a policy looks at that."""
    boundary = discovery.boundary
    text = " ".join(f"{policy.using} {policy.check}" for policy in relation.policies).upper()
    if boundary is None or ("NULL" not in text and "DISTINCT FROM" not in text):
        return []
    tied = [c for c in relation.columns if discovery.class_of(ColumnOf(relation.label, c.name))]
    if any(c.not_null or ColumnOf(relation.label, c.name) not in boundary.nodes for c in tied):
        return []  # another key still says whose a row is
    return [column.name for column in tied]


def _fallback(discovery: Discovery, relation: Relation) -> dict[str, str | None]:
    """The key of the boundary that policies fall back to, as in coalesce(claim, '0'): nobody's, or the operator's."""
    boundary = discovery.boundary
    if boundary is None:
        return {}
    for column in relation.columns:
        node = ColumnOf(relation.label, column.name)
        literals = [value for value in discovery.facts.values.get(node, ()) if value not in (None, "", ANY)]
        if node in boundary.nodes and literals:
            return {column.name: literals[0]}
    return {}
