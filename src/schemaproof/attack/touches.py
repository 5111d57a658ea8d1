"""What the attacks need of the rows beyond what the catalogue asks: keys inside JSON, and rows that belong to nobody."""

import json
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import psycopg
from psycopg import sql

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
    for relation, statement, old, world in _changes(connection, discovery, worlds, by_table, places):
        try:
            with connection.transaction():
                connection.execute("set local session_replication_role = replica")
                row = connection.execute(statement).fetchone()
        except psycopg.Error:
            continue  # a constraint wants it otherwise: then there is no such row in this schema
        if row is not None:
            places.pop(old, None)
            places[row[0]] = world
            by_table[relation.label] = [row[0] if place == old else place for place in by_table[relation.label]]
    return places


_Change = tuple[Relation, sql.Composed, str, str | None]


def _changes(
    connection: psycopg.Connection[Any],
    discovery: Discovery,
    worlds: tuple[World, ...],
    by_table: Mapping[str, list[str]],
    places: Mapping[str, str | None],
) -> Iterator[_Change]:
    relations = {relation.label: relation for relation in discovery.tables}
    for each in discovery.classes:
        for inside in each.insides if each.tied else ():
            relation = relations.get(inside.relation)
            for world in worlds if relation else ():
                for place in [p for p in by_table.get(inside.relation, []) if places.get(p) == world.name]:
                    if relation and (keys := world.keys.get(each.name)):
                        yield _into_json(connection, relation, inside, keys[0], place, world.name)
    for relation in discovery.tables:
        columns = _nullable_ties(discovery, relation)
        fallen = _fallback(discovery, relation)
        last = [place for place in by_table.get(relation.label, []) if places.get(place) == worlds[-1].name]
        values = dict.fromkeys(columns) if not fallen else fallen
        if values and last and relation.parent is None:
            sets = sql.SQL(", ").join(
                sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in values.items()
            )
            yield relation, _update(relation, sets, last[-1]), last[-1], NOBODY


def _into_json(
    connection: psycopg.Connection[Any], relation: Relation, inside: Inside, key: str, place: str, world: str
) -> _Change:
    column = sql.Identifier(inside.column)
    query = sql.SQL("select {}::text from {} where tableoid::text || ctid::text = {}")
    row = connection.execute(query.format(column, relation.identifier, sql.Literal(place))).fetchone()
    document = json.loads(row[0]) if row and row[0] else {}
    if not isinstance(document, dict):
        document = {}
    put(document, inside.path, key)
    sets = sql.SQL("{} = {}").format(column, sql.Literal(json.dumps(document)))
    return relation, _update(relation, sets, place), place, world


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
    """The key of the boundary that policies fall back to, as in coalesce(claim, '0'): no tenant's, or the operator's."""
    boundary = discovery.boundary
    if boundary is None:
        return {}
    for column in relation.columns:
        node = ColumnOf(relation.label, column.name)
        literals = [value for value in discovery.facts.values.get(node, ()) if value not in (None, "", ANY)]
        if node in boundary.nodes and literals:
            return {column.name: literals[0]}
    return {}


def _update(relation: Relation, sets: sql.Composable, place: str) -> sql.Composed:
    return sql.SQL(
        "update {} set {} where tableoid::text || ctid::text = {} returning tableoid::text || ctid::text"
    ).format(relation.identifier, sets, sql.Literal(place))
