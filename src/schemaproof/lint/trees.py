"""What pglast's trees are asked: the kind of a node, and which relations and functions are named below it."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from pglast import ast

from schemaproof.lint.names import label
from schemaproof.references import call_of, nodes

__all__ = ["calls_of", "is_a", "relations_of"]

_T = TypeVar("_T")


def is_a(node: Any, *kinds: type) -> bool:
    """Tell whether a node is of one of these kinds.

    Unlike after isinstance(), its fields stay Any: pglast declares each as optional, whatever the grammar demands.
    """
    return isinstance(node, kinds)


class _Same:
    """A tree, equal to itself alone: pglast compares trees by all that is in them."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree

    def __hash__(self) -> int:
        return id(self.tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.tree is self.tree


def _once(read: Callable[[Any], _T]) -> Callable[[Any], _T]:
    """Have a tree read once, however often it is asked: a history's are, by every DROP."""
    cached = lru_cache(maxsize=1 << 16)(lambda same: read(same.tree))
    return lambda tree: cached(_Same(tree))


def _relations_of(tree: Any) -> frozenset[str]:
    found: list[Any] = list(nodes(tree))
    ctes = {node.ctename for node in found if is_a(node, ast.CommonTableExpr)}
    tables = [node for node in found if is_a(node, ast.RangeVar)]
    return frozenset(label(node) for node in tables if node.schemaname or node.relname not in ctes)


def _calls_of(tree: Any) -> frozenset[str]:
    return frozenset(label(call) for call in map(call_of, nodes(tree)) if call is not None)


# The labels of the relations that a tree names, its own CTEs left out; and of the functions that it calls.
relations_of = _once(_relations_of)
calls_of = _once(_calls_of)
