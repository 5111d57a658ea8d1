"""The effects of the statements of files, each with its place."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from pglast import parse_sql
from pglast.parser import ParseError

from schemaproof.findings import Location
from schemaproof.origins.effects import Effect, Made, effects

__all__ = ["Statement", "placed_effects"]


class Statement(Protocol):
    """One statement of a file."""

    @property
    def sql(self) -> str:
        """Its text."""

    @property
    def path(self) -> Path:
        """The file's."""

    @property
    def line(self) -> int:
        """That of its first token, from 1."""


def placed_effects(statements: Iterable[Statement]) -> Iterator[tuple[Effect, Location]]:
    """Yield what statements do, in their order, and the line of each: an element's own in a statement of several."""
    for statement in statements:
        for parsed in _parse(statement.sql):
            for effect in effects(parsed):
                offset = effect.offset if isinstance(effect, Made) else 0
                yield effect, Location(statement.path, statement.line + statement.sql.count("\n", 0, offset))


def _parse(sql: str) -> list[Any]:
    try:
        return [raw.stmt for raw in parse_sql(sql)]
    except ParseError:
        return []
