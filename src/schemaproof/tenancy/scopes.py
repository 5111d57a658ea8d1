"""What names mean at a place of a query: relations by alias, parameters, and what is around."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schemaproof.tenancy.facts import NOTHING, Sources
from schemaproof.tenancy.nodes import ColumnOf
from schemaproof.tenancy.syntax import quoted

__all__ = ["Columns", "Named", "Scope"]

# Names of the columns of each relation, by its label.
Columns = Mapping[str, frozenset[str]]
# What an alias stands for: a relation's label, the columns of a sub-select, or what is not known.
Named = str | Mapping[str, Sources] | None


@dataclass(frozen=True)
class Scope:
    """A place of a query.

    Args:
        relations: by alias.
        parameters: sources of a function's arguments and variables, by name and by `$1`.
        outer: what is around.
        depth: how many functions deep the place is.
    """

    relations: Mapping[str, Named] = field(default_factory=dict)
    parameters: Mapping[str, Sources] = field(default_factory=dict)
    outer: "Scope | None" = None
    depth: int = 0

    def within(self, relations: Mapping[str, Named]) -> "Scope":
        """Return a scope inside of this one."""
        return replace(self, relations=relations, parameters={}, outer=self)

    def column(self, names: list[str], columns: Columns) -> Sources:
        """Return the sources of a name such as `t.id`: of a column, else of a parameter; the nearest scope wins."""
        for scope in self._outward():
            if (found := scope._here(names, columns)) is not None:
                return found
        return NOTHING

    def parameter(self, name: str) -> Sources:
        """Return the sources of `$1`."""
        return next((scope.parameters[name] for scope in self._outward() if name in scope.parameters), NOTHING)

    def relation(self, node: Any, columns: Columns) -> Named:
        """Return what a name in FROM stands for: a CTE, else a relation; `public` comes first without a schema."""
        if node.schemaname:
            label = f"{quoted(node.schemaname)}.{quoted(node.relname)}"
            return label if label in columns else None
        for scope in self._outward():
            if isinstance(found := scope.relations.get(node.relname), Mapping):
                return found
        fit = [label for label in columns if label.rpartition(".")[2] == quoted(node.relname)]
        return next((label for label in fit if label.startswith("public.")), fit[0] if fit else None)

    def _outward(self) -> "Iterator[Scope]":
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def _here(self, names: list[str], columns: Columns) -> Sources | None:
        column, qualifier = names[-1], names[-2] if len(names) > 1 else None
        for alias, relation in self.relations.items():
            if qualifier not in (None, alias):
                continue
            if isinstance(relation, str) and column in columns.get(relation, ()):
                return frozenset({ColumnOf(relation, column)})
            if isinstance(relation, Mapping) and column in relation:
                return relation[column]
        return self.parameters.get(column)
