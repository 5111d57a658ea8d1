"""Fill a migrated database: COPY without triggers and indexes, then indexes, then the proof of what was gone round."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from schemaproof.database import Database
from schemaproof.errors import UsageError
from schemaproof.volume.encoding import Encoder
from schemaproof.volume.facts import TableFacts, has_rows, identifier, take_facts
from schemaproof.volume.model import Model
from schemaproof.volume.pools import fill_pools
from schemaproof.volume.proof import find_orphan
from schemaproof.volume.sampling import load_function
from schemaproof.volume.space import needed_bytes, refuse_small_disk
from schemaproof.volume.statistics import declare_distinct, gather
from schemaproof.volume.stream import TableStream, ahead
from schemaproof.volume.validation import validate
from schemaproof.volume.values import Labels
from schemaproof.volume.world import World

__all__ = ["Loaded", "Progress", "copy_stream", "load", "open_streams"]

# Told what is being done, how much of it now, and how much there is: ("public.notes", 10_000, 1_000_000).
Progress = Callable[[str, int, int], None]
_Connection = psycopg.Connection[Any]

_SMALL = 1_000
_SETTINGS = "set maintenance_work_mem = '256MB'"
# Finding no orphan reads every row, whatever LIMIT 1 has the planner hope for.
_HASH_JOINS = "set enable_nestloop = off; set max_parallel_workers_per_gather = 0; set work_mem = '256MB'"
_NOT_READY = "update pg_catalog.pg_index set indisready = false, indisvalid = false where indexrelid = any (%s::oid[])"


def _tell_nobody(what: str, now: int, everything: int) -> None:
    pass


@dataclass(frozen=True)
class Loaded:
    """What a database was filled with: rows by table, from which model, profile and seed."""

    model: Model = field(repr=False)
    profile: str
    seed: int
    rows: Mapping[str, int]


def load(database: Database, model: Model, profile: str, *, seed: int = 0, progress: Progress | None = None) -> Loaded:
    """Fill the model's tables of a migrated database, all of them empty, and gather statistics.

    Args:
        database: a clone of the migrated template; one where this failed is fit for nothing but to be dropped.
        model: of `load_model`, or of `default_model`.
        profile: how many rows: `tiny`, `10k`, `100k`, `1M`, `10M`, or one of the model's own.
        seed: the same model, profile and seed give the same rows.
        progress: is told how far it is.

    Raises:
        UsageError: the model does not fit the schema or breaks a constraint, named with the row; the disk is too small.
    """
    told = progress or _tell_nobody
    main_rows = model.main_rows(profile)
    with _prepared(database, model, seed) as ready:
        _refuse_small_disk(database, ready, profile)
        streams = ready.streams(main_rows)
        rows = {name: each.source.rows for name, each in streams.items()}
        facts = {name: ready.facts[name] for name in streams}
        with database.connect() as connection:
            connection.execute(_SETTINGS)
            _copy_all(connection, facts, streams, told)
            _build_indexes(connection, model, facts, told)
            gather(connection, model, rows, told)
            _prove(connection, model, facts, told)
            declare_distinct(connection, model, rows)
    return Loaded(model, profile, seed, rows)


@contextmanager
def open_streams(
    database: Database, model: Model, profile: str, *, seed: int = 0
) -> Iterator[Mapping[str, TableStream]]:
    """Lend the streams that `load` would copy, by table, after the model's `prepare`: to look at, or to time."""
    with _prepared(database, model, seed) as ready:
        yield ready.streams(model.main_rows(profile))


@dataclass(frozen=True)
class _Ready:
    """A database that fits the model, and what its rows are made of."""

    model: Model
    seed: int
    facts: Mapping[str, TableFacts]
    pools: Mapping[str, Labels]
    encoder: Encoder
    given: Any

    def streams(self, main_rows: int) -> Mapping[str, TableStream]:
        """Return the tables' rows, for so many of the main one."""
        world = World(self.model, main_rows, seed=self.seed, pools=self.pools, given=self.given)
        return {name: TableStream(world.source(name), self.facts[name], self.encoder) for name in self.model.tables}


@contextmanager
def _prepared(database: Database, model: Model, seed: int) -> Iterator[_Ready]:
    """Hold the model against the database, and call its `prepare`."""
    with database.connect() as connection:
        facts = take_facts(connection, sorted({name.partition(".")[0] for name in model.tables}))
        validate(model, facts)
        _refuse_full(connection, model)
        given = None
        if model.prepare is not None:
            function = load_function(model, model.prepare, ("prepare",))
            with connection.transaction():
                given = function(connection, seed)
        pools = fill_pools(model, connection, seed=seed)
        yield _Ready(model, seed, facts, pools, Encoder(connection), given)


def _refuse_small_disk(database: Database, ready: _Ready, profile: str) -> None:
    """Measure the rows of a small load, before anything is made of a large one."""
    rows = ready.model.rows(profile)
    streams = ready.streams(min(ready.model.main_rows(profile), _SMALL))
    needed = sum(needed_bytes(ready.facts[name], rows[name], each.size) for name, each in streams.items())
    refuse_small_disk(database.server, needed, what=f"The profile {profile} of {ready.model.path}")


def _refuse_full(connection: _Connection, model: Model) -> None:
    for table in model.tables.values():
        if has_rows(connection, table.name):
            raise model.document.error(
                table.key, "holds rows already", remedy="Load into a migrated database without data."
            )


def _copy_all(
    connection: _Connection, facts: Mapping[str, TableFacts], streams: Mapping[str, TableStream], told: Progress
) -> None:
    """Copy in one transaction: tables truncated in it take frozen rows, which VACUUM need not write again."""
    indexes = [index.oid for each in facts.values() for index in each.indexes]
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        _switch_triggers(connection, facts, "disable trigger")
        frozen = _truncated(connection, facts)
        connection.execute(_NOT_READY, [indexes])
        for name, stream in streams.items():
            copy_stream(connection, stream, frozen=frozen and not facts[name].partitioned, told=told)
            _move_sequences(connection, facts[name], stream)
        _switch_triggers(connection, facts, "enable always trigger")


def _move_sequences(connection: _Connection, facts: TableFacts, stream: TableStream) -> None:
    """Have sequences go on after what was loaded."""
    for column in stream.columns:
        if column.sequence is not None and stream.source.rows:
            last = sql.SQL("select max({}) from {}").format(sql.Identifier(column.name), identifier(facts.name))
            connection.execute(sql.SQL("select setval({}, ({}))").format(sql.Literal(column.sequence), last))


def _switch_triggers(connection: _Connection, facts: Mapping[str, TableFacts], how: str) -> None:
    for name, each in facts.items():
        for trigger in each.always_triggers:
            form = sql.SQL("alter table {} " + how + " {}")
            connection.execute(form.format(identifier(name), sql.Identifier(trigger)))


def _truncated(connection: _Connection, facts: Mapping[str, TableFacts]) -> bool:
    tables = sql.SQL(", ").join(identifier(name) for name in facts)
    try:
        with connection.transaction():
            connection.execute(sql.SQL("truncate {}").format(tables))
    except psycopg.errors.FeatureNotSupported:  # a table that is not loaded refers to one that is
        return False
    return True


def copy_stream(
    connection: _Connection, stream: TableStream, *, frozen: bool = False, told: Progress = _tell_nobody
) -> None:
    """Copy a table's rows; `frozen` ones need a table that is truncated in the same transaction.

    Raises:
        UsageError: a row breaks a constraint.
    """
    name, rows, done = stream.source.table.name, stream.source.rows, 0
    if not rows:
        return
    columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in stream.columns)
    statement = sql.SQL("copy {} ({}) from stdin (format binary" + (", freeze" if frozen else "") + ")")
    told(name, 0, rows)
    try:
        with connection.cursor().copy(statement.format(identifier(name), columns)) as copy:
            for block in ahead(stream.blocks()):
                copy.write(block.data)
                done += block.rows
                told(name, done, rows)
    except psycopg.errors.IntegrityError as error:
        raise _broken(stream, error) from error
    except psycopg.errors.DataError as error:
        raise _broken(stream, error) from error


def _broken(stream: TableStream, error: psycopg.Error) -> UsageError:
    table, found = stream.source.table, error.diag
    what = found.constraint_name or found.column_name or found.datatype_name or ""
    key = (*table.key, "columns", found.column_name) if found.column_name in table.columns else table.key
    row = (found.context or "").partition("line ")[2].split(",")[0].split(":")[0]
    return stream.source.world.model.document.error(
        tuple(str(part) for part in key),
        f"breaks {what or found.message_primary} in row {row}: {found.message_detail or found.message_primary}",
        remedy="Mend the recipes of the columns that it is about.",
    )


def _build_indexes(connection: _Connection, model: Model, facts: Mapping[str, TableFacts], told: Progress) -> None:
    indexes = [(name, index) for name, each in facts.items() for index in each.indexes]
    for number, (name, index) in enumerate(indexes, 1):
        told("indexes", number, len(indexes))
        schema = name.partition(".")[0]
        try:
            connection.execute(sql.SQL("reindex index {}").format(sql.Identifier(schema, index.name)))
        except psycopg.errors.IntegrityError as error:
            raise model.document.error(
                model.tables[name].key,
                f"breaks {index.name}: {error.diag.message_detail}",
                remedy="Make the columns' values differ, by {row:d8} in a template say.",
            ) from error


def _prove(connection: _Connection, model: Model, facts: Mapping[str, TableFacts], told: Progress) -> None:
    """Prove every foreign key of the filled tables; those of others hold still, since the filled ones were empty."""
    connection.execute(_HASH_JOINS)
    keys = [(name, key) for name, each in facts.items() for key in each.foreign_keys]
    for number, (table, key) in enumerate(keys, 1):
        told("foreign keys", number, len(keys))
        if (orphan := find_orphan(connection, table, key)) is not None:
            raise model.document.error(model.tables[table].key, orphan, remedy="Mend the columns of the reference.")
