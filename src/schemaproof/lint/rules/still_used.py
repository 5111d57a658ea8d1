"""What is gone is asked for by nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pglast import ast, parse_sql
from pglast.enums import AlterTableType, DropBehavior, ObjectType
from pglast.parser import ParseError

from schemaproof.findings import Level
from schemaproof.lint.alterations import alterations
from schemaproof.lint.dependents import taken_along
from schemaproof.lint.names import label, names_label, routine_label, routine_name, written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Schema
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a, relations_of
from schemaproof.lint.uses import Use, calls, names_value, use_of_column, use_of_row

__all__ = ["still_used"]

_RELATIONS = (ObjectType.OBJECT_TABLE, ObjectType.OBJECT_VIEW, ObjectType.OBJECT_MATVIEW)
_ROUTINES = (ObjectType.OBJECT_FUNCTION, ObjectType.OBJECT_PROCEDURE, ObjectType.OBJECT_ROUTINE)
_BOUND = ("view", "policy")


@dataclass(frozen=True)
class _Gone:
    """What a step takes away: a column of `name`, a value of the type, the relation, or the function."""

    kind: str
    name: str
    word: str
    column: str = ""

    def __str__(self) -> str:
        return f"{self.name}.{written(self.column)}" if self.column else self.name

    def use(self, trees: tuple[Any, ...], schema: Schema) -> Use:
        """Say whether statements use it."""
        if self.kind == "value":
            used = any(names_value(tree, schema, self.name, self.column) for tree in trees)
            return Use.PERHAPS if used else Use.NONE
        if self.kind == "column":
            return use_of_column(trees, self.name, self.column)
        if self.kind == "function":
            return Use.SURE if calls(trees, self.name) else Use.NONE
        return Use.SURE if any(self.name in relations_of(tree) for tree in trees) else Use.NONE


@rule(level=Level.ERROR)
def still_used(step: Step, review: Review) -> Iterator[Harm]:
    """A column, table or function is dropped or renamed, and a function's body or a query still asks for it.

    PostgreSQL keeps bodies as text (but those in the standard's form) and does not look into them: the migration
    succeeds, and the next call fails. A rename changes views and policies, and no body. An error where the text is
    sure; a warning where it may be another table's column of the same name, or where PostgreSQL itself will refuse.
    """
    for gone in _gone(step, review):
        users = dict(_users(gone, review))
        sure = sorted(name for name, use in users.items() if use is Use.SURE)
        if users:
            named = sure or sorted(users)
            more = ", …" if len(named) > 3 else ""
            yield Harm(
                str(gone),
                f"{gone} is {gone.word}, and {', '.join(named[:3])}{more} {'' if sure else 'may '}still "
                f"{_verb(len(named), sure=bool(sure))} it",
                "Change them in the same migration; or keep the old name until nobody asks for it.",
                what=gone.word,
                level=Level.ERROR if sure else Level.WARNING,
                detail="\n".join(named),
            )
        if gone.word == "dropped" and (bound := _bound(gone, step, review)):
            yield Harm(
                str(gone),
                f"{gone} is dropped while {', '.join(bound[:3])} stand on it: PostgreSQL refuses (2BP01)",
                "Drop or change them first, by name.",
                what="refused",
                level=Level.WARNING,
                detail="\n".join(bound),
            )


def _verb(number: int, *, sure: bool) -> str:
    return "uses" if sure and number == 1 else "use"


def _gone(step: Step, review: Review) -> Iterator[_Gone]:
    """Yield what the step takes away for good."""
    for table, command in alterations(step, review, AlterTableType.AT_DropColumn):
        yield from _column(table.label, command.name, "dropped", review)
    node = step.node
    if is_a(node, ast.RenameStmt):
        yield from _renamed(node, review)
    elif is_a(node, ast.AlterEnumStmt) and node.oldVal:
        yield from _value(names_label(node.typeName), node.oldVal, review)
    elif is_a(node, ast.DropStmt):
        for item in node.objects:
            if node.removeType in _RELATIONS:
                yield from _relation(names_label(item), "dropped", review)
            elif node.removeType in _ROUTINES:
                yield from _routine(routine_label(item.objname, None), "dropped", review)
    elif is_a(node, ast.AlterObjectSchemaStmt) and node.objectType in _RELATIONS:
        yield from _relation(label(node.relation), "moved", review)


def _renamed(node: Any, review: Review) -> Iterator[_Gone]:
    if node.renameType == ObjectType.OBJECT_COLUMN and node.relation is not None:
        yield from _column(label(node.relation), node.subname, "renamed", review)
    elif node.renameType in _RELATIONS:
        yield from _relation(label(node.relation), "renamed", review)
    elif node.renameType in _ROUTINES:
        yield from _routine(routine_label(node.object.objname, None), "renamed", review)


def _value(name: str, value: str, review: Review) -> Iterator[_Gone]:
    enum = review.final.enums.get(name)
    if enum is not None and not enum.made.is_new and value not in enum.values:
        yield _Gone("value", name, "renamed", value)


def _column(table: str, column: str, word: str, review: Review) -> Iterator[_Gone]:
    there = review.final.relation(table)
    if review.existing(table) is not None and table in review.final.relations and column not in there.columns:
        yield _Gone("column", table, word, column)


def _relation(name: str, word: str, review: Review) -> Iterator[_Gone]:
    there = review.schema.relations.get(name)
    if there is not None and not there.is_new and name not in review.final.relations:
        yield _Gone("relation", name, word)


def _routine(name: str, word: str, review: Review) -> Iterator[_Gone]:
    old = review.schema.routines(name)
    if any(not each.step.is_new for each in old) and not review.final.routines(name):
        yield _Gone("function", routine_name(name), word)


def _users(gone: _Gone, review: Review) -> Iterator[tuple[str, Use]]:
    for function in review.final.functions.values():
        use = gone.use(function.trees, review.final)
        if gone.kind == "column" and _is_called_for(function.label, gone.name, review):
            use = max(use, use_of_row(function.trees, gone.column))
        if use:
            yield f"function {function.label}", use
    for query in review.options.catalogue:
        if use := gone.use(_parsed(query.sql), review.final):
            yield f"query {query.name}", use


def _is_called_for(function: str, table: str, review: Review) -> bool:
    name = routine_name(function)
    return any(each.table == table and each.function == name for each in review.final.triggers.values())


def _parsed(sql: str) -> tuple[Any, ...]:
    try:
        return tuple(raw.stmt for raw in parse_sql(sql))
    except ParseError:
        return ()


def _bound(gone: _Gone, step: Step, review: Review) -> list[str]:
    """Return the views and policies for which PostgreSQL refuses a DROP without CASCADE."""
    node = step.node
    if is_a(node, ast.DropStmt):
        items = [each for each in node.objects if _name(node, each) == gone.name]
        named = {_name(node, each) for each in node.objects}
        single: Any = ast.DropStmt(objects=tuple(items), removeType=node.removeType, behavior=DropBehavior.DROP_CASCADE)
        refuses = node.behavior != DropBehavior.DROP_CASCADE
    else:
        command = next(each for each in node.cmds if each.name == gone.column)
        cascade = ast.AlterTableCmd(subtype=command.subtype, name=command.name, behavior=DropBehavior.DROP_CASCADE)
        single, named = ast.AlterTableStmt(relation=node.relation, cmds=(cascade,), objtype=node.objtype), set()
        refuses = command.behavior != DropBehavior.DROP_CASCADE
    taken = taken_along(review.schema, single) if refuses else ()
    return [str(each) for each in taken if each.kind in _BOUND and each.key not in named]


def _name(node: Any, item: Any) -> str:
    return routine_label(item.objname, None) if node.removeType in _ROUTINES else names_label(item)
