"""What the expressions of policies and functions compare with what, as far as it was read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schemaproof.tenancy.nodes import ANY, CLAIMS, Claim, ColumnOf, Inside, Literal, Node, Setting, Source

__all__ = ["NOTHING", "Facts", "Sources", "merged"]

# Where a value comes from: empty for what is computed, as now() is.
Sources = frozenset[Source]
NOTHING: Sources = frozenset()
_PAST, _FUTURE = "2001-01-01", "2099-01-01"


def merged(several: Iterable[Sources]) -> Sources:
    """Return the sources of a value that is made of several."""
    return NOTHING.union(*several)


@dataclass
class Facts:
    """What was read.

    Args:
        equal: pairs of nodes that something compares for equality.
        values: literals that a column or claim is compared with, in the order found; those that let a row pass come
            first. None is NULL, ANY any other value.
        read: every claim and setting.
        lists: claims and settings whose value is an array of keys, by the elements that something takes of them.
        looked_up: columns of other tables than the policy's own that are compared with a claim or setting: memberships.
        joined: those that are compared with a column of the platform's users.
    """

    equal: list[tuple[Node, Node]] = field(default_factory=list)
    values: dict[Node, list[str | None]] = field(default_factory=dict)
    read: set[Claim | Setting] = field(default_factory=set)
    lists: set[Claim | Setting] = field(default_factory=set)
    looked_up: set[ColumnOf] = field(default_factory=set)
    joined: set[ColumnOf] = field(default_factory=set)

    def note(self, node: Source, *values: str | None) -> None:
        """Remember literals for a node."""
        if not isinstance(node, Literal):
            known = self.values.setdefault(node, [])
            known.extend(value for value in values if value not in known)

    def flag(self, sources: Sources, *, wanted: bool = True) -> None:
        """Note that columns stand for themselves in a condition: they are compared with true, or with false."""
        for source in sources:
            self.note(source, *(("true", "false") if wanted else ("false", "true")))

    def null(self, sources: Sources, *, wanted: bool) -> None:
        """Note that columns are asked whether they are NULL."""
        for source in sources:
            if isinstance(source, ColumnOf):
                self.note(source, *((None, ANY) if wanted else (ANY, None)))

    def compare(self, left: Sources, right: Sources) -> Iterator[tuple[Node, Node]]:
        """Note that two values are compared for equality; yield the pairs that are new."""
        for one, literals in _with_literals(left, right):
            for node in _ordered(one):
                self.note(node, *literals)
        for a in _ordered(left):
            for b in _ordered(right):
                if not isinstance(a, Literal) and not isinstance(b, Literal) and a != b and CLAIMS not in (a, b):
                    self.equal.append((a, b))
                    yield a, b

    def differ(self, left: Sources, right: Sources) -> None:
        """Note that two values must not be equal."""
        for one, literals in _with_literals(left, right):
            for node in _ordered(one):
                self.note(node, ANY, *literals)

    def order(self, left: Sources, right: Sources, *, later: bool) -> None:
        """Note that a moment is compared with now(), which has no sources: the left one must be later, or earlier."""
        for sources, other, first in ((left, right, later), (right, left, not later)):
            if not other:
                for source in sources:
                    self.note(source, *((_FUTURE, _PAST) if first else (_PAST, _FUTURE)))

    def told(self, source: Claim | Setting) -> Sources:
        """Note that a claim or setting is read; the whole token counts by its claims."""
        if source != CLAIMS:
            self.read.add(source)
        return frozenset({source})

    def descend(self, sources: Sources, path: tuple[str, ...]) -> Sources:
        """Return what lies at `path` inside of JSON values."""
        found = frozenset(inner for source in sources if (inner := _at(source, path)) is not None)
        self.read |= {source for source in found if isinstance(source, Claim | Setting)}
        return found


def _with_literals(left: Sources, right: Sources) -> Iterator[tuple[Sources, list[str | None]]]:
    """Each side with the literals of the other one, where it has any."""
    for one, other in ((left, right), (right, left)):
        if literals := [source.value for source in _ordered(other) if isinstance(source, Literal)]:
            yield one, literals


def _ordered(sources: Sources) -> list[Source]:
    """Sources in an order that is the same in every run."""
    return sorted(sources, key=str)


def _at(source: Source, path: tuple[str, ...]) -> Node | None:
    match source:
        case Claim(whole):
            return Claim(whole + path)
        case ColumnOf(relation, column) if path:
            return Inside(relation, column, path)
        case Inside(relation, column, whole):
            return Inside(relation, column, whole + path)
        case Setting(name, whole):
            return Setting(name, whole + path)
    return None
