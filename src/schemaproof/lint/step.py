"""The statements of migrations as parsed trees, each with the transaction that it runs in; DO blocks are opened."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from pglast import ast, parse_plpgsql, parse_sql
from pglast.enums import TransactionStmtKind
from pglast.parser import ParseError

from schemaproof.findings import Location
from schemaproof.lint.bodies import plpgsql_queries
from schemaproof.lint.trees import is_a
from schemaproof.migrations import Migration, MigrationError, Statement
from schemaproof.migrations.plan import plan

__all__ = ["Step", "read_steps"]

_BODY = re.compile(r"\$[^$\s]*\$|'")
_OPENS = (TransactionStmtKind.TRANS_STMT_BEGIN, TransactionStmtKind.TRANS_STMT_START)
_CLOSES = (
    TransactionStmtKind.TRANS_STMT_COMMIT,
    TransactionStmtKind.TRANS_STMT_PREPARE,
    TransactionStmtKind.TRANS_STMT_ROLLBACK,
)


@dataclass(frozen=True, eq=False)
class Step:
    """A statement, or one within a DO block.

    Args:
        migration: whose it is.
        statement: as it stands in the file.
        node: its parsed tree.
        transaction: equal for those that commit together.
        is_new: one of the migrations that are looked at, and not of the history that they follow.
        line: where it begins.
        dynamic: text that a DO block makes and executes.
    """

    migration: Migration
    statement: Statement
    node: Any
    transaction: tuple[str, int]
    is_new: bool
    line: int
    dynamic: str = ""

    @property
    def is_inside(self) -> bool:
        """Whether it stands within a DO block, which may not come to it."""
        return self.line != self.statement.line

    def location(self, node: Any = None) -> Location:
        """Return the file and line of the step, or of a node within it."""
        offset = getattr(node, "location", None) or 0
        inside = self.statement.sql.count("\n", 0, offset) if self.line == self.statement.line else 0
        return Location(self.statement.path, self.line + inside)


def read_steps(migrations: Iterable[Migration], *, new: bool) -> Iterator[Step]:
    """Parse the statements of migrations in their order.

    Args:
        new: whether they are looked at; of a history, what does not parse is passed over.

    Raises:
        MigrationError: a new one that does not parse, by file and line.
    """
    for migration in migrations:
        try:
            numbered = list(_numbered(migration))
        except MigrationError:
            if new:
                raise
            continue
        for statement, node, number in numbered:
            if isinstance(node, _Unparsed):
                if new:
                    _refuse(migration, statement, node)
                continue
            step = Step(migration, statement, node, (migration.version, number), new, statement.line)
            yield from _opened(step) if is_a(node, ast.DoStmt) else (step,)


@dataclass(frozen=True)
class _Unparsed:
    """What the grammar rejects, and where."""

    message: str
    index: int


def _parse(statement: Statement) -> Any:
    try:
        return parse_sql(statement.sql)[0].stmt
    except ParseError as error:
        return _Unparsed(str(error.args[0]), int(error.args[1]) if len(error.args) > 1 else 0)


def _refuse(migration: Migration, statement: Statement, found: _Unparsed) -> NoReturn:
    raise MigrationError.at(
        migration.text,
        statement.path,
        statement.start + max(found.index, 0),
        found.message,
        statement=statement.sql,
        sqlstate="42601",
        remedy="Mend the statement: what does not parse is not looked at.",
    )


def _numbered(migration: Migration) -> Iterator[tuple[Statement, Any, int]]:
    """Give each statement with its tree and its transaction: the runner's, or the one that the file's BEGIN opens."""
    number, open_ = 0, False
    for batch in plan(migration.script).batches:
        number += not open_
        for statement in batch.statements:
            node = _parse(statement)
            kind = node.kind if is_a(node, ast.TransactionStmt) else None
            open_ = (open_ or kind in _OPENS) and kind not in _CLOSES
            yield statement, node, number


def _opened(block: Step) -> Iterator[Step]:
    """Give a DO block, and the statements within it."""
    try:
        queries = list(plpgsql_queries(parse_plpgsql(block.statement.sql)))
    except (ParseError, ValueError):
        queries = []
    yield _copy(block, block.node, block.line, "\n".join(query.text for query in queries if query.dynamic))
    body = _BODY.search(block.statement.sql)
    first = block.line + block.statement.sql.count("\n", 0, body.end() if body else 0)
    for query in queries:
        for node in query.trees:
            if not is_a(node, ast.SelectStmt):
                yield _copy(block, node, first + max(query.line, 1) - 1)


def _copy(block: Step, node: Any, line: int, dynamic: str = "") -> Step:
    return Step(block.migration, block.statement, node, block.transaction, block.is_new, line, dynamic)
