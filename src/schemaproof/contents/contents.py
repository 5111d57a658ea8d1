"""The contents of a database at one moment: of each table its number of rows and a hash of each column."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Contents", "Held", "Name", "Row", "name_of"]

Name = tuple[str, ...]
"""A table's schema and name, without quotes."""

_PART = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')

Row = tuple[int | None, ...]
"""Hashes of one row's values, in the order of the table's columns; None: it is NULL."""


def name_of(label: str) -> Name:
    """Return the parts of a name as `format('%I.%I')` writes it."""
    return tuple((quoted or plain).replace('""', '"') for quoted, plain in _PART.findall(label))


@dataclass(frozen=True)
class Held:
    """What one table holds; of a partitioned one, all of its partitions.

    Args:
        rows: how many.
        columns: names, sorted.
        totals: of each column, the sum of its values' hashes: the same for the same values in any order.
        filled: of each column, how many values are not NULL.
        whole: the sum of the hashes of whole rows.
        key: the columns of its primary key; empty where it has none.
        sample: rows by the hash of their key; without a key, by that of the row, with how often it is there.
        mask: the bits that are 0 in the hash of every row of the sample; 0: the sample is the table.
        shape: a hash of its columns, types and constraints.
    """

    rows: int
    columns: tuple[str, ...]
    totals: tuple[int, ...]
    filled: tuple[int, ...]
    whole: int
    key: tuple[str, ...]
    sample: Mapping[int, tuple[Row, int]] = field(repr=False)
    mask: int
    shape: str

    def total(self, column: str) -> int:
        """Return the hash of a column."""
        return self.totals[self.columns.index(column)]

    def values(self, column: str) -> int:
        """Return how many values of a column are not NULL."""
        return self.filled[self.columns.index(column)]


@dataclass(frozen=True)
class Contents:
    """What a database holds.

    Args:
        tables: by their names as `format('%I.%I')` writes them.
        sequences: the last value that each gave; None: it gave none.
    """

    tables: Mapping[str, Held]
    sequences: Mapping[str, int | None]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(held.rows for held in self.tables.values())

    def has(self, table: str, column: str | None = None) -> bool:
        """Tell whether there is such a table, with such a column."""
        held = self.tables.get(table)
        return held is not None and (column is None or column in held.columns)

    def has_named(self, table: Name, column: str) -> bool:
        """Tell whether a table, by the parts of its name, has a column."""
        return any(column in held.columns for label, held in self.tables.items() if name_of(label) == table)
