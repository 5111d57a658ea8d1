"""Findings that say the same of different objects, put together: two hundred lines are not read, one is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from schemaproof.report.findings import Document

__all__ = ["Group", "grouped"]


@dataclass(frozen=True)
class Group:
    """A finding, and those that say the same of other objects."""

    first: Document
    others: tuple[Document, ...] = ()

    @property
    def size(self) -> int:
        """How many findings it holds."""
        return 1 + len(self.others)


def grouped(findings: Iterable[Document]) -> list[Group]:
    """Put findings of equal check, level, summary and remedy together, whatever object and numbers they name."""
    groups: dict[tuple[str, ...], list[Document]] = {}
    for found in findings:
        said = (found["check"], found["level"], _masked(found, "summary"), _masked(found, "remedy"))
        groups.setdefault(said, []).append(found)
    return [Group(first, tuple(others)) for first, *others in groups.values()]


def _masked(found: Document, text: str) -> str:
    """Leave out of a text the object, its table, its own name, and numbers."""
    name = found["object"]
    table, _, own = name.rpartition(".")
    names = "|".join(re.escape(part) for part in (name, table, own) if part)
    return re.sub(rf"(?<![\w.])(?:{names})(?!\w)|\d+", "*", found[text])
