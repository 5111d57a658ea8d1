"""Keys of tenants that the schema accepts: where a key is no UUID, its table is filled once to see what it takes."""

import psycopg

from schemaproof.rows import Filling, Guidance, World, fill
from schemaproof.surface import Relation
from schemaproof.tenancy import ROLE, ColumnOf, Discovery, KeyClass

__all__ = ["with_fitting_keys"]


def with_fitting_keys(
    connection: psycopg.Connection, discovery: Discovery, worlds: tuple[World, ...]
) -> tuple[World, ...]:
    """Replace made-up keys by ones that the tables' constraints let in; nothing of the trial filling stays."""
    types = {ColumnOf(each.label, c.name): c.type for each in discovery.relations for c in each.columns}
    for each in discovery.classes:
        roots = [root for root in _roots(discovery, each) if types.get(root) != "uuid"]
        if discovery.given(each) and roots and ROLE not in each.nodes:
            worlds = _fitted(connection, discovery, each, roots[0], worlds)
    return worlds


def _roots(discovery: Discovery, each: KeyClass) -> list[ColumnOf]:
    """The class's columns, those first that others refer to or that are a table's whole key."""
    relations: dict[str, Relation] = {relation.label: relation for relation in discovery.tables}
    columns = [column for column in each.columns if column.relation in relations]
    referring = {
        ColumnOf(relation.label, here)
        for relation in relations.values()
        for key in relation.foreign_keys
        for here, _ in key.columns
    }
    return sorted(
        columns,
        key=lambda column: (column in referring, relations[column.relation].key != (column.column,), str(column)),
    )


def _fitted(
    connection: psycopg.Connection, discovery: Discovery, each: KeyClass, root: ColumnOf, worlds: tuple[World, ...]
) -> tuple[World, ...]:
    guidance = Guidance(
        classes={
            (column.relation, column.column): other.name
            for other in discovery.classes
            if discovery.given(other) and other is not each
            for column in other.columns
        }
    )
    count = max(len(world.keys.get(each.name, ())) for world in worlds)
    with connection.transaction(force_rollback=True):
        filling = fill(connection, (root.relation,), worlds, guidance, rows=count)
    keys = {world.name: _keys(filling, root, world) for world in worlds}
    alone = len({value for values in keys.values() for value in values}) == sum(map(len, keys.values()))
    if not all(keys.values()) or not alone:
        return worlds
    return tuple(World(world.name, dict(world.keys) | {each.name: keys[world.name][:count]}) for world in worlds)


def _keys(filling: Filling, root: ColumnOf, world: World) -> tuple[str, ...]:
    values = [row.values.get(root.column) for row in filling.of(root.relation, world.name)]
    return tuple(dict.fromkeys(value for value in values if value is not None))
