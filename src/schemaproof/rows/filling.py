"""What a filling starts from (worlds, guidance) and what it comes to (rows, and what could not be filled)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import psycopg

__all__ = ["Connection", "Factory", "Filling", "Guidance", "Row", "Unfilled", "World"]

Connection: TypeAlias = "psycopg.Connection[Any]"
# A user's own maker of a table's rows: it inserts what it likes for a world (None: shared by all) and returns nothing;
# the rows that it leaves are adopted like those of a trigger.
Factory: TypeAlias = "Callable[[Connection, World | None], object]"


@dataclass(frozen=True)
class World:
    """One tenant's share of the data: what is in it refers only to rows of the same world, or to shared ones.

    Args:
        name: "A", "B".
        keys: key class -> its values in this world, as text: `{"tenant": ("6f…",), "user": ("0a…", "1b…")}`.
        settings: what is set while its rows are inserted, for triggers and defaults that ask who does it:
            `{"request.jwt.claims": "…", "app.tenant": "6f…"}`. Where a trigger refuses with them, it is asked without.
    """

    name: str
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Guidance:
    """What is known beyond the catalogue; tables are named as `format('%I.%I')` writes them.

    Args:
        classes: (table, column) -> key class: row k takes value k of the world's keys of the class, in turn. What the
            column refers to by a foreign key has the class as well.
        pools: (table, column) -> values that policies compare the column with: row k takes value k, in turn; ANY is any
            but the others.
        shared: tables whose rows are the same for all worlds.
        seed: SQL of the user's that runs first; its rows are adopted. The setting is a file's path.
        factories: table -> a callable that makes its rows in a world. The setting is `module:function`, a mapping of
            tables to `module:function`; the factory runs in place of the synthesis, which adds what is missing.
    """

    classes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    pools: Mapping[tuple[str, str], tuple[str | None, ...]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    seed: str | None = None
    factories: Mapping[str, Factory] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """A row that is there now.

    Args:
        relation: the table; of a partition's row, the root.
        world: its world's name; None: shared by all.
        place: `tableoid::text || ctid::text`.
        values: all its columns, as PostgreSQL writes them.
        adopted: a trigger, a seed or a factory made it.
        replica: a trigger refused it, so that it went in without triggers.
    """

    relation: str
    world: str | None
    place: str
    values: Mapping[str, str | None]
    adopted: bool = False
    replica: bool = False


@dataclass(frozen=True)
class Unfilled:
    """A row that was wanted and what forbade it; of a trigger that refuses a whole table, the first row.

    Args:
        relation: the table.
        world: the world's name; None: shared by all.
        name: of the constraint, trigger, or type.
        sqlstate: of the server's refusal; 02000: a trigger swallowed the row, or changed whose it is.
        message: of the server.
        tried: the last values tried; a column that was left to its default is missing.
        definition: the constraint's or trigger's, as PostgreSQL writes it.
        replica: the row is there all the same, put in without triggers.
    """

    relation: str
    world: str | None
    name: str
    sqlstate: str
    message: str
    tried: Mapping[str, str | None]
    definition: str = ""
    replica: bool = False

    def __str__(self) -> str:
        place = f"{self.relation} in {self.world}" if self.world else self.relation
        return f"{place}: {self.name}: {self.sqlstate} {self.message}"


@dataclass(frozen=True)
class Filling:
    """All rows of the filled tables that belong to a world or are shared, and what could not be filled."""

    rows: tuple[Row, ...]
    unfilled: tuple[Unfilled, ...]

    def of(self, relation: str, world: str | None = None) -> tuple[Row, ...]:
        """Return the rows of a table, of one world or of all."""
        return tuple(row for row in self.rows if row.relation == relation and world in (None, row.world))

    @property
    def relations(self) -> Iterable[str]:
        """Return the tables that have a row, in the order in which they were filled."""
        return dict.fromkeys(row.relation for row in self.rows)
