"""Columns that a CHECK ties to others by an equation: their values are asked of the server."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import psycopg
from pglast import ast
from pglast.stream import RawStream

from schemaproof.rows.draft import Assignment
from schemaproof.rows.filling import Connection
from schemaproof.rows.hints import columns_of, nodes_of
from schemaproof.rows.options import DEFAULT, Value
from schemaproof.rows.structure import Check, Column, Structure, Table, Type
from schemaproof.rows.writing import literal, quoted

__all__ = ["Derivation", "derivations", "derive"]


@dataclass(frozen=True)
class Derivation:
    """A column, and the expression over the row's columns that it must equal."""

    column: str
    expression: str


@lru_cache(maxsize=4096)
def derivations(check: Check) -> tuple[Derivation, ...]:
    """Return the equations of a CHECK: a column against an expression, or a part of one."""
    found = []
    for node in nodes_of(check.expression):
        if _is_equation(node):
            found += [*_equation(node.lexpr, node.rexpr), *_equation(node.rexpr, node.lexpr)]
    return tuple(found)


def derive(
    connection: Connection, structure: Structure, table: Table, values: Assignment, derivation: Derivation
) -> str | None:
    """Return the column's value in a row of these values, as the server works it out; None where it cannot."""
    given = []
    for name in columns_of(derivation.expression):
        column = next((column for column in table.columns if column.name == name), None)
        if column is None or column.always:
            return None
        given.append(f"{_value(structure.types, column, values.get(name, DEFAULT))} as {quoted(name)}")
    query = f"select ({derivation.expression})::text from (select {', '.join(given)}) as given"  # noqa: S608 - parsed
    try:
        with connection.transaction():
            row = connection.execute(query.encode()).fetchone()
    except psycopg.Error:
        return None
    return row[0] if row else None


def _value(types: Mapping[int, Type], column: Column, value: Value) -> str:
    kind = types[column.type]
    while kind.kind == "d":  # a domain would refuse a value that is still to be changed
        kind = types[kind.base]
    text = column.default or "null" if value is DEFAULT else literal(value)
    return f"({text})::{kind.sql}"


def _is_equation(node: Any) -> bool:
    names = [part.sval for part in node.name] if isinstance(node, ast.A_Expr) and node.name else []
    return names[-1:] == ["="]


def _equation(side: Any, other: Any) -> Iterator[Derivation]:
    if not any(isinstance(node, ast.ColumnRef) for node in nodes_of(other)):
        return
    bare = side.arg if isinstance(side, ast.TypeCast) else side
    if isinstance(bare, ast.ColumnRef):
        yield Derivation(_column(bare), RawStream()(other))
    elif _is_part_of_a_column(side):
        column, start, length = (RawStream()(part) for part in side.args)
        text = f"overlay({column} placing ({RawStream()(other)}) from {start} for {length})"
        yield Derivation(_column(side.args[0]), text)


def _is_part_of_a_column(side: Any) -> bool:
    if not isinstance(side, ast.FuncCall) or len(side.args or ()) != 3:
        return False
    function: Any = side
    return function.funcname[-1].sval in ("substring", "substr") and isinstance(function.args[0], ast.ColumnRef)


def _column(reference: Any) -> str:
    return str(reference.fields[-1].sval)
