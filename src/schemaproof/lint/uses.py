"""Whether SQL uses a column, a relation or a function: surely, or perhaps, where the text alone does not tell."""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any

from pglast import ast

from schemaproof.lint.names import label, names_label
from schemaproof.lint.schema import Schema
from schemaproof.lint.trees import calls_of, is_a, relations_of
from schemaproof.references import column_of, nodes, text_of

__all__ = ["Use", "calls", "names_value", "use_of_column", "use_of_row"]

_ROWS = ("new", "old")


class Use(IntEnum):
    """How sure it is."""

    NONE = 0
    PERHAPS = 1
    SURE = 2


def use_of_column(trees: Iterable[Any], table: str, column: str) -> Use:
    """Say whether statements use a column of a table."""
    return max((_in_statement(tree, table, column) for tree in trees), default=Use.NONE)


def use_of_row(trees: Iterable[Any], column: str) -> Use:
    """Say whether a trigger's function uses a column of the row that it is called for."""
    fields = (column_of(node) for tree in trees for node in nodes(tree))
    return Use.SURE if any(each[-1:] == (column,) and each[0] in _ROWS for each in fields) else Use.NONE


def calls(trees: Iterable[Any], name: str) -> bool:
    """Tell whether statements call a function, given its label without arguments."""
    return any(name in calls_of(tree) for tree in trees)


def names_value(tree: Any, schema: Schema, enum: str, value: str) -> bool:
    """Tell whether a tree holds a value of an enumerated type, beside the type or a table with a column of it."""
    found = list(nodes(tree))
    if not any(text_of(node) == value for node in found):
        return False
    casts = {names_label(node.names) for node in found if is_a(node, ast.TypeName) and node.names}
    return enum in casts or any(_has_column(schema, name, enum) for name in relations_of(tree))


def _in_statement(tree: Any, table: str, column: str) -> Use:
    if table not in relations_of(tree):
        return Use.NONE
    return max(_of_nodes(tree, table, column), default=Use.NONE)


def _of_nodes(tree: Any, table: str, column: str) -> Iterator[Use]:
    found = list(nodes(tree))
    names = _names(found)
    alone = set(names.values()) == {table} and not any(
        is_a(node, ast.CommonTableExpr, ast.RangeSubselect, ast.RangeFunction) for node in found
    )
    for node in found:
        if _writes(node, table, column):
            yield Use.SURE
        fields = column_of(node)
        if fields[-1:] == (column,):
            yield _of_reference(fields, names, table, alone=alone)


def _names(found: list[Any]) -> dict[str, str]:
    """Return what the names before a column stand for."""
    tables = [node for node in found if is_a(node, ast.RangeVar)]
    return {(node.alias.aliasname if node.alias else node.relname): label(node) for node in tables}


def _of_reference(fields: tuple[str, ...], names: dict[str, str], table: str, *, alone: bool) -> Use:
    if len(fields) == 1:
        return Use.SURE if alone else Use.PERHAPS
    if fields[-2] == "excluded":
        return Use.SURE if alone else Use.PERHAPS
    return Use.SURE if names.get(fields[-2]) == table else Use.NONE


def _writes(node: Any, table: str, column: str) -> bool:
    """Tell whether a node writes the column by its name."""
    if is_a(node, ast.InsertStmt):
        targets = node.cols
    elif is_a(node, ast.UpdateStmt):
        targets = node.targetList
    else:
        return False
    return label(node.relation) == table and any(each.name == column for each in targets or ())


def _has_column(schema: Schema, relation: str, enum: str) -> bool:
    columns = schema.relation(relation).columns.values()
    return any(each.type is not None and names_label(each.type.names) == enum for each in columns)
