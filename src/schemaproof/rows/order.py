"""In which order tables are filled: parents first; of a cycle, the weakest foreign key waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemaproof.rows.structure import ForeignKey, Structure, Table

__all__ = ["Step", "inherited", "nullable", "order"]

_Place = tuple[str, str]  # a table and a column
_Edge = tuple[int, ForeignKey]  # a parent's oid, and the key that points to it


@dataclass(frozen=True)
class Step:
    """One table's turn.

    Args:
        table: to be filled now.
        postponed: foreign keys that are NULL now and set when all tables are filled.
        promised: foreign keys to rows that are made later, with values known beforehand.
    """

    table: Table
    postponed: frozenset[str]
    promised: frozenset[str]


def order(structure: Structure, wanted: Iterable[Table]) -> list[Step]:
    """Return the wanted tables, and those that they refer to, in the order of their foreign keys."""
    remaining = _with_parents(structure, wanted)
    waiting = {oid: _edges(structure, table) for oid, table in remaining.items()}
    cut: dict[int, list[ForeignKey]] = {oid: [] for oid in remaining}
    steps = []
    while remaining:
        ready = [oid for oid in remaining if not any(parent in remaining for parent, _ in waiting[oid])]
        steps += [_step(remaining.pop(oid), cut[oid]) for oid in ready]
        if not ready:
            oid, edge = _weakest(remaining, waiting)
            waiting[oid].remove(edge)
            cut[oid].append(edge[1])
    return steps


def inherited(structure: Structure, classes: Mapping[_Place, str]) -> dict[_Place, str]:
    """Return key classes with those that columns have because columns with a class refer to them."""
    found, queue = dict(classes), list(classes)
    tables = {table.label: table for table in structure.tables.values()}
    while queue:
        label, column = queue.pop()
        for key in tables[label].foreign_keys if label in tables else ():
            parent = structure.parent(key)
            if parent is None or column not in key.columns:
                continue
            place = (parent.label, key.parent_columns[key.columns.index(column)])
            if place not in found:
                found[place] = found[label, column]
                queue.append(place)
    return found


def nullable(table: Table, key: ForeignKey) -> bool:
    """Tell whether a foreign key can be left out by setting columns to NULL."""
    free = [not table.column(name).required and not table.column(name).always for name in key.columns]
    return all(free) if key.full else any(free)


def _with_parents(structure: Structure, wanted: Iterable[Table]) -> dict[int, Table]:
    found = {table.oid: table for table in wanted}
    queue = list(found.values())
    while queue:
        for parent, _ in _edges(structure, queue.pop()):
            if parent not in found:
                found[parent] = structure.tables[parent]
                queue.append(found[parent])
    return dict(sorted(found.items(), key=lambda item: item[1].label))


def _edges(structure: Structure, table: Table) -> list[_Edge]:
    parents = [(structure.parent(key), key) for key in table.foreign_keys]
    return [(parent.oid, key) for parent, key in parents if parent is not None and parent.oid != table.oid]


def _weakest(tables: dict[int, Table], waiting: dict[int, list[_Edge]]) -> tuple[int, _Edge]:
    """Walk from child to parent until a table is met again; return the weakest foreign key of that cycle."""
    oid = next(iter(tables))
    path: list[tuple[int, _Edge]] = []
    while oid not in [child for child, _ in path]:
        edge = next(edge for edge in waiting[oid] if edge[0] in tables)
        path.append((oid, edge))
        oid = edge[0]
    cycle = path[[child for child, _ in path].index(oid) :]
    return min(cycle, key=lambda item: (not nullable(tables[item[0]], item[1][1]), not item[1][1].deferrable))


def _step(table: Table, cut: list[ForeignKey]) -> Step:
    free = frozenset(key.name for key in cut if nullable(table, key))
    return Step(table, free, frozenset(key.name for key in cut) - free)
