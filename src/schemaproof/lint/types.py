"""Types of columns as the text has them: which holds less than another, and which is stored alike."""

from dataclasses import dataclass
from typing import Any

from schemaproof.lint.names import names_label
from schemaproof.origins.names import strings

__all__ = ["Type", "is_binary", "narrows"]

_SAME = {
    "bool": "boolean",
    "bpchar": "character",
    "decimal": "numeric",
    "float4": "real",
    "float8": "double precision",
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "serial": "integer",
    "serial4": "integer",
    "bigserial": "bigint",
    "serial8": "bigint",
    "smallserial": "smallint",
}
_INTEGERS = ("smallint", "integer", "bigint")
_TEXTS = ("text", "varchar", "citext")
_TIMES = ("timestamp", "timestamptz")
_FLOATS = ("real", "double precision")


@dataclass(frozen=True)
class Type:
    """A type's name and its modifiers, `("numeric", (10, 2))`."""

    name: str
    modifiers: tuple[int, ...] = ()
    array: bool = False

    @classmethod
    def of(cls, node: Any) -> "Type":
        """Return the type of a parser's `TypeName`."""
        names = strings(node.names)
        own = names[-1] if len(names) == 1 or names[0] in ("pg_catalog", "public") else names_label(node.names)
        values = [getattr(getattr(each, "val", None), "ival", None) for each in node.typmods or ()]
        modifiers = tuple(value for value in values if value is not None)
        return cls(_SAME.get(own, own), modifiers, bool(node.arrayBounds))

    def __str__(self) -> str:
        inside = f"({','.join(map(str, self.modifiers))})" if self.modifiers else ""
        return f"{self.name}{inside}{'[]' if self.array else ''}"


def narrows(old: Type, new: Type) -> str:
    """Say what does not fit into the new type; nothing where all does, or the text does not tell."""
    if old == new or old.array != new.array:
        return ""
    if new.name in ("varchar", "character") and new.modifiers and old.name in (*_TEXTS, "character"):
        longer = not old.modifiers or old.modifiers[0] > new.modifiers[0]
        return f"texts longer than {new.modifiers[0]} are refused" if longer else ""
    if new.name in _INTEGERS:
        if old.name in _INTEGERS:
            smaller = _INTEGERS.index(new.name) < _INTEGERS.index(old.name)
            return "larger numbers are refused" if smaller else ""
        return "decimals are rounded" if old.name in ("numeric", *_FLOATS) else ""
    if new.name == "numeric" and old.name == "numeric":
        return _narrows_numeric(old.modifiers, new.modifiers)
    if new.name in _FLOATS and old.name in ("numeric", "bigint", "double precision"):
        exact = new.name == "double precision" and old.name == "double precision"
        return "" if exact else "digits beyond its precision are lost"
    return _narrows_time(old, new)


def _narrows_numeric(old: tuple[int, ...], new: tuple[int, ...]) -> str:
    if not new:
        return ""
    scale, digits = (new[1] if len(new) > 1 else 0), new[0] - (new[1] if len(new) > 1 else 0)
    old_scale = old[1] if len(old) > 1 else 0
    if not old or old_scale > scale:
        return f"decimals beyond {scale} are rounded"
    return f"numbers of more than {digits} digits before the point are refused" if old[0] - old_scale > digits else ""


def _narrows_time(old: Type, new: Type) -> str:
    if old.name in _TIMES and new.name == "date":
        return "the time of day is dropped"
    if old.name in _TIMES and new.name in ("time", "timetz"):
        return "the day is dropped"
    if (old.name, new.name) == ("timestamptz", "timestamp"):
        return "the time zone is dropped, by the session's own"
    if old.name == new.name in _TIMES and new.modifiers and (not old.modifiers or old.modifiers > new.modifiers):
        return "fractions of a second are rounded"
    return ""


def is_binary(old: Type, new: Type) -> bool:
    """Tell whether PostgreSQL changes the type in the catalogue alone."""
    if old.array or new.array:
        return False
    if new.name == "text" and old.name == "varchar":
        return True
    if new.name == "varchar" and old.name in ("text", "varchar"):
        return not new.modifiers or (old.name == "varchar" and bool(old.modifiers) and old.modifiers <= new.modifiers)
    if old.name == new.name == "numeric":
        return not new.modifiers or (
            bool(old.modifiers) and old.modifiers[1:] == new.modifiers[1:] and old.modifiers <= new.modifiers
        )
    if old.name == new.name and old.name in ("timestamp", "timestamptz", "time", "timetz", "varbit", "interval"):
        return not new.modifiers or (bool(old.modifiers) and old.modifiers <= new.modifiers)
    return (old.name, new.name) == ("cidr", "inet")
