"""What a statement is about: the relation, type or function whose name it opens with."""

from dataclasses import dataclass
from typing import Any

from pglast import ast
from pglast.enums import ObjectType

from schemaproof.lint.names import label, names_label, part_of, routine_label, written
from schemaproof.lint.schema import Schema
from schemaproof.lint.trees import is_a

__all__ = ["Subject", "subject_of"]

_PARTS = (ObjectType.OBJECT_POLICY, ObjectType.OBJECT_TRIGGER, ObjectType.OBJECT_RULE)


@dataclass(frozen=True)
class Subject:
    """An object by its label; `is_new` where the migrations looked at make it, or the table that it is a part of."""

    object: str
    is_new: bool = False


def subject_of(node: Any, schema: Schema) -> Subject:
    """Return what a statement is about, given the schema after it, or before it where it drops something."""
    if is_a(node, ast.DropStmt):
        return _dropped(node, schema)
    for attribute in ("relation", "view", "table", "base"):
        found = getattr(node, attribute, None)
        found = getattr(found, "relation", found)
        if is_a(found, ast.RangeVar):
            return _of_relation(label(found), schema)
    if is_a(node, ast.CreateFunctionStmt):
        return Subject(routine_label(node.funcname, node.parameters or ()))
    for attribute in ("typeName", "domainname", "defnames"):
        if isinstance(names := getattr(node, attribute, None), tuple):
            return Subject(names_label(names))
    return Subject(type(node).__name__.removesuffix("Stmt").lower())


def _of_relation(name: str, schema: Schema) -> Subject:
    found = schema.relations.get(name)
    return Subject(name, found is not None and found.is_new)


def _dropped(node: Any, schema: Schema) -> Subject:
    item: Any = node.objects[0]
    if is_a(item, ast.ObjectWithArgs):
        return Subject(routine_label(item.objname, None if item.args_unspecified else item.objfuncargs or ()))
    if is_a(item, ast.String):
        return Subject(written(item.sval))
    if node.removeType in _PARTS:
        table, name = part_of(item)
        return Subject(f"{table}.{written(name)}", _of_relation(table, schema).is_new)
    name = names_label(item)
    if node.removeType == ObjectType.OBJECT_INDEX:
        return Subject(name, _of_relation(schema.indexes.get(name, ""), schema).is_new)
    return _of_relation(name, schema)
