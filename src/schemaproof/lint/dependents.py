"""What a DROP … CASCADE takes along, as far as the text tells: views, policies, triggers, foreign keys, columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pglast import ast
from pglast.enums import AlterTableType, DropBehavior, ObjectType

from schemaproof.lint.names import label, names_label, routine_label, routine_name, written
from schemaproof.lint.schema import Function, Schema
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a, relations_of
from schemaproof.lint.uses import Use, calls, use_of_column
from schemaproof.origins.names import strings
from schemaproof.references import column_of, nodes

__all__ = ["Dependent", "taken_along"]

_RELATIONS = (
    ObjectType.OBJECT_TABLE,
    ObjectType.OBJECT_VIEW,
    ObjectType.OBJECT_MATVIEW,
    ObjectType.OBJECT_FOREIGN_TABLE,
)
_ROUTINES = (ObjectType.OBJECT_FUNCTION, ObjectType.OBJECT_PROCEDURE, ObjectType.OBJECT_ROUTINE)


@dataclass(frozen=True)
class Dependent:
    """An object that goes with another.

    Args:
        kind: `view`, `policy`, `trigger`, `foreign key`, `constraint`, `column`, `function` or `table`.
        key: of the schema's dictionary of its kind.
        made: the step that made it.
    """

    kind: str
    key: Any
    made: Step | None

    def __str__(self) -> str:
        name = f"{self.key[0]}.{written(self.key[1])}" if isinstance(self.key, tuple) else self.key
        return f"{self.kind} {name}"


def taken_along(schema: Schema, node: Any) -> tuple[Dependent, ...]:
    """Return what a statement takes along by CASCADE, without what it names itself; nothing without CASCADE."""
    if is_a(node, ast.DropStmt) and node.behavior == DropBehavior.DROP_CASCADE:
        found = [each for item in node.objects for each in _of_object(schema, node.removeType, item)]
        named = {names_label(item) for item in node.objects} if node.removeType in _RELATIONS else set()
    elif is_a(node, ast.AlterTableStmt):
        cascades = [each for each in node.cmds or () if each.behavior == DropBehavior.DROP_CASCADE]
        found = [each for command in cascades for each in _of_command(schema, label(node.relation), command)]
        named = set()
    else:
        return ()
    return tuple(dict.fromkeys(each for each in found if each.key not in named and _owner(each) not in named))


def _owner(dependent: Dependent) -> str | None:
    return dependent.key[0] if isinstance(dependent.key, tuple) else None


def _of_object(schema: Schema, kind: ObjectType, item: Any) -> Iterator[Dependent]:
    if kind in _RELATIONS:
        yield from _of_relation(schema, names_label(item))
    elif kind in _ROUTINES:
        parameters = None if item.args_unspecified else item.objfuncargs or ()
        for function in schema.routines(routine_label(item.objname, parameters)):
            yield from _of_function(schema, function)
    elif kind in (ObjectType.OBJECT_TYPE, ObjectType.OBJECT_DOMAIN):
        yield from _of_type(schema, names_label(item))
    elif kind == ObjectType.OBJECT_SCHEMA:
        for relation in schema.relations.values():
            if relation.schema == written(item.sval):
                yield Dependent(relation.kind, relation.label, relation.made)


def _of_relation(schema: Schema, name: str) -> Iterator[Dependent]:
    yield from _views(schema, lambda query: name in relations_of(query))
    yield from _policies(schema, lambda tree: name in relations_of(tree), besides=name)
    for key, each in schema.constraints.items():
        if each.references == name and each.table != name:
            yield Dependent("foreign key", key, each.step)
    for function in schema.functions.values():
        if name in _types_of(function) or (function.node.sql_body and name in relations_of(function.node.sql_body)):
            yield Dependent("function", function.label, function.step)


def _of_function(schema: Schema, function: Function) -> Iterator[Dependent]:
    name = routine_name(function.label)

    def asks(tree: Any) -> bool:
        return calls((tree,), name)

    yield from _views(schema, asks)
    yield from _policies(schema, asks)
    for key, trigger in schema.triggers.items():
        if trigger.function == name:
            yield Dependent("trigger", key, trigger.step)
    for key, each in schema.constraints.items():
        if each.node.raw_expr is not None and asks(each.node.raw_expr):
            yield Dependent("constraint", key, each.step)


def _of_type(schema: Schema, name: str) -> Iterator[Dependent]:
    for relation in schema.relations.values():
        for column, each in relation.columns.items():
            if each.type is not None and names_label(each.type.names) == name:
                yield Dependent("column", (relation.label, column), relation.made)
    for function in schema.functions.values():
        if name in _types_of(function):
            yield Dependent("function", function.label, function.step)


def _of_command(schema: Schema, table: str, command: Any) -> Iterator[Dependent]:
    if command.subtype == AlterTableType.AT_DropColumn:
        name = command.name
        yield from _views(schema, lambda query: use_of_column((query,), table, name) == Use.SURE)
        for key, policy in schema.policies.items():
            trees = [each for each in (policy.using, policy.check) if each is not None]
            if (policy.table == table and any(_names_column(tree, table, name) for tree in trees)) or (
                use_of_column(trees, table, name) == Use.SURE
            ):
                yield Dependent("policy", key, policy.step)
        yield from _foreign_keys(schema, table, (name,))
    elif command.subtype == AlterTableType.AT_DropConstraint:
        dropped = schema.constraints.get((table, command.name))
        if dropped is not None and dropped.references is None:
            yield from _foreign_keys(schema, table, dropped.columns)


def _foreign_keys(schema: Schema, table: str, columns: tuple[str, ...]) -> Iterator[Dependent]:
    for key, each in schema.constraints.items():
        if each.references == table and set(strings(each.node.pk_attrs or ())) & set(columns):
            yield Dependent("foreign key", key, each.step)


def _names_column(tree: Any, table: str, column: str) -> bool:
    """Tell whether a policy's expression names a column of its own table."""
    own = table.rpartition(".")[2].strip('"')
    fields = (column_of(node) for node in nodes(tree))
    return any(each[-1:] == (column,) and each[:-1] in ((), (own,)) for each in fields)


def _views(schema: Schema, asks: Callable[[Any], bool]) -> Iterator[Dependent]:
    """Yield the views that ask, and those that stand on them."""
    waiting = [each for each in schema.relations.values() if each.query is not None and asks(each.query)]
    seen: set[str] = set()
    while waiting:
        view = waiting.pop(0)
        if view.label not in seen:
            seen.add(view.label)
            yield Dependent(view.kind, view.label, view.made)
            waiting.extend(schema.views_on(view.label))


def _policies(schema: Schema, asks: Callable[[Any], bool], *, besides: str = "") -> Iterator[Dependent]:
    for key, policy in schema.policies.items():
        trees = (policy.using, policy.check)
        if policy.table != besides and any(tree is not None and asks(tree) for tree in trees):
            yield Dependent("policy", key, policy.step)


def _types_of(function: Function) -> set[str]:
    """Return the types in a function's signature."""
    types = [each.argType for each in function.node.parameters or ()]
    types += [function.node.returnType] if function.node.returnType else []
    return {names_label(each.names) for each in types}
