"""What the generator reads beside drizzle-kit's pull: the schema `public`, from the catalogue."""

from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg.rows import dict_row

from schema.drizzle.generate.known import ANSWERS, NEVER_NULL
from schema.drizzle.generate.queries import (
    CLOSED_SETS,
    COLUMNS,
    CONSTRAINTS,
    DELETABLE,
    FUNCTIONS,
    INDEXES,
    POLICIES,
    RELATIONS,
)

__all__ = ["Column", "Row", "Schema", "camel", "read_schema"]

Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a table or view; `values` is its closed set, if it has one; `readable`: by members."""

    relation: str
    name: str
    type: str
    in_view: bool
    never_null: bool
    comment: str
    readable: bool
    default: str | None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """What is generated from; rows are as the queries name their columns."""

    columns: dict[tuple[str, str], Column]
    comments: dict[str, str]
    constraints: list[Row]
    indexes: list[Row]
    policies: list[Row]
    functions: list[Row]
    deletable: list[str]

    def of(self, relation: str) -> list[Column]:
        """Return the columns of a table or view."""
        return [column for column in self.columns.values() if column.relation == relation]


def camel(name: str) -> str:
    """Return what TypeScript calls a thing of the database, as drizzle-kit writes it."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def read_schema(connection: psycopg.Connection[Any]) -> Schema:
    """Read a migrated database as its owner or a superuser; expressions name what they use with its schema."""
    with connection.transaction(force_rollback=True):
        connection.execute("set local search_path = ''")
        return Schema(
            _columns(connection),
            {row["name"]: row["comment"] for row in _rows(connection, RELATIONS)},
            _rows(connection, CONSTRAINTS),
            _rows(connection, INDEXES),
            _rows(connection, POLICIES),
            _rows(connection, FUNCTIONS),
            [row["table_name"] for row in _rows(connection, DELETABLE)],
        )


def _rows(connection: psycopg.Connection[Any], query: str) -> list[Row]:
    return connection.cursor(row_factory=dict_row).execute(query.encode()).fetchall()


def _columns(connection: psycopg.Connection[Any]) -> dict[tuple[str, str], Column]:
    """Return the columns, those of views with what the catalogue keeps only of the tables that they come from."""
    closed = {(row["relation"], row["name"]): tuple(row["values"]) for row in _rows(connection, CLOSED_SETS)}
    rows = _rows(connection, COLUMNS)
    places = {(row.pop("relation_id"), row.pop("number")): (row["relation"], row["name"]) for row in rows}
    columns = {(row["relation"], row["name"]): Column(**row) for row in rows}
    columns = {key: replace(column, values=closed.get(key, ())) for key, column in columns.items()}
    for view in {column.relation for column in columns.values() if column.in_view}:
        origins = _origins(connection, view)
        for column in [column for column in columns.values() if column.relation == view]:
            columns[view, column.name] = _traced(column, columns.get(places.get(origins[column.name], ("", ""))))
    return columns


def _traced(column: Column, origin: Column | None) -> Column:
    key = column.relation, column.name
    never_null = key in NEVER_NULL or (origin is not None and origin.never_null)
    return replace(column, never_null=never_null, values=ANSWERS.get(key, origin.values if origin else ()))


def _origins(connection: psycopg.Connection[Any], view: str) -> dict[str, tuple[int, int]]:
    """Return for each column of a view the table and column that it shows, as libpq tells them, else zeros."""
    definition = "select pg_get_viewdef(format('public.%%I', %s::text)::regclass)"
    (query,) = connection.execute(definition.encode(), [view]).fetchone() or ("",)
    described = f"select * from ({query.removesuffix(';')}) as view limit 0"  # noqa: S608  # the view's own
    result = connection.execute(described.encode()).pgresult
    assert result is not None
    return {
        (result.fname(number) or b"").decode(): (result.ftable(number), result.ftablecol(number))
        for number in range(result.nfields)
    }
