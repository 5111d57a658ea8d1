"""The necessity matrix: of each table, which query needs which of its indexes, and by what factor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from schemaproof.report.page.section import Document, Section

__all__ = ["Row", "Table", "necessity"]

# A factor from which an index counts as needed, and one below which a query does not stand in the matrix.
_NEEDED, _SEEN = 1.5, 1.1
_WORDS = {
    "needed": "needed",
    "constraint": "of a key, exempt",
    "enforces": "enforces a rule, exempt",
    "unneeded": "as cheap without",
    "unused": "used by nothing",
}


@dataclass(frozen=True)
class Row:
    """An index, and for each column of its table's matrix the user that would suffer most without it."""

    index: Document
    words: str
    users: tuple[Document | None, ...]
    heats: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """A table's matrix: its indexes by who needs one of them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def necessity(document: Document) -> Section | None:
    """Return the section; None for a document without indexes."""
    if not document.get("indexes"):
        return None
    tables: dict[str, list[Document]] = {}
    for index in document["indexes"]:
        tables.setdefault(index["table"], []).append(index)
    return Section(
        "necessity",
        "Necessity of indexes",
        "How many times as much a query or a foreign key costs without the index. Indexes of keys are exempt; without "
        "another one, at least one query must cost half as much again.",
        {
            "tables": [_table(name, indexes) for name, indexes in tables.items()],
            "foreign_keys": document["foreign_keys"],
            "queries": {query["id"] for query in document["queries"]},
        },
    )


def _table(name: str, indexes: Sequence[Document]) -> Table:
    worst = {index["name"]: _worst(index["users"]) for index in indexes}
    columns = tuple(dict.fromkeys(who for users in worst.values() for who in users))
    ranked = sorted(indexes, key=lambda index: list(_WORDS).index(index["verdict"]))
    return Table(name, columns, tuple(_row(index, worst[index["name"]], columns) for index in ranked))


def _worst(users: Iterable[Document]) -> dict[str, Document]:
    """The worst case of each query or foreign key; they come with the dearest first."""
    told: dict[str, Document] = {}
    for user in users:
        if user["factor"] is None or user["factor"] >= _SEEN:
            told.setdefault(user["id"], user)
    return told


def _row(index: Document, users: Mapping[str, Document], columns: Iterable[str]) -> Row:
    found = tuple(users.get(column) for column in columns)
    return Row(index, _WORDS[index["verdict"]], found, tuple(_heat(user) for user in found))


def _heat(user: Document | None) -> int:
    if user is None:
        return 0
    return 6 if user["factor"] is None else sum(user["factor"] >= step for step in (_NEEDED, 3, 10, 30, 100, 1000))
