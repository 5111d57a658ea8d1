"""The server's refusal of a row: what refused it, and which of the row's columns it is about."""

import re
from dataclasses import dataclass

import psycopg

from schemaproof.rows.draft import Assignment
from schemaproof.rows.hints import columns_of
from schemaproof.rows.options import DEFAULT
from schemaproof.rows.structure import Check, Structure, Table, Trigger
from schemaproof.rows.writing import Insertion

__all__ = ["Refusal", "astray", "refusal", "rewritten", "swallowed"]

_FUNCTION = re.compile(r"function (\S+?)\(")


@dataclass(frozen=True)
class Refusal:
    """Why a row did not go in.

    Args:
        name: of the constraint, trigger or type.
        sqlstate: of the error; 02000 where a trigger swallowed or changed the row.
        message: of the server.
        definition: of what refused, as PostgreSQL writes it.
        columns: what it is about; None: not known.
        rank: how far the server came before it refused: the further, the nearer the row was to go in.
        own: it is a constraint of the table itself, which holds without triggers as well.
        check: the table's CHECK, if it was one.
    """

    name: str
    sqlstate: str
    message: str
    definition: str
    columns: frozenset[str] | None
    rank: int
    own: bool = True
    check: Check | None = None

    @property
    def duplicate(self) -> bool:
        """Tell whether another value of the same kind may pass."""
        return (self.own and self.sqlstate in ("23505", "23P01")) or not self.sqlstate


def astray(table: Table) -> Refusal:
    """Return that a row went into another partition than the wanted one."""
    columns = frozenset(name for leaf in table.leaves for name in columns_of(leaf.expression))
    return Refusal("partition", "", "The row is in another partition.", "", columns, _last(table) + 2)


def swallowed(table: Table) -> Refusal:
    """Return that the INSERT made no row."""
    return _by_trigger(table, "The INSERT made no row.")


def rewritten(table: Table, columns: frozenset[str]) -> Refusal:
    """Return that the row is not what was asked for, in columns that say whose it is."""
    return _by_trigger(table, f"The INSERT made a row with another {', '.join(sorted(columns))}.")


def _by_trigger(table: Table, message: str) -> Refusal:
    culprit = next((found for found in table.triggers if " BEFORE " in found.definition), None)
    name, definition = (culprit.name, culprit.definition) if culprit else (table.label, "")
    return Refusal(name, "02000", message, definition, None, 0, own=False)


def refusal(
    structure: Structure, table: Table, values: Assignment, statement: Insertion, error: psycopg.Error
) -> Refusal:
    """Read the server's error."""
    reason = _constraint(structure, table, error) or _required(table, values, error) or _typed(table, statement, error)
    return reason or _elsewhere(table, error)


def _constraint(structure: Structure, table: Table, error: psycopg.Error) -> Refusal | None:
    """A constraint or index of the table, its partitions, or a domain of one of its columns."""
    diag = error.diag
    found = None
    if diag.datatype_name:
        found = _domain(structure, table, diag.constraint_name)
    elif (diag.schema_name, diag.table_name) in _names(table):
        found = _table_constraint(table, diag.constraint_name, error.sqlstate)
    if found is None:
        return None
    definition, columns, rank = found
    name = diag.constraint_name or diag.datatype_name or f"partitions of {table.label}"
    check = next((check for check in table.checks if check.name == diag.constraint_name), None)
    return Refusal(name, error.sqlstate or "", diag.message_primary or "", definition, columns, rank, check=check)


_Found = tuple[str, frozenset[str], int]


def _names(table: Table) -> set[tuple[str | None, str | None]]:
    return {(table.schema, table.name), *((leaf.schema, leaf.name) for leaf in table.leaves)}


def _last(table: Table) -> int:
    return len(table.checks) + 3


def _table_constraint(table: Table, name: str | None, sqlstate: str | None) -> _Found | None:
    for place, check in enumerate(table.checks):
        if check.name == name:
            return check.definition, frozenset(check.columns), place + 2
    for key in table.foreign_keys:
        if key.name == name:
            return key.definition, frozenset(key.columns), _last(table) + 3
    for index in table.keys:
        if name == index.name:
            named = {*index.columns, *columns_of(index.expressions), *columns_of(index.predicate)}
            return index.definition, frozenset(named), _last(table)
    if sqlstate in ("23505", "23P01"):  # a partition's index is named after the partition
        return "", frozenset(name for key in table.keys for name in key.columns), _last(table)
    if name is None and sqlstate == "23514" and table.leaves:
        columns = {column for leaf in table.leaves for column in columns_of(leaf.expression)}
        return "; ".join(leaf.expression or "" for leaf in table.leaves), frozenset(columns), _last(table)
    return None


def _domain(structure: Structure, table: Table, name: str | None) -> _Found | None:
    columns, definition = set(), "NOT NULL"
    for column in table.columns:
        kind = structure.types.get(column.type)
        while kind and (kind.kind == "d" or kind.element):
            if name is None and kind.required:
                columns.add(column.name)
            for check in kind.checks:
                if check.name == name:
                    columns.add(column.name)
                    definition = check.definition
            kind = structure.types.get(kind.base or kind.element)
    return (definition, frozenset(columns), 0) if columns else None


def _required(table: Table, values: Assignment, error: psycopg.Error) -> Refusal | None:
    """NOT NULL: of a column that was given a value, it is a trigger's doing."""
    name = error.diag.column_name
    if error.sqlstate != "23502" or (error.diag.schema_name, error.diag.table_name) not in _names(table) or not name:
        return None
    message, columns = error.diag.message_primary or "", frozenset({name})
    given = values.get(name, DEFAULT) not in (None, DEFAULT)
    before = [trigger for trigger in table.triggers if " BEFORE " in trigger.definition]
    if given and before:
        return Refusal(before[0].name, "23502", message, before[0].definition, columns, 1, own=False)
    return Refusal(f"{name} not null", "23502", message, f"{name} NOT NULL", columns, 1)


def _typed(table: Table, statement: Insertion, error: psycopg.Error) -> Refusal | None:
    """A literal that its type does not read."""
    position = error.diag.statement_position
    column = statement.column_at(int(position)) if position else None
    if column is None:
        return None
    name = table.column(column).type_name
    message = error.diag.message_primary or ""
    return Refusal(name, error.sqlstate or "", message, f"{column} {name}", frozenset({column}), -1)


def _elsewhere(table: Table, error: psycopg.Error) -> Refusal:
    """What a trigger or function raised, or a constraint of another table that a trigger wrote to."""
    functions = _FUNCTION.findall(error.diag.context or "")
    trigger = next((found for name in reversed(functions) for found in table.triggers if _calls(found, name)), None)
    name = trigger.name if trigger else functions[-1] if functions else error.diag.constraint_name or table.label
    definition = trigger.definition if trigger else error.diag.context or ""
    message = error.diag.message_primary or str(error)
    rank = _last(table) + 4 if trigger and " AFTER " in trigger.definition else 0
    return Refusal(name, error.sqlstate or "XX000", message, definition, None, rank, own=False)


def _calls(trigger: Trigger, function: str) -> bool:
    return trigger.function == function or trigger.function.split(".")[-1] == function.split(".")[-1]
