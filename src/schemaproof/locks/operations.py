"""What a statement does, by its text: the operations that a remedy can be named for."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pglast import ast, parse_sql
from pglast.enums import AlterTableType, ConstrType
from pglast.parser import ParseError

__all__ = ["changes_rows", "is_query", "operations", "target"]

_QUERIES = {
    ast.SelectStmt: "select",
    ast.InsertStmt: "insert",
    ast.UpdateStmt: "update",
    ast.DeleteStmt: "delete",
    ast.MergeStmt: "merge",
    ast.CreateTableAsStmt: "create table as",
}
_CALLS = {ast.DoStmt: "do", ast.CallStmt: "call"}
_OTHERS = {
    ast.IndexStmt: "create index",
    ast.ReindexStmt: "reindex",
    ast.ClusterStmt: "cluster",
    ast.VacuumStmt: "vacuum",
    ast.TruncateStmt: "truncate",
    ast.RefreshMatViewStmt: "refresh materialized view",
}
_COMMANDS = {
    AlterTableType.AT_AddColumn: "add column",
    AlterTableType.AT_AlterColumnType: "alter column type",
    AlterTableType.AT_SetNotNull: "set not null",
    AlterTableType.AT_ValidateConstraint: "validate constraint",
    AlterTableType.AT_AttachPartition: "attach partition",
    AlterTableType.AT_SetLogged: "set logged",
    AlterTableType.AT_SetUnLogged: "set unlogged",
    AlterTableType.AT_SetAccessMethod: "set access method",
    AlterTableType.AT_SetTableSpace: "set tablespace",
    AlterTableType.AT_SetExpression: "set expression",
}
_CONSTRAINTS = {
    ConstrType.CONSTR_CHECK: "add check",
    ConstrType.CONSTR_FOREIGN: "add foreign key",
    ConstrType.CONSTR_UNIQUE: "add unique",
    ConstrType.CONSTR_PRIMARY: "add primary key",
    ConstrType.CONSTR_EXCLUSION: "add exclusion",
}
_CHANGES = ("update", "delete", "merge")


def operations(sql: str) -> tuple[str, ...]:
    """Return what a statement does; of ALTER TABLE each command. One that cannot be parsed goes by its first word."""
    root = _parsed(sql)
    if root is None:
        return (sql.split(None, 1)[0].lower(),) if sql.split() else ()
    found = tuple(dict.fromkeys(_operations(root)))
    return found or (_words(type(root).__name__),)


def is_query(done: tuple[str, ...]) -> bool:
    """Tell whether the planner decides what the statement reads: it is SELECT, INSERT and so on, or calls such."""
    return bool(done) and done[0] in (*_QUERIES.values(), *_CALLS.values())


def changes_rows(done: tuple[str, ...]) -> bool:
    """Tell whether it is one that changes rows that are there already."""
    return bool(done) and done[0] in _CHANGES


def target(sql: str) -> tuple[str | None, str] | None:
    """Return schema, if it is written, and name of the relation that a statement is about."""
    root = _parsed(sql)
    node: Any = getattr(root, "relation", None) or getattr(root, "relations", None)
    node = node[0] if isinstance(node, tuple) and node else node
    return (node.schemaname, str(node.relname)) if isinstance(node, ast.RangeVar) else None


@lru_cache(maxsize=8)
def _parsed(sql: str) -> Any | None:
    try:
        return parse_sql(sql)[0].stmt
    except (ParseError, IndexError):
        return None


def _operations(root: Any) -> Iterator[str]:
    if isinstance(root, ast.AlterTableStmt):
        for command in root.cmds or ():
            yield from _of_command(command)
    elif named := (_QUERIES | _CALLS | _OTHERS).get(type(root)):
        yield named


def _of_command(command: Any) -> Iterator[str]:
    if named := _COMMANDS.get(command.subtype):
        yield named
    added = command.def_
    constraints: Any = added.constraints or () if isinstance(added, ast.ColumnDef) else (added,)
    for each in constraints:
        if isinstance(each, ast.Constraint) and each.contype in _CONSTRAINTS:
            yield _CONSTRAINTS[each.contype]


def _words(name: str) -> str:
    """`CreatePolicyStmt` -> `create policy`."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name.removesuffix("Stmt")).strip()
