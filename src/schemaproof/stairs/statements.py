"""What statements do to rows that are there, read from their text: which lose a column, which can lose nothing."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pglast import ast, parse_sql
from pglast.enums import AlterTableType, ConstrType, ObjectType
from pglast.parser import ParseError

from schemaproof.contents import Name
from schemaproof.migrations import Script, Statement
from schemaproof.references import nodes

__all__ = [
    "Source",
    "assigns",
    "culprit",
    "is_inert",
    "is_opaque",
    "only_sheds",
    "requires_value",
    "sources",
    "validates",
]

_REMOVES = re.compile(r"\b(?:delete|truncate|drop|cascade)\b", re.IGNORECASE)
_INERT = (
    ast.AlterDefaultPrivilegesStmt,
    ast.AlterFunctionStmt,
    ast.AlterOwnerStmt,
    ast.AlterPolicyStmt,
    ast.CommentStmt,
    ast.CreateFunctionStmt,
    ast.CreatePolicyStmt,
    ast.CreateSchemaStmt,
    ast.CreateTrigStmt,
    ast.GrantRoleStmt,
    ast.GrantStmt,
    ast.VariableSetStmt,
    ast.ViewStmt,
)
_INERT_DROPS = frozenset(
    {
        ObjectType.OBJECT_FUNCTION,
        ObjectType.OBJECT_INDEX,
        ObjectType.OBJECT_POLICY,
        ObjectType.OBJECT_PROCEDURE,
        ObjectType.OBJECT_TRIGGER,
        ObjectType.OBJECT_VIEW,
    }
)
_INERT_COMMANDS = frozenset(
    {
        AlterTableType.AT_ChangeOwner,
        AlterTableType.AT_ColumnDefault,
        AlterTableType.AT_DisableRowSecurity,
        AlterTableType.AT_DropConstraint,
        AlterTableType.AT_DropNotNull,
        AlterTableType.AT_EnableRowSecurity,
        AlterTableType.AT_ForceRowSecurity,
        AlterTableType.AT_NoForceRowSecurity,
        AlterTableType.AT_SetRelOptions,
    }
)


@dataclass(frozen=True)
class Source:
    """An UPDATE, and the tables and columns that it takes a column's values from."""

    statement: Statement
    tables: frozenset[Name]
    columns: frozenset[str]


def is_inert(script: Script) -> bool:
    """Tell whether no statement of a file can touch a row, or fail on one."""
    return all(_is_inert(tree) for tree in _trees(script))


def is_opaque(script: Script) -> bool:
    """Tell whether a file runs what its text does not show: functions, procedures, statements made up in a block."""
    return any(_is_opaque(tree) for tree in _trees(script))


def only_sheds(script: Script) -> bool:
    """Tell whether a file only drops: it cannot fail on rows, and of what it leaves it changes nothing."""
    return all(_is_inert(tree) or _drops(tree) for tree in _trees(script))


def assigns(scripts: Iterable[Script], table: Name, column: str) -> bool:
    """Tell whether a statement itself gives values to a column of rows that are there."""
    return any(_loss(statement, table, column) for script in scripts for statement in script.statements)


def culprit(scripts: Sequence[Script], others: Sequence[Script], table: Name, column: str | None) -> Statement | None:
    """Return the statement that lost a column, or rows of a table.

    Args:
        scripts: where one is looked for that says so; the first counts.
        others: where, else, one that names it is looked for.
        table: whose.
        column: which; None: rows.
    """
    named = [statement for script in others for statement in script.statements]
    judges: tuple[tuple[Iterable[Statement], Callable[[Statement], bool]], ...] = (
        ((found for script in scripts for found in script.statements), lambda found: _loss(found, table, column)),
        (named, lambda found: _mentions(found, table[-1]) and (column is None or _mentions(found, column))),
        (named, lambda found: _mentions(found, table[-1])),
        (named, lambda found: column is None and _REMOVES.search(found.sql) is not None),
    )
    return next((found for statements, judge in judges for found in statements if judge(found)), None)


def requires_value(sql: str, existing: Callable[[Name, str], bool]) -> bool:
    """Tell whether a statement requires a value of a column that its own migration adds: each row is against it."""
    for tree in _parsed(sql):
        if isinstance(tree, ast.AlterTableStmt):
            table = _named(tree.relation)
            for command in tree.cmds or ():
                if command.subtype == AlterTableType.AT_AddColumn and _not_null(command.def_):
                    return True
                if command.subtype == AlterTableType.AT_SetNotNull and not existing(table, command.name):
                    return True
    return False


def validates(sql: str) -> bool:
    """Tell whether a statement does nothing but ask whether the rows meet a constraint."""
    return any(
        isinstance(tree, ast.AlterTableStmt)
        and all(command.subtype == AlterTableType.AT_ValidateConstraint for command in tree.cmds or ())
        for tree in _parsed(sql)
    )


def sources(script: Script, table: Name, column: str) -> Iterator[Source]:
    """Yield where a file's UPDATEs take the values of a column from, if from columns."""
    for statement in script.statements:
        for node in (node for tree in _parsed(statement.sql) for node in nodes(tree)):
            if isinstance(node, ast.UpdateStmt) and _same(_named(node.relation), table):
                tables = frozenset(_named(each) for each in nodes(node) if isinstance(each, ast.RangeVar))
                for target in node.targetList or ():
                    if target.name == column and (columns := _columns(target.val)):
                        yield Source(statement, tables, columns)


def _columns(expression: Any) -> frozenset[str]:
    references = (node for node in nodes(expression) if isinstance(node, ast.ColumnRef))
    last = (reference.fields[-1] for reference in references if reference.fields)
    return frozenset(field.sval or "" for field in last if isinstance(field, ast.String))


def _not_null(column: Any) -> bool:
    return any(found.contype == ConstrType.CONSTR_NOTNULL for found in column.constraints or ())


def _trees(script: Script) -> Iterator[Any]:
    for statement in script.statements:
        yield from _parsed(statement.sql) or [None]


def _parsed(sql: str) -> list[Any]:
    try:
        return [raw.stmt for raw in parse_sql(sql)]
    except ParseError:
        return []


def _is_inert(tree: Any) -> bool:
    if isinstance(tree, ast.DropStmt):
        return tree.removeType in _INERT_DROPS
    if isinstance(tree, ast.AlterTableStmt):
        return all(command.subtype in _INERT_COMMANDS for command in tree.cmds or ())
    return isinstance(tree, _INERT)


def _is_opaque(tree: Any) -> bool:
    if isinstance(tree, ast.SelectStmt):
        return any(isinstance(node, ast.FuncCall) for node in nodes(tree))
    if isinstance(tree, ast.DoStmt):
        text = " ".join(node.sval or "" for node in nodes(tree) if isinstance(node, ast.String))
        return re.search(r"\b(?:execute|perform|call)\b", text, re.IGNORECASE) is not None
    return tree is None or isinstance(tree, ast.CallStmt)


def _drops(tree: Any) -> bool:
    if isinstance(tree, ast.AlterTableStmt):
        kinds = _INERT_COMMANDS | {AlterTableType.AT_DropColumn}
        return all(command.subtype in kinds for command in tree.cmds or ())
    return isinstance(tree, ast.DropStmt)


def _loss(statement: Statement, table: Name, column: str | None) -> bool:
    trees = _parsed(statement.sql)
    if any(isinstance(tree, ast.DoStmt) for tree in trees) or not trees:
        return _assigns_in_text(statement.sql, table[-1], column)
    return any(_is_loss(node, table, column) for tree in trees for node in nodes(tree))


def _is_loss(node: Any, table: Name, column: str | None) -> bool:
    match node:
        case ast.DropStmt():
            gone = [tuple(part.sval for part in parts) for parts in node.objects or () if isinstance(parts, tuple)]
            tables = node.removeType in (ObjectType.OBJECT_TABLE, ObjectType.OBJECT_SCHEMA)
            return tables and any(_same(name, table) for name in gone)
        case ast.TruncateStmt():
            return column is None and any(_same(_named(each), table) for each in node.relations or ())
        case ast.DeleteStmt():
            return column is None and _same(_named(node.relation), table)
        case ast.UpdateStmt():
            return _same(_named(node.relation), table) and column in _targets(node)
        case ast.InsertStmt(onConflictClause=ast.OnConflictClause() as conflict):
            return _same(_named(node.relation), table) and column in _targets(conflict)
        case ast.AlterTableStmt():
            kinds = (AlterTableType.AT_DropColumn, AlterTableType.AT_AlterColumnType)
            named = [command.name for command in node.cmds or () if command.subtype in kinds]
            return _same(_named(node.relation), table) and column in named
    return False


def _targets(node: Any) -> list[str]:
    return [target.name for target in node.targetList or ()]


def _named(relation: Any) -> Name:
    return (relation.schemaname or "public", relation.relname)


def _same(name: Name, table: Name) -> bool:
    return name[-1] == table[-1] and (len(name) < 2 or name[-2] == table[0])


def _assigns_in_text(sql: str, table: str, column: str | None) -> bool:
    if not re.search(rf"\b{re.escape(table)}\b", sql):
        return False
    if column is None:
        removes = rf"\b(delete\s+from|truncate|drop\s+table)\b[^;]*\b{re.escape(table)}\b"
        return re.search(removes, sql, re.IGNORECASE) is not None
    return re.search(rf'\bset\b[^;]*\b{re.escape(column)}"?\s*=', sql, re.IGNORECASE) is not None


def _mentions(statement: Statement, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", statement.sql) is not None
