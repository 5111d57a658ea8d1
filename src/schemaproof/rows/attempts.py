"""One try to put a row in: the INSERT, and, where an equation of a CHECK refuses it, the columns that it settles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg

from schemaproof.rows.arms import arms
from schemaproof.rows.derived import derivations, derive
from schemaproof.rows.draft import Assignment
from schemaproof.rows.filling import Connection
from schemaproof.rows.options import DEFAULT
from schemaproof.rows.refusals import Refusal, astray, refusal, rewritten, swallowed
from schemaproof.rows.structure import Structure, Table
from schemaproof.rows.writing import Insertion, Stored, Unwanted, insert

__all__ = ["Attempts"]

_REPAIRS = 6  # of one row
_TOO_BIG = "54000"  # a row does not fit its page


@dataclass(frozen=True)
class Attempts:
    """Tries rows of one table.

    Args:
        connection: a superuser's, in a transaction.
        structure: the catalogue.
        table: where rows go.
        free: columns that no key and no guidance decides.
        guided: columns that take keys of the world.
        leaf: the only partition in which the row is wanted; None: any.
        replica: without triggers and foreign keys.
        kept: columns that no trigger may change.
        settings: what triggers and defaults are to find set.
        before: what was set before, to be set again.
        tried: alternatives of checks that were tried.
    """

    connection: Connection
    structure: Structure
    table: Table
    free: frozenset[str]
    guided: frozenset[str] = frozenset()
    leaf: int | None = None
    replica: bool = False
    kept: frozenset[str] = frozenset()
    settings: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)

    def put(self, values: Assignment) -> Stored | Refusal:
        """Insert the row, or return why it was refused."""
        answer = self._repaired(values, _REPAIRS)
        check = answer.check if isinstance(answer, Refusal) else None
        for arm in arms(check) if check else ():
            changed: Assignment = {**values, **dict(arm)}
            if not self._may_change(values, changed) or repr(changed) in self.tried:
                continue
            self.tried.add(repr(changed))
            other = self._repaired(changed, _REPAIRS)
            if isinstance(other, Stored):
                return other
        return answer

    def _may_change(self, values: Assignment, changed: Assignment) -> bool:
        """Tell whether only columns differ that are free, or keys that may be left out."""
        differing = [name for name in changed if changed[name] != values.get(name, DEFAULT)]
        optional = {column.name for column in self.table.columns if not column.required} - self.guided
        return all(name in self.free or (changed[name] is None and name in optional) for name in differing)

    def _repaired(self, values: Assignment, repairs: int) -> Stored | Refusal:
        """Insert the row, with the columns that equations of a CHECK settle where one refuses it."""
        answer = self._insert(values)
        if not isinstance(answer, Refusal) or not repairs:
            return answer
        if answer.sqlstate == _TOO_BIG:
            return self._repaired(self._lean(values), 0)
        return self._derived(values, answer, repairs)

    def _lean(self, values: Assignment) -> Assignment:
        """Return the values without those that may be missing."""
        optional = {column.name for column in self.table.columns if not column.required} & self.free
        return {name: None if name in optional else value for name, value in values.items()}

    def _derived(self, values: Assignment, answer: Refusal, repairs: int) -> Stored | Refusal:
        for derivation in derivations(answer.check) if answer.check else ():
            if derivation.column not in self.free:
                continue
            value = derive(self.connection, self.structure, self.table, values, derivation)
            if value is None or value == values.get(derivation.column):
                continue
            repaired = self._repaired({**values, derivation.column: value}, repairs - 1)
            if isinstance(repaired, Stored):
                return repaired
        return answer

    def _insert(self, values: Assignment) -> Stored | Refusal:
        replica = {"session_replication_role": "replica"} if self.replica else {}
        statement = Insertion.of(self.table, values, {**self.settings, **replica})
        restored = {name: self.before.get(name, "") for name in self.settings}
        restored |= {"session_replication_role": "origin"} if self.replica else {}
        accept = (lambda found: not self._unwanted(values, found)) if self.leaf or self.kept else None
        try:
            found = insert(self.connection, statement, self.table, restored, accept)
        except Unwanted as unwanted:
            return self._unwanted(values, unwanted.row) or swallowed(self.table)
        except psycopg.Error as error:
            return refusal(self.structure, self.table, values, statement, error)
        return found or swallowed(self.table)

    def _unwanted(self, values: Assignment, found: Stored) -> Refusal | None:
        """Tell why a row that went in is not the one that was asked for."""
        changed = {name for name in self.kept if _plain(values.get(name)) != _plain(found.values[name])}
        if changed:
            return rewritten(self.table, frozenset(changed))
        return astray(self.table) if self.leaf and not found.place.startswith(f"{self.leaf}(") else None


def _plain(value: object) -> str:
    return str(value).strip("{} ").lower()
