"""The model of a schema's volume: how many rows of which shape each table has at each profile."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from schemaproof.errors import UsageError, did_you_mean
from schemaproof.volume.document import Document, Key
from schemaproof.volume.recipes import Call, Case, Copy, Nth, Size, Template

__all__ = ["PROFILES", "Model", "Pool", "Reference", "Table", "paths"]

PROFILES: Mapping[str, int] = {"tiny": 1_000, "10k": 10_000, "100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}


@dataclass(frozen=True)
class Pool:
    """Values to draw from: made by Faker from `format`, found by `query`, or written down (None is NULL)."""

    name: str
    format: str | None = None
    query: str | None = None
    values: tuple[str | None, ...] = ()
    size: int = 0
    key: Key = ()


@dataclass(frozen=True)
class Reference:
    """Which row of another table a row belongs to.

    Args:
        name: how columns call it.
        to: the other table.
        skew: how unequally the other rows are referred to; see `Stream.below`.
        cover: every other row is referred to once at least.
        same: only rows that have the same row under this reference, as a column of both.
        via: the row that this one reaches over other references (`delivery.tenant`).
        times: how many children each row of the other table has: a number, or a column of it.
        in_order: children come in the order of their parents.
    """

    name: str
    to: str
    skew: float = 0.0
    cover: bool = False
    same: str | None = None
    via: str | None = None
    times: int | str | None = None
    in_order: bool = False
    key: Key = ()


@dataclass(frozen=True)
class Table:
    """One table's rows. `hidden` columns are there for other columns only."""

    name: str
    size: Size | None
    references: Mapping[str, Reference] = field(default_factory=dict)
    columns: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    hidden: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    key: Key = ()

    def cases(self, column: str) -> tuple[Case, ...] | None:
        """Return what is said of a column; None where nothing is."""
        return self.columns.get(column, self.hidden.get(column))

    @cached_property
    def driver(self) -> Reference | None:
        """The reference whose other table says how many rows this one has."""
        return next((one for one in self.references.values() if one.times is not None), None)


@dataclass(frozen=True)
class Model:
    """What to load.

    Args:
        document: the file; errors name its lines.
        main: the table that a profile counts the rows of.
        until: the data's present, in microseconds since 2000.
        tables: by name, in the order of loading.
        pools: by name.
        profiles: rows of the main table, by name.
        prepare: `module:function`, called with a connection and the seed before anything is loaded.
        exact_rows: up to how many rows a table's statistics are made of all of them.
        root: the folder that the project's own modules are imported from.
    """

    document: Document
    main: str
    until: int
    tables: Mapping[str, Table]
    pools: Mapping[str, Pool] = field(default_factory=dict)
    profiles: Mapping[str, int] = field(default_factory=lambda: dict(PROFILES))
    prepare: str | None = None
    exact_rows: int = 100_000
    root: Path = field(default_factory=Path.cwd)

    @property
    def path(self) -> Path:
        """The model's file."""
        return self.document.path

    def fingerprint(self, schema: str = "") -> str:
        """Return a hash of the model, together with that of the schema."""
        return hashlib.sha256(f"{schema}\0{self.document.text}".encode()).hexdigest()[:12]

    def main_rows(self, profile: str) -> int:
        """Return how many rows the main table has; raises UsageError for an unknown profile."""
        if profile not in self.profiles:
            known = f"Profiles: {', '.join(self.profiles)}."
            raise UsageError(
                f"{self.path} has no profile {profile!r}",
                remedy=did_you_mean(profile, self.profiles, otherwise=known),
            )
        return self.profiles[profile]

    def rows(self, profile: str) -> Mapping[str, int]:
        """Return how many rows each table is to have; where a column of the parents says it, about how many."""
        from schemaproof.volume.world import World  # it is built on this

        world = World(self, self.main_rows(profile), seed=0, pools={})
        return {name: world.source(name).expected_rows for name in self.tables}

    def resolve(self, table: Table, path: str) -> tuple[Table, str] | None:
        """Return the table and the column that a path of `table` leads to; None where it leads nowhere."""
        *references, column = path.split(".")
        for name in references:
            referred = self.referred(table, name)
            if referred is None:
                return None
            table = referred
        return (table, column) if table.cases(column) is not None else None

    def referred(self, table: Table, name: str) -> Table | None:
        """Return the table that a reference of `table` leads to; None where it leads nowhere."""
        reference = table.references.get(name)
        if reference is None or reference.via is None:
            return self.tables.get(reference.to) if reference else None
        found: Table | None = table
        for step in reference.via.split("."):
            found = self.referred(found, step) if found and (found is not table or step != name) else None
        return found


def paths(case: Case) -> Iterator[str]:
    """Return the paths of the columns that a case looks at."""
    yield from case.guard.paths()
    match case.recipe:
        case Copy(path=path):
            yield path
        case Call(columns=columns):
            yield from columns
        case Template(parts=parts):
            yield from (part.source for part in parts if part.source not in ("", "row", "random"))
        case Nth():
            pass
