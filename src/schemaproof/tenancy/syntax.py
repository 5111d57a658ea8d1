"""The parser's trees of SQL: statements of a text, names, paths and constants as Python values."""

from collections.abc import Iterable
from typing import Any

from pglast import ast
from pglast.parser import ParseError, parse_sql

__all__ = ["children", "constant", "function_name", "parsed", "path_of", "quoted", "steps_of", "target_name"]


def parsed(text: str) -> list[Any]:
    """Return the statements of `text`; none where it is no SQL of the parser's grammar."""
    try:
        return [raw.stmt for raw in parse_sql(text)]
    except (ParseError, RecursionError):
        return []


def children(node: Any) -> Iterable[Any]:
    """Yield what lies directly in a node or in a list of nodes."""
    if isinstance(node, tuple | list):
        yield from node
    elif isinstance(node, ast.Node):
        for name in getattr(node, "__slots__", ()):
            child = getattr(node, name, None)
            if isinstance(child, ast.Node | tuple | list):
                yield child


def constant(node: Any) -> str | None:
    """Return the text of a constant that is not NULL; None where it has none."""
    value = node.val
    if isinstance(value, ast.Boolean):
        return "true" if value.boolval else "false"
    text = next((getattr(value, name) for name in ("sval", "ival", "fval") if hasattr(value, name)), None)
    return None if text is None else str(text)


def path_of(node: Any) -> tuple[str, ...]:
    """Return the steps of a path that is written as an array's literal: `'{app_metadata,tenant}'`."""
    text = getattr(getattr(_uncast(node), "val", None), "sval", "") or ""
    return tuple(step.strip().strip('"') for step in text.strip("{}").split(",")) if text else ()


def steps_of(nodes: Iterable[Any]) -> tuple[str, ...]:
    """Return the steps of a path that is written as arguments: `'app', 'org'`, or `variadic array['app', 'org']`."""
    found: list[str] = []
    for node in map(_uncast, nodes):
        if isinstance(node, ast.A_ArrayExpr):
            found += steps_of(node.elements or ())
        elif isinstance(node, ast.A_Const) and (text := constant(node)):
            found.append(text)
    return tuple(found)


def target_name(target: Any) -> str:
    """Return the name of a column of a SELECT, as PostgreSQL gives it."""
    if target.name:
        return str(target.name)
    node = _uncast(target.val)
    if isinstance(node, ast.ColumnRef):
        last: Any = node.fields[-1] if node.fields else None
        return str(last.sval) if isinstance(last, ast.String) else "?column?"
    return function_name(node)[-1] if isinstance(node, ast.FuncCall) else "?column?"


def function_name(node: Any) -> tuple[str, ...]:
    """Return the parts of a called function's name; one empty part where the node is no call."""
    return tuple(part.sval for part in node.funcname or ()) if isinstance(node, ast.FuncCall) else ("",)


def quoted(name: str) -> str:
    """Return a name as it stands in a label."""
    plain = name and not name[0].isdigit() and all(c == "_" or c.islower() or c.isdigit() for c in name)
    return name if plain else '"' + name.replace('"', '""') + '"'


def _uncast(node: Any) -> Any:
    while isinstance(node, ast.TypeCast):
        node = node.arg
    return node
