"""A section of the page: a heading, what it tells, and the template that shows its data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

__all__ = ["Document", "Section", "is_open"]

Document: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Section:
    """What one template shows, under which heading; `name` is its anchor and its template."""

    name: str
    title: str
    lead: str
    data: Mapping[str, Any]


def is_open(found: Document) -> bool:
    """Tell whether the project neither accepts nor knows a finding."""
    return found["excluded"] is None and not found.get("known", False)
