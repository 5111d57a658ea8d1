"""The usage matrix: pages of every query, role, profile and size of tenant, as a heat map; and by which indexes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from schemaproof.report.page.section import Document, Section

__all__ = ["HEAT", "Cell", "Row", "usage"]

# Pages from which a cell is one step hotter.
HEAT = (4, 16, 64, 256, 1024, 4096)
_SIZES = ("all", "small", "largest", "missing")


@dataclass(frozen=True)
class Cell:
    """One measurement: pages, how hot, and marks for what a reader should see."""

    buffers: int
    heat: int
    marks: str
    told: str


@dataclass(frozen=True)
class Row:
    """A query as one role asks it; `cells` are in the order of the columns, None where it was not asked."""

    query: str
    name: str
    group: str
    role: str
    cells: tuple[Cell | None, ...]
    indexes: tuple[str, ...]
    is_broken: bool


def usage(document: Document) -> Section | None:
    """Return the section; None for a document without measurements."""
    if not document.get("measurements"):
        return None
    profiles = [profile["name"] for profile in document["profiles"]]
    return Section(
        "usage",
        "Usage matrix",
        "Pages that each query reads, as the role that asks it and under its policies. The data grow from left to "
        f"right; indexes are those at {document['judged']}.",
        {"rows": _rows(document, profiles), "profiles": profiles, "sizes": _SIZES[1:], "heat": HEAT},
    )


def _rows(document: Document, profiles: Iterable[str]) -> list[Row]:
    asked: dict[tuple[str, str], dict[tuple[str, str], Document]] = {}
    for found in document["measurements"]:
        if found["mode"] == "custom":
            case = asked.setdefault((found["query"], found["role"]), {})
            case[found["profile"], found["size"]] = found
    columns = [(profile, size) for profile in profiles for size in _SIZES[1:]]
    queries = {query["id"]: query for query in document["queries"]}
    return [_row(queries[query], role, cases, columns, document["judged"]) for (query, role), cases in asked.items()]


def _row(
    query: Document,
    role: str,
    cases: Mapping[tuple[str, str], Document],
    columns: Iterable[tuple[str, str]],
    judged: str,
) -> Row:
    """A query that is of no tenant has its numbers in the column of the largest one."""
    at_scale = [found for (profile, _), found in cases.items() if profile == judged]
    found = [cases.get((p, size)) or (cases.get((p, "all")) if size == "largest" else None) for p, size in columns]
    return Row(
        query["id"],
        query["name"],
        PurePath(query["file"]).parent.name,
        role,
        tuple(None if each is None else _cell(each) for each in found),
        tuple(dict.fromkeys(index["name"] for each in at_scale for index in each["indexes"])),
        any(each["broken"] for each in at_scale),
    )


def _cell(found: Document) -> Cell:
    buffers = found["buffers"] or 0
    marks = {
        "✗": found["broken"],
        "S": found["seq_scans"],
        "D": found["spills"],
        "T": found["tie"],
    }
    told = [
        f"{found['rows']} rows, {found['buffers']} pages",
        f"{found['discarded']} discarded" if found["discarded"] else "",
        f"reads all of {', '.join(found['seq_scans'])}" if found["seq_scans"] else "",
        *found["broken"],
    ]
    return Cell(
        buffers,
        sum(buffers >= step for step in HEAT),
        "".join(mark for mark, is_set in marks.items() if is_set),
        "; ".join(filter(None, told)),
    )
