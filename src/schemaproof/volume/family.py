"""Who refers to whom, so that a child's references agree: where two share a column, both lead to one ancestor."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache

from schemaproof.volume.facts import ForeignKey, TableFacts
from schemaproof.volume.model import Reference
from schemaproof.volume.recipes import Copy

__all__ = ["Family", "Links"]

_SKEW = 0.7


@dataclass(frozen=True)
class Links:
    """A table's references; how columns follow from them, and which can be of none and are NULL."""

    references: Mapping[str, Reference] = field(default_factory=dict)
    columns: Mapping[str, Copy] = field(default_factory=dict)
    lonely: frozenset[str] = frozenset()


class Family:
    """Tables by their foreign keys. What closes a circle is left out, and a table that needs what is left out.

    Args:
        facts: the tables.
        fixed: those, and others, whose rows are what they are: what refers to them is not chosen anew.
    """

    def __init__(self, facts: Mapping[str, TableFacts], fixed: Collection[str] = ()) -> None:
        self._facts = facts
        self._fixed = frozenset(fixed)
        self.order: list[str] = []
        left = dict(facts)
        while ready := [name for name, each in left.items() if self._can_follow(each, left)]:
            for name in ready:
                self.order.append(name)
                del left[name]
        self.links: Callable[[str], Links] = cache(self._links)
        self.depth: Callable[[str], int] = cache(self._depth)

    def height(self, name: str, small: Collection[str]) -> int:
        """Return how many generations come after a table's rows, those of small tables not counted."""
        heights: dict[str, int] = {}
        for child in reversed(self.order):
            heights.setdefault(child, 0)
            above = heights[child] + (child not in small)
            for key in self._usable(child):
                heights[key.parent] = max(heights.get(key.parent, 0), above)
        return heights[name]

    def _can_follow(self, facts: TableFacts, left: Mapping[str, TableFacts]) -> bool:
        """Tell whether all that a table must refer to comes before it."""
        needed = [key.parent for key in facts.foreign_keys if self._is_needed(facts, key)]
        wanted = [key.parent for key in facts.foreign_keys if key.parent in left]
        later = [name for name in wanted if name != facts.name and not self._waits_for(name, facts.name)]
        return all(name in self.order or name in self._fixed for name in needed) and not later

    def _waits_for(self, name: str, other: str) -> bool:
        """Tell whether a table refers to another, at whatever remove: then they form a circle."""
        seen, ahead = set[str](), [name]
        while ahead:
            found = ahead.pop()
            if found == other:
                return True
            if found in self._facts and found not in seen:
                seen.add(found)
                ahead += [key.parent for key in self._facts[found].foreign_keys]
        return False

    @staticmethod
    def _is_needed(facts: TableFacts, key: ForeignKey) -> bool:
        return key.parent != facts.name and all(facts.columns[name].not_null for name in key.columns)

    def _depth(self, name: str) -> int:
        return max((self.depth(key.parent) + 1 for key in self._usable(name)), default=0)

    def _usable(self, name: str) -> list[ForeignKey]:
        """Return the foreign keys to tables that come before, the widest and nearest first."""
        before = [each for each in self.order[: self.order.index(name)] if each not in self._fixed]
        keys = [key for key in self._facts[name].foreign_keys if key.parent in before]
        return sorted(keys, key=lambda key: (-len(key.columns), self._parent_place(key)))

    def _parent_place(self, key: ForeignKey) -> int:
        return -self.order.index(key.parent)

    def _links(self, name: str) -> Links:
        references: dict[str, Reference] = {}
        columns: dict[str, Copy] = {}
        for key in self._usable(name):
            shared = [column for column in key.columns if column in columns]
            if len(shared) == len(key.columns):
                continue
            same = self._common(key, shared, columns, references) if shared else None
            if shared and same is None:
                continue
            label = _label(key.parent) if _label(key.parent) not in references else key.name
            references[label] = Reference(label, key.parent, _SKEW, cover=same is None, same=same)
            for column, parent in zip(key.columns, key.parent_columns, strict=True):
                columns.setdefault(column, Copy(f"{label}.{parent}"))
            for above in self.links(key.parent).references:
                references.setdefault(above, Reference(above, "", via=f"{label}.{above}"))
        return Links(references, columns, self._lonely(name, columns))

    def _common(
        self, key: ForeignKey, shared: list[str], columns: Mapping[str, Copy], references: Mapping[str, Reference]
    ) -> str | None:
        """Return the reference by which a child and the parent of another key have the shared columns from one row."""
        parents = dict(zip(key.columns, key.parent_columns, strict=True))
        other = self.links(key.parent)
        for label in other.references:
            if label in references and all(
                self._origin(columns[column].path, references)
                == self._origin(_path_of(other, parents[column]), other.references)
                == (label, self._origin(columns[column].path, references)[1])
                for column in shared
            ):
                return label
        return None

    def _origin(self, path: str, references: Mapping[str, Reference]) -> tuple[str, str]:
        """Return the label of the farthest ancestor that a column's value comes from, and the column there."""
        label, _, column = path.rpartition(".")
        if not label or label not in references:
            return label, column
        reference = references[label]
        if reference.via is not None:
            return label, column
        above = self.links(reference.to).columns.get(column)
        return (label, column) if above is None else self._origin(above.path, self.links(reference.to).references)

    def _lonely(self, name: str, columns: Mapping[str, Copy]) -> frozenset[str]:
        """Return the columns of foreign keys that nothing is found for; they must be NULL where they can."""
        facts = self._facts[name]
        return frozenset(
            column
            for key in facts.foreign_keys
            if key.parent not in self._fixed
            for column in key.columns
            if column not in columns and not facts.columns[column].not_null
        )


def _path_of(links: Links, column: str) -> str:
    return links.columns[column].path if column in links.columns else column


def _label(table: str) -> str:
    return table.replace(".", "_")
