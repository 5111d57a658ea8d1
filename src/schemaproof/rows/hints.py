"""What an expression of the catalogue says of its columns: constants, bounds, lengths, patterns, keys.

Nothing here decides: hints put likely values first, and the server judges them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pglast import ast, parse_sql
from pglast.parser import ParseError

__all__ = ["Hint", "column_of", "columns_of", "constant_of", "is_constant", "nodes_of", "read_hints", "statement_of"]

_MEMBER = re.compile(r'"((?:[^"\\]|\\.)*)"|([^,{}"]+)')
_LENGTHS = frozenset({"length", "char_length", "character_length", "octet_length", "bit_length"})
_COUNTS = frozenset({"array_length", "cardinality", "jsonb_array_length", "json_array_length", "array_ndims"})
_PATTERNS = frozenset({"~", "~*"})
_LIKES = frozenset({"~~", "~~*"})
_PARTS = frozenset({"substring", "substr", "left", "starts_with"})
_TYPES = frozenset({"jsonb_typeof", "json_typeof"})
_KEYS = frozenset({"->", "->>", "?", "?&", "?|", "#>", "#>>"})
_ORDERED = frozenset({"<", "<=", ">", ">="})
_BY_FUNCTION = ((_LENGTHS, "lengths"), (_COUNTS, "counts"), (_TYPES, "functions"), (_PARTS, "prefixes"))
_BY_OPERATOR = ((_PATTERNS, "patterns"), (_LIKES, "likes"), (_ORDERED, "bounds"))


@dataclass
class Hint:
    """What is known of one column; every list holds constants as text, in the order of their occurrence."""

    equal: list[str] = field(default_factory=list)
    bounds: list[str] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    likes: list[str] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    keys: dict[str, list[str]] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)

    def __add__(self, other: "Hint") -> "Hint":
        """Return what both say."""
        lists = ("equal", "bounds", "lengths", "counts", "patterns", "likes", "prefixes", "functions")
        return Hint(
            **{name: [*getattr(self, name), *getattr(other, name)] for name in lists}, keys=self.keys | other.keys
        )


def read_hints(expressions: tuple[str, ...]) -> dict[str, Hint]:
    """Return what the expressions say of each of their columns."""
    found: dict[str, Hint] = {}
    for expression in expressions:
        for node in _walk(_parse(expression)):
            _read(node, found)
    return found


def columns_of(expression: str | None) -> tuple[str, ...]:
    """Return the columns that an expression names."""
    nodes = _walk(_parse(expression)) if expression else ()
    return tuple(dict.fromkeys(_name(node) for node in nodes if isinstance(node, ast.ColumnRef)))


def nodes_of(expression: Any) -> Iterator[Any]:
    """Yield the nodes of an expression, parents first; of text, or of a node."""
    return _walk(_parse(expression) if isinstance(expression, str) else expression)


def statement_of(expression: str) -> Any:
    """Return the root of an expression; None where it cannot be read."""
    parsed = _parse(expression)
    return parsed[0].stmt.targetList[0].val if parsed else None


def column_of(node: Any) -> str:
    """Return the column that a node is, casts aside; nothing where it is another thing."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    return _name(node) if isinstance(node, ast.ColumnRef) else ""


def constant_of(node: Any) -> str | None:
    """Return the one constant that a node is, casts aside."""
    while isinstance(node, ast.TypeCast):
        node = node.arg
    return _constant(node.val) if isinstance(node, ast.A_Const) and not node.isnull else None


def is_constant(expression: str) -> bool:
    """Tell whether an expression calls no function."""
    return not any(isinstance(node, ast.FuncCall | ast.SQLValueFunction) for node in _walk(_parse(expression)))


@lru_cache(maxsize=4096)
def _parse(expression: str) -> Any:
    try:
        return parse_sql(f"select {expression}")
    except ParseError:
        return ()


def _walk(node: Any) -> Iterator[Any]:
    stack = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple | list):
            stack.extend(reversed(item))
        elif isinstance(item, ast.Node):
            yield item
            stack.extend(reversed([getattr(item, name) for name in item]))


def _read(node: Any, found: dict[str, Hint]) -> None:
    if isinstance(node, ast.ColumnRef):
        found.setdefault(_name(node), Hint())
    elif isinstance(node, ast.A_Expr):
        _read_comparison(node, found)
    elif isinstance(node, ast.FuncCall):
        for column in _columns(node):
            found.setdefault(column, Hint()).functions.append(_function(node))


def _read_comparison(node: Any, found: dict[str, Hint]) -> None:
    operator = node.name[-1].sval
    for side, other in ((node.lexpr, node.rexpr), (node.rexpr, node.lexpr)):
        constants = list(_constants(other))
        if not constants or not _columns(side):
            continue
        for column in _columns(side):
            _note(found.setdefault(column, Hint()), operator, side, constants)


def _note(hint: Hint, operator: str, side: Any, constants: list[str]) -> None:
    functions = {_function(call) for call in _walk(side) if isinstance(call, ast.FuncCall)}
    path = [key for inner in _walk(side) if isinstance(inner, ast.A_Expr) for key in _path(inner)]
    if operator in _KEYS:
        for key in constants:
            hint.keys.setdefault(key, [])
    elif path:
        hint.keys.setdefault(path[-1], []).extend([] if functions & _TYPES else constants)
    elif (target := _target(functions, operator)) in ("lengths", "counts"):
        numbers = [int(constant) for constant in constants if constant.lstrip("-").isdigit()]
        getattr(hint, target).extend(numbers)
    elif target:
        getattr(hint, target).extend(constants)


def _target(functions: set[str], operator: str) -> str:
    """What a comparison's constants are for the column: the name of one of the hint's lists, or nothing."""
    by_function = next((target for names, target in _BY_FUNCTION if functions & names), "")
    by_operator = next((target for names, target in _BY_OPERATOR if operator in names), "")
    negative = operator == "<>" or operator.startswith("!")
    return by_function or by_operator or ("" if negative else "equal")


def _path(node: Any) -> list[str]:
    return list(_constants(node.rexpr)) if node.name[-1].sval in _KEYS else []


def _columns(node: Any) -> list[str]:
    return [_name(item) for item in _walk(node) if isinstance(item, ast.ColumnRef)]


def _constants(node: Any) -> Iterator[str]:
    """Constants of a side that names no column; a literal array is read as its members."""
    if any(isinstance(item, ast.ColumnRef) for item in _walk(node)):
        return
    negative = isinstance(node, ast.A_Expr) and node.lexpr is None
    for item in _walk(node):
        if isinstance(item, ast.TypeCast) and _is_array(item):
            yield from _members(_constant(getattr(item.arg, "val", None)))
        elif isinstance(item, ast.A_Const) and not item.isnull:
            yield ("-" if negative else "") + _constant(item.val)


def _is_array(cast: Any) -> bool:
    return bool(cast.typeName.arrayBounds) and isinstance(cast.arg, ast.A_Const)


def _function(call: Any) -> str:
    return str(call.funcname[-1].sval)


def _members(array: str) -> list[str]:
    """The members of a one-dimensional array literal."""
    found = _MEMBER.findall(array[1:-1])
    return [re.sub(r"\\(.)", r"\1", quoted) if quoted else plain for quoted, plain in found]


def _constant(value: Any) -> str:
    if isinstance(value, ast.Integer):
        return str(value.ival or 0)
    if isinstance(value, ast.Boolean):
        return str(bool(value.boolval)).lower()
    return str(getattr(value, "fval", None) or getattr(value, "sval", None) or getattr(value, "bsval", None) or "")


def _name(node: Any) -> str:
    return str(getattr(node.fields[-1], "sval", "*"))
