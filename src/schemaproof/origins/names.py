"""One spelling for what the catalogue and the parser name differently: a path of identifiers without quotes."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from pglast.enums import FunctionParameterMode, ObjectType

from schemaproof.catalogue import ObjectKey

__all__ = ["Path", "identifiers", "of_key", "of_object", "part", "qualified", "relation", "routine", "strings"]

Path: TypeAlias = tuple[str, ...]

# Kinds whose names share one space; the first element of a path is the space.
_SPACES = {
    "relation": ("table", "foreign table", "view", "materialized view", "sequence", "index"),
    "routine": ("function", "procedure", "aggregate"),
    "type": ("type", "domain"),
}
_SPACE = {kind: space for space, kinds in _SPACES.items() for kind in kinds}
_IDENTIFIER = re.compile(r'"((?:[^"]|"")*)"|([^".]+)')
# The grammar's names of types that PostgreSQL writes in the standard's words (format_type).
_TYPES = {
    "bool": "boolean",
    "bpchar": "character",
    "decimal": "numeric",
    "float4": "real",
    "float8": "double precision",
    "int": "integer",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "time": "time without time zone",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "timetz": "time with time zone",
    "varbit": "bit varying",
    "varchar": "character varying",
}
_PARTS = {
    ObjectType.OBJECT_COLUMN: "column",
    ObjectType.OBJECT_POLICY: "policy",
    ObjectType.OBJECT_RULE: "rule",
    ObjectType.OBJECT_TABCONSTRAINT: "constraint",
    ObjectType.OBJECT_DOMCONSTRAINT: "constraint",
    ObjectType.OBJECT_TRIGGER: "trigger",
}
_IN_A_SCHEMA = {
    ObjectType.OBJECT_COLLATION: "collation",
    ObjectType.OBJECT_DOMAIN: "type",
    ObjectType.OBJECT_FOREIGN_TABLE: "relation",
    ObjectType.OBJECT_INDEX: "relation",
    ObjectType.OBJECT_MATVIEW: "relation",
    ObjectType.OBJECT_SEQUENCE: "relation",
    ObjectType.OBJECT_STATISTIC_EXT: "statistics",
    ObjectType.OBJECT_TABLE: "relation",
    ObjectType.OBJECT_TYPE: "type",
    ObjectType.OBJECT_VIEW: "relation",
}
_ROUTINES = (
    ObjectType.OBJECT_AGGREGATE,
    ObjectType.OBJECT_FUNCTION,
    ObjectType.OBJECT_PROCEDURE,
    ObjectType.OBJECT_ROUTINE,
)
_GLOBAL = {
    ObjectType.OBJECT_EVENT_TRIGGER: "event trigger",
    ObjectType.OBJECT_EXTENSION: "extension",
    ObjectType.OBJECT_FDW: "foreign-data wrapper",
    ObjectType.OBJECT_FOREIGN_SERVER: "foreign server",
    ObjectType.OBJECT_PUBLICATION: "publication",
    ObjectType.OBJECT_ROLE: "role",
    ObjectType.OBJECT_SCHEMA: "schema",
}


def of_key(key: ObjectKey) -> Path:
    """Give the path of an object of the catalogue."""
    space = _SPACE.get(key.kind, key.kind)
    if space == "default privileges":
        schema, _, rest = key.name.rpartition(": ")
        return (space, *identifiers(schema), rest.partition(" of ")[0])
    if space != "routine":
        return (space, *identifiers(key.name))
    name, _, arguments = key.name.removesuffix(")").partition("(")
    types = [_plain(each) for each in arguments.split(",") if each]
    return (space, *identifiers(name), ",".join(types))


def identifiers(name: str) -> list[str]:
    """Split a name as PostgreSQL writes it, and take its quotes away."""
    return [quoted.replace('""', '"') or plain for quoted, plain in _IDENTIFIER.findall(name)]


def qualified(names: Iterable[str]) -> Path:
    """Complete a name that may lack its schema; it is then taken for one of `public`."""
    path = tuple(names)
    return path if len(path) > 1 else ("public", *path)


def relation(node: Any) -> Path:
    """Give the path of a parser's `RangeVar`."""
    return ("relation", node.schemaname or "public", node.relname)


def part(kind: str, whole: Path, name: str) -> Path:
    """Give the path of a column, constraint, policy, rule or trigger of `whole`."""
    return (kind, *whole[1:], name)


def routine(names: Iterable[str], parameters: Iterable[Any] | None) -> Path:
    """Give the path of a function with these parser's parameters; without a signature when they are not told."""
    path = ("routine", *qualified(names))
    if parameters is None:
        return path
    kept = [each for each in parameters if each.mode not in _RESULTS]
    return (*path, ",".join(_type(each.argType) for each in kept))


def of_object(kind: ObjectType, node: Any) -> Path | None:
    """Give the path of what DROP, COMMENT, GRANT and the like name; None for a kind that is not followed."""
    if kind in _GLOBAL:
        return (_GLOBAL[kind], node.sval if hasattr(node, "sval") else node.rolename)
    if kind in _ROUTINES:
        return routine(strings(node.objname), None if node.args_unspecified else node.objfuncargs or ())
    if kind in _PARTS:
        names = strings(node)
        return (_PARTS[kind], *qualified(names[:-1]), names[-1])
    if kind in _IN_A_SCHEMA:
        return relation(node) if hasattr(node, "relname") else (_IN_A_SCHEMA[kind], *qualified(strings(node)))
    return None


def strings(node: Any) -> list[str]:
    """Flatten what the parser uses for a name: strings, a tuple of them, a type's name."""
    if hasattr(node, "sval"):
        return [node.sval]
    return [name for each in (node.names if hasattr(node, "names") else node) for name in strings(each)]


_RESULTS = (FunctionParameterMode.FUNC_PARAM_OUT, FunctionParameterMode.FUNC_PARAM_TABLE)


def _type(node: Any) -> str:
    name = strings(node.names)[-1]
    return _TYPES.get(name, name) + ("[]" if node.arrayBounds else "")


def _plain(name: str) -> str:
    """Take schema and quotes from a type: without its search_path a statement does not tell the schema."""
    brackets = "[]" if name.endswith("[]") else ""
    return identifiers(name.removesuffix("[]"))[-1] + brackets
