"""Whether a value is of an annotated type, closed sets and all."""

from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

__all__ = ["is_of"]


def is_of(value: object, kind: Any) -> bool:
    """Tell whether `value` is what the annotation `kind` says."""
    if kind is Any:
        return True
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is UnionType:
        return any(is_of(value, each) for each in arguments)
    if origin is Literal:
        return value in arguments
    if origin is list:
        return isinstance(value, list) and all(is_of(each, arguments[0]) for each in value)
    if origin is dict:
        return isinstance(value, dict) and all(is_of(key, arguments[0]) for key in value)
    return isinstance(value, NoneType if kind is None else kind)
