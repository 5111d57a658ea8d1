"""What a piece of SQL refers to: relations, functions, writes. Text from the catalogue in, names out."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, NamedTuple

from pglast import ast, parse_plpgsql, parse_sql
from pglast.enums import SQLValueFunctionOp
from pglast.parser import ParseError

__all__ = [
    "Name",
    "References",
    "call_of",
    "children",
    "column_of",
    "nodes",
    "operator_of",
    "parse_expression",
    "refer",
    "refer_plpgsql",
    "text_of",
]

# parse modes of an expression of PL/pgSQL: 2 an expression, 3 to 5 an assignment (PostgreSQL's RawParseMode).
_EXPRESSION = 2
_ASSIGNMENTS = (3, 4, 5)
_TARGET = re.compile(r"\A[^=]*?:?=")
_ERROR = 21
_WRITES = (ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt, ast.MergeStmt)
_WHO = {
    SQLValueFunctionOp.SVFOP_CURRENT_ROLE,
    SQLValueFunctionOp.SVFOP_CURRENT_USER,
    SQLValueFunctionOp.SVFOP_SESSION_USER,
    SQLValueFunctionOp.SVFOP_USER,
}


class Name(NamedTuple):
    """A name as it is written: without a schema where the text has none."""

    schema: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True)
class References:
    """What a text refers to.

    Args:
        relations: tables and views that it reads or writes; its own CTEs are none.
        written: those that it inserts into, updates, deletes from or merges into.
        made: tables that it creates itself, temporary ones say, by their bare names.
        calls: functions and procedures.
        constants: its string literals.
        asks_who: it reads current_user or the like.
        raises: it may raise an error of its own (PL/pgSQL).
        dynamic: it executes text that it makes itself, so that there can be more.
        readable: all of it could be parsed.
    """

    relations: frozenset[Name] = frozenset()
    written: frozenset[Name] = frozenset()
    made: frozenset[str] = frozenset()
    calls: frozenset[Name] = frozenset()
    constants: frozenset[str] = frozenset()
    asks_who: bool = False
    raises: bool = False
    dynamic: bool = False
    readable: bool = True

    @classmethod
    def of_all(cls, several: Iterable["References"]) -> "References":
        """Put together what several texts refer to."""
        found = tuple(several)
        merged: dict[str, Any] = {
            field.name: frozenset().union(*(getattr(each, field.name) for each in found))
            if isinstance(field.default, frozenset)
            else any(getattr(each, field.name) for each in found)
            for field in fields(cls)
        }
        return cls(**merged | {"readable": all(each.readable for each in found)})


def nodes(root: Any) -> Iterator[Any]:
    """Give a parsed tree's nodes, the outer before the inner ones."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Node):
            yield node
        waiting.extend(children(node))


def children(node: Any) -> tuple[Any, ...]:
    """Return what lies right below a node of a parsed tree, or in a tuple of nodes."""
    if isinstance(node, tuple):
        return node
    slots: tuple[str, ...] = getattr(node, "__slots__", ()) if isinstance(node, ast.Node) else ()
    return tuple(value for slot in slots if (value := getattr(node, slot, None)) is not None)


def call_of(node: Any) -> Name | None:
    """Return the name that a function call calls; None for another node."""
    return _name(node.funcname) if isinstance(node, ast.FuncCall) else None


def column_of(node: Any) -> tuple[str, ...]:
    """Return the names of a reference to a column, the column's last; nothing for another node, or for a star."""
    names: Any = node.fields if isinstance(node, ast.ColumnRef) else ()
    return tuple(str(part.sval) for part in names) if all(isinstance(part, ast.String) for part in names) else ()


def text_of(node: Any) -> str | None:
    """Return a string literal; None for another node."""
    if isinstance(node, ast.A_Const) and isinstance(node.val, ast.String):
        return str(node.val.sval)
    return None


def operator_of(node: Any) -> str | None:
    """Return the operator of an expression; None for another node."""
    names: Any = node.name if isinstance(node, ast.A_Expr) else None
    return str(names[-1].sval) if names else None


@lru_cache(maxsize=4096)
def parse_expression(text: str) -> Any | None:
    """Parse an expression as pg_get_expr writes it; None where the grammar, PostgreSQL 18's, rejects it."""
    try:
        statement: Any = parse_sql(f"select {text}")[0].stmt
        return statement.targetList[0].val
    except (ParseError, IndexError):
        return None


def refer(text: str) -> References:
    """Return what SQL statements refer to."""
    try:
        return _of(parse_sql(text))
    except ParseError:
        return References(readable=False)


def refer_plpgsql(definition: str) -> References:
    """Return what a PL/pgSQL function refers to, given its CREATE FUNCTION statement."""
    try:
        parsed = parse_plpgsql(definition)
    except (ParseError, ValueError):
        return References(readable=False)
    return References.of_all(_STATEMENTS[kind](value) for kind, value in _plpgsql(parsed) if kind in _STATEMENTS)


def _of(tree: Any) -> References:
    found: list[Any] = list(nodes(tree))
    ctes = {node.ctename for node in found if isinstance(node, ast.CommonTableExpr)}
    return References(
        relations=frozenset(
            name
            for node in found
            if isinstance(node, ast.RangeVar) and ((name := _relation(node)).schema or name.name not in ctes)
        ),
        written=frozenset(_relation(node.relation) for node in found if isinstance(node, _WRITES)),
        made=frozenset(table for node in found if (table := _made(node)) is not None),
        calls=frozenset(call for node in found if (call := call_of(node)) is not None),
        constants=frozenset(text for node in found if (text := text_of(node)) is not None),
        asks_who=any(isinstance(node, ast.SQLValueFunction) and node.op in _WHO for node in found),
    )


def _relation(node: Any) -> Name:
    return Name(node.schemaname, str(node.relname))


def _made(node: Any) -> str | None:
    """Return the table that CREATE TABLE makes, or CREATE TABLE AS."""
    target: Any = node.relation if isinstance(node, ast.CreateStmt) else None
    into: Any = node.into if isinstance(node, ast.CreateTableAsStmt) else None
    return str((target or into.rel).relname) if target or into else None


def _name(names: Any) -> Name:
    *schema, name = [str(part.sval) for part in names]
    return Name(schema[-1] if schema else None, name)


def _plpgsql(value: Any) -> Iterator[tuple[str, Any]]:
    """Give a PL/pgSQL tree's statements and expressions, each with its kind."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            yield from found.items()
            waiting.extend(found.values())


def _expression(value: Any) -> References:
    query, mode = value["query"], value.get("parseMode", 0)
    if mode in _ASSIGNMENTS:
        query = _TARGET.sub("", query, count=1)
    return refer(query if mode not in (_EXPRESSION, *_ASSIGNMENTS) else f"select {query}")


def _raise(value: Any) -> References:
    return References(raises=value.get("elog_level") == _ERROR)


_STATEMENTS: dict[str, Callable[[Any], References]] = {
    "PLpgSQL_expr": _expression,
    "PLpgSQL_stmt_raise": _raise,
    "PLpgSQL_stmt_dynexecute": lambda _: References(dynamic=True),
    "PLpgSQL_stmt_dynfors": lambda _: References(dynamic=True),
    "dynquery": lambda _: References(dynamic=True),
}
