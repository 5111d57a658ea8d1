"""Plans: each query with its limits, its cases, and one tree for each shape that they have."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from schemaproof.report.page.section import Document, Section
from schemaproof.report.page.tree import Branch, grow

__all__ = ["Case", "Inner", "Query", "Shape", "plans"]

_SIZES = ("all", "largest", "small", "missing")


@dataclass(frozen=True)
class Case:
    """One measurement, its place in the document, and the letter of its shape."""

    found: Document
    place: int
    shape: str


@dataclass(frozen=True)
class Inner:
    """A statement that ran within: in a function, a trigger, a foreign key."""

    found: Document
    place: int
    tree: Branch


@dataclass(frozen=True)
class Shape:
    """A shape with the tree of the case that shows it, and all cases that have it.

    Args:
        repeated: how many statements within are those of a plan above, and not shown again.
    """

    letter: str
    case: Case
    tree: Branch
    inner: tuple[Inner, ...]
    repeated: int
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A query of the catalogue with everything that is known of its plans."""

    query: Document
    group: str
    cases: tuple[Case, ...]
    shapes: tuple[Shape, ...]
    broken: tuple[str, ...]


def plans(document: Document) -> Section | None:
    """Return the section; None for a document without queries."""
    if not document.get("queries"):
        return None
    at_scale: dict[str, list[tuple[int, Document]]] = {}
    for place, found in enumerate(document["measurements"]):
        if found["profile"] == document["judged"] and found["plan"]:
            at_scale.setdefault(found["query"], []).append((place, found))
    return Section(
        "plans",
        "Queries and plans",
        f"At {document['judged']}. A tree stands for all cases of its shape; its numbers are those of the first.",
        {"queries": [_query(query, at_scale.get(query["id"], ())) for query in document["queries"]]},
    )


def _query(query: Document, measured: Sequence[tuple[int, Document]]) -> Query:
    ordered = sorted(measured, key=lambda each: _rank(each[1]))
    letters: dict[tuple[str, ...], str] = {}
    cases = tuple(Case(found, place, _letter(letters, found["shape"])) for place, found in ordered)
    group = PurePath(query["file"]).parent.name
    broken = dict.fromkeys(words for case in cases for words in case.found["broken"])
    shown: set[tuple[str, ...]] = set()
    return Query(query, group, cases, tuple(_shape(letter, cases, shown) for letter in letters.values()), tuple(broken))


def _rank(found: Document) -> tuple[object, ...]:
    return found["mode"] != "custom", not found["executed"], _SIZES.index(found["size"]), found["role"]


def _letter(letters: dict[tuple[str, ...], str], shape: Sequence[str]) -> str:
    """A, B, C …; constants in a shape are not told apart already, nor are the numbers of initial plans."""
    known = tuple(re.sub(r"InitPlan \d+", "InitPlan", line) for line in shape)
    return letters.setdefault(known, _numbered(len(letters)))


def _numbered(number: int) -> str:
    return chr(ord("A") + number % 26) + (str(number // 26) if number >= 26 else "")


def _shape(letter: str, cases: Sequence[Case], shown: set[tuple[str, ...]]) -> Shape:
    same = [case for case in cases if case.shape == letter]
    first = same[0]
    within = {(each["statement"], *_labels(each["plan"])): place for place, each in _nested(first.found)}
    inner = tuple(_inner(first.found, place) for known, place in within.items() if known not in shown)
    shown.update(within)
    told = tuple(_told(case.found) for case in same)
    return Shape(letter, first, grow(first.found["plan"]), inner, len(within) - len(inner), told)


def _nested(found: Document) -> Iterator[tuple[int, Document]]:
    return ((place, each) for place, each in enumerate(found["nested"]) if each["plan"])


def _inner(found: Document, place: int) -> Inner:
    inner = found["nested"][place]
    return Inner(inner, place, grow(inner["plan"]))


def _labels(node: Document) -> Iterator[str]:
    yield node["label"]
    for child in node["Plans"]:
        yield from _labels(child)


def _told(found: Document) -> str:
    return f"{found['role']}, {found['size']}, {found['mode']}"
