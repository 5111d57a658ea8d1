"""What pglast's trees are asked: the kind of a node."""

from typing import Any

__all__ = ["is_a"]


def is_a(node: Any, *kinds: type) -> bool:
    """Tell whether a node is of one of these kinds.

    Unlike after isinstance(), its fields stay Any: pglast declares each as optional, whatever the grammar demands.
    """
    return isinstance(node, kinds)
