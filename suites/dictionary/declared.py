"""The data dictionary, read from its page: what the suites are parametrised over, so that a new table is covered."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

__all__ = ["Index", "Reference", "Table", "functions", "jobs", "table", "tables", "types"]

_PAGE = Path(__file__).parents[2] / "schema" / "DATA.md"
_Cells = Mapping[str, str]


@dataclass(frozen=True)
class Reference:
    """A foreign key: `actions` are those ON DELETE and ON UPDATE, `set null (…)` with its column."""

    name: str
    child: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    actions: tuple[str, str]


@dataclass(frozen=True)
class Index:
    """An index or key: `on` and `where` as the catalogue writes them."""

    name: str
    on: str
    unique: bool
    where: str | None


@dataclass
class Table:
    """A table's section. Each column is a row of cells: column, type, null, default, class, about."""

    name: str
    columns: dict[str, _Cells] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    checks: dict[str, str] = field(default_factory=dict)
    access: dict[str, _Cells] = field(default_factory=dict)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Its columns."""
        (found,) = [index for index in self.indexes if index.name.endswith("_pkey")]
        return tuple(found.on.split(", "))

    def of_type(self, name: str) -> list[str]:
        """Return the columns of a type, as the catalogue writes it."""
        return [column for column, cells in self.columns.items() if cells["type"] == name]

    def of_class(self, name: str) -> list[str]:
        """Return the columns of a class."""
        return [column for column, cells in self.columns.items() if cells["class"] == name]

    def granted(self, role: str, command: str) -> set[str]:
        """Return the columns that `role` may `command`; all of them where the whole table is granted."""
        cell = self.access.get(role, {}).get(command, "no")
        if cell == "yes":
            return set(self.columns)
        return set() if cell == "no" else set(cell.split(", "))


@cache
def tables() -> dict[str, Table]:
    """Return every declared table by its qualified name."""
    found = {}
    for section in _PAGE.read_text(encoding="utf-8").split("\n### ")[1:]:
        title, _, body = section.partition("\n")
        found[title] = _table(title, body.partition("\n## ")[0])
    return found


def table(name: str) -> Table:
    """Return one declared table."""
    return tables()[name]


@cache
def functions() -> dict[str, _Cells]:
    """Return every declared function: security, executable by, state, what it does."""
    return {cells["function"]: cells for cells in _rows(_page(), "function")}


@cache
def jobs() -> dict[str, _Cells]:
    """Return every declared job: procedure, schedule, what it does, boundary, index."""
    return {cells["job"]: cells for cells in _rows(_page(), "job")}


@cache
def types() -> dict[str, _Cells]:
    """Return every declared domain."""
    return {cells["domain"]: cells for cells in _rows(_page(), "domain")}


def _page() -> str:
    return _PAGE.read_text(encoding="utf-8")


def _table(name: str, body: str) -> Table:
    return Table(
        name,
        columns={cells["column"]: cells for cells in _rows(body, "column")},
        references=[_reference(name, cells) for cells in _rows(body, "foreign key")],
        indexes=[_index(cells) for cells in _rows(body, "index")],
        checks={cells["check"]: cells["condition"] for cells in _rows(body, "check")},
        access={cells["role"]: cells for cells in _rows(body, "role")},
    )


def _reference(child: str, cells: _Cells) -> Reference:
    parent, _, columns = cells["refers to"].partition(" (")
    return Reference(
        cells["foreign key"],
        child,
        tuple(cells["columns"].split(", ")),
        parent,
        tuple(columns.rstrip(")").split(", ")),
        (cells["on delete"], cells["on update"]),
    )


def _index(cells: _Cells) -> Index:
    where = None if cells["where"] == "—" else cells["where"]
    return Index(cells["index"], cells["on"], cells["unique"] == "yes", where)


def _rows(text: str, first: str) -> Iterator[dict[str, str]]:
    """Yield the rows of the Markdown table whose first heading is `first`, as heading to cell."""
    headings: list[str] = []
    for line in text.splitlines():
        cells = [_cell(cell) for cell in re.split(r"(?<!\\)\|", line)[1:-1]] if line.startswith("|") else []
        if not cells:
            headings = []
        elif not headings and cells[0] == first:
            headings = cells
        elif headings and set(cells[0]) != {"-"}:
            yield dict(zip(headings, cells, strict=True))


def _cell(text: str) -> str:
    text = text.strip().replace("\\|", "|")
    return text[1:-1] if re.fullmatch(r"`[^`]*`", text) else text
