"""The SQL within a function's body or a DO block, as parsed trees: to PostgreSQL, a body is a string."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pglast import ast, parse_plpgsql, parse_sql
from pglast.parser import ParseError

from schemaproof.lint.trees import is_a
from schemaproof.references import text_of

__all__ = ["Query", "body_trees", "plpgsql_queries"]

# Parse modes of PL/pgSQL: 2 an expression, 3 to 5 an assignment (PostgreSQL's RawParseMode).
_EXPRESSION = 2
_ASSIGNMENTS = (3, 4, 5)
_TARGET = re.compile(r"\A[^=]*?:?=")
_DYNAMIC = ("PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors")


@dataclass(frozen=True)
class Query:
    """A statement or expression of PL/pgSQL.

    Args:
        text: its SQL, an expression with SELECT before it.
        line: of its statement, counted from the line on which the body opens.
        dynamic: it is the text of EXECUTE.
    """

    text: str
    line: int
    dynamic: bool = False

    @property
    def trees(self) -> tuple[Any, ...]:
        """What it parses to; of EXECUTE with a literal, what that parses to."""
        trees = _trees(self.text)
        if not self.dynamic or not trees:
            return trees
        targets = (trees[0].targetList or ()) if is_a(trees[0], ast.SelectStmt) else ()
        literal = text_of(targets[0].val) if targets else None
        return _trees(literal) if literal else ()


def plpgsql_queries(parsed: Any, line: int = 1) -> Iterator[Query]:
    """Give the queries of what `parse_plpgsql` returned, in their order."""
    if isinstance(parsed, list):
        for each in parsed:
            yield from plpgsql_queries(each, line)
    elif isinstance(parsed, dict):
        for kind, value in parsed.items():
            here = value.get("lineno", line) if isinstance(value, dict) else line
            if kind in _DYNAMIC:
                yield from (_as_dynamic(query) for query in plpgsql_queries(value, here))
            elif kind == "PLpgSQL_expr":
                yield Query(_as_statement(value), line)
            else:
                yield from plpgsql_queries(value, here)


def body_trees(language: str, body: str, definition: str) -> tuple[Any, ...]:
    """Return the statements of a function's body; nothing of a language that is not SQL or PL/pgSQL.

    Args:
        definition: the CREATE FUNCTION statement.
    """
    if language == "sql":
        return _trees(body)
    return _plpgsql_trees(definition) if language == "plpgsql" else ()


@lru_cache(maxsize=4096)
def _plpgsql_trees(definition: str) -> tuple[Any, ...]:
    try:
        queries = list(plpgsql_queries(parse_plpgsql(definition)))
    except (ParseError, ValueError):
        return ()
    return tuple(tree for query in queries for tree in query.trees)


@lru_cache(maxsize=4096)
def _trees(text: str) -> tuple[Any, ...]:
    try:
        return tuple(raw.stmt for raw in parse_sql(text))
    except ParseError:
        return ()


def _as_dynamic(query: Query) -> Query:
    return Query(query.text, query.line, dynamic=True)


def _as_statement(value: Any) -> str:
    query, mode = str(value["query"]), value.get("parseMode", 0)
    if mode in _ASSIGNMENTS:
        query = _TARGET.sub("", query, count=1)
    return query if mode not in (_EXPRESSION, *_ASSIGNMENTS) else f"select {query}"
