"""A model of any schema that has none: sizes and keys from the catalogue, all else from synthesised rows.

Rows are taken whole, so that what a CHECK holds together stays together; keys are made anew, references chosen anew.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.errors import UsageError
from schemaproof.rows import World, fill
from schemaproof.volume.document import Document
from schemaproof.volume.facts import TableFacts, has_rows, identifier, take_facts
from schemaproof.volume.family import Family, Links
from schemaproof.volume.fresh import fresh_columns
from schemaproof.volume.intervals import DAY
from schemaproof.volume.model import Model, Pool, Table
from schemaproof.volume.recipes import Arrival, Case, Constant, FromPool, Guard, Size

__all__ = ["Samples", "default_model", "model_of"]

# Rows by table, each with its values as PostgreSQL writes them.
Rows = Sequence[Mapping[str, str | None]]
Samples = Mapping[str, Rows]

_WORLDS = (World("A"), World("B"))
_ROWS = 50  # a table and world
_CHILDREN = 10.0  # of a parent, on average
_LEAST = 5  # rows of a table; twice as many of its children, so that each has one
_UNTIL = 26 * 365 * DAY  # late in 2025
_NAME = Path("the default model")


def default_model(connection: psycopg.Connection[Any], schemas: Sequence[str]) -> Model:
    """Return a model of the tables of some schemas; tables that no row could be synthesised for are left out.

    Args:
        connection: a superuser's, to a migrated database that is dropped afterwards: it gets the synthesised rows.
        schemas: the project's own.

    Raises:
        UsageError: no table could be filled.
    """
    facts = take_facts(connection, schemas)
    kept = frozenset(name for name in facts if has_rows(connection, name))
    filling = fill(connection, list(schemas), _WORLDS, rows=_ROWS)
    samples: dict[str, list[Mapping[str, str | None]]] = {}
    for row in filling.rows:
        samples.setdefault(row.relation.replace('"', ""), []).append(row.values)
    if not samples:
        told = "\n".join(str(each) for each in filling.unfilled[:5])
        raise UsageError(
            f"no row could be synthesised for {', '.join(schemas)}\n{told}", remedy="Write a volume model."
        )
    return model_of(facts, samples, kept=kept)


def model_of(facts: Mapping[str, TableFacts], samples: Samples, *, kept: Collection[str] = ()) -> Model:
    """Return the model of the tables that have samples, but for the `kept` ones, whose rows are there already."""
    filled = {name: each for name, each in facts.items() if samples.get(name) and name not in kept}
    fixed = {
        name for name, each in filled.items() if not each.foreign_keys and fresh_columns(each, samples[name], ())[1]
    }
    family = Family(filled, fixed | set(kept))
    small = {name for name in family.order if fresh_columns(facts[name], samples[name], family.links(name).columns)[1]}
    pools: dict[str, Pool] = {}
    tables = {
        name: _fixed_table(facts[name], samples[name], pools)
        if name in fixed
        else _table(facts[name], samples[name], family.links(name), pools, kept)
        for name in family.order
    }
    large = [name for name in family.order if name not in small] or family.order
    height = {name: family.height(name, small) for name in family.order}
    main = min(large, key=lambda name: (height[name], -family.depth(name), -len(facts[name].columns), name))
    for name in tables.keys() - fixed:
        size = Size(_CHILDREN ** -height[name], _LEAST << family.depth(name), _most(tables[name]))
        tables[name] = replace(tables[name], size=size)
    return Model(Document(_NAME, {}, text="default"), main, _UNTIL, tables, pools)


def _most(table: Table) -> int | None:
    return table.size.at_most if table.size else None


def _fixed_table(facts: TableFacts, rows: Rows, pools: dict[str, Pool]) -> Table:
    """Return a table that holds its samples: a key of it allows no other values, and others refer to these."""
    columns = [column.name for column in facts.columns.values() if not column.generated]
    sampled = {name: (Case(_sampled(facts, name, rows, pools)),) for name in columns}
    return Table(facts.name, Size(at_least=len(rows)), columns=sampled, key=("tables", facts.name))


def _table(facts: TableFacts, rows: Rows, links: Links, pools: dict[str, Pool], kept: Collection[str]) -> Table:
    fresh, limits = fresh_columns(facts, rows, links.columns)
    rows = _distinct(rows, [[name for name in limit if name not in links.columns] for limit in limits])
    there = _kept_columns(facts, kept, pools)
    columns: dict[str, tuple[Case, ...]] = {}
    hidden: dict[str, tuple[Case, ...]] = {}
    for column in facts.columns.values():
        name, sampled = column.name, Case(_sampled(facts, column.name, rows, pools))
        if column.generated:
            continue
        guard = Guard() if column.not_null else Guard(given=f"sample/{name}")
        recipe = links.columns.get(name) or there.get(name)
        if recipe is not None:
            hidden[f"sample/{name}"] = (sampled,)
            columns[name] = (Case(recipe, guard),)
        elif name in links.lonely:
            columns[name] = (Case(Constant(None)),)
        elif name in fresh:
            columns[name] = (Case(fresh[name]),)
        elif column.base == "timestamptz" and column.not_null and column.has_default and not column.checked:
            columns[name] = (Case(Arrival(-365 * DAY, 0)),)
        else:
            columns[name] = (sampled,)
    size = Size(at_most=len(rows) if limits else None)
    return Table(facts.name, size, links.references, columns, hidden, ("tables", facts.name))


def _sampled(facts: TableFacts, column: str, rows: Rows, pools: dict[str, Pool]) -> FromPool:
    name = f"{facts.name}/{column}"
    pools[name] = Pool(name, values=tuple(row.get(column) for row in rows))
    return FromPool(name, together=True)


def _kept_columns(facts: TableFacts, kept: Collection[str], pools: dict[str, Pool]) -> Mapping[str, FromPool]:
    """Return the columns that refer to a table whose rows are there already, each with all that it may refer to."""
    found = {}
    for key in facts.foreign_keys:
        if key.parent in kept and len(key.columns) == 1:
            (column,), (parent,) = key.columns, key.parent_columns
            query = sql.SQL("select {0} from {1} order by {0}").format(sql.Identifier(parent), identifier(key.parent))
            pools[key.name] = Pool(key.name, query=query.as_string(None))
            found[column] = FromPool(key.name)
    return found


def _distinct(rows: Rows, keys: Sequence[Sequence[str]]) -> Rows:
    """Return the rows that differ in each key from those before; a key of no column has room for one."""
    seen = [set[tuple[str | None, ...]]() for _ in keys]
    found = []
    for row in rows:
        values = [tuple(row.get(name) for name in key) for key in keys]
        if all(value not in there for value, there in zip(values, seen, strict=True)):
            found.append(row)
            for value, there in zip(values, seen, strict=True):
                there.add(value)
    return found
