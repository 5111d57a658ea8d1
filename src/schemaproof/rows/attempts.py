"""One try to put a row in: the INSERT, and, where an equation of a CHECK refuses it, the columns that it settles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg

from schemaproof.rows.derived import derivations, derive
from schemaproof.rows.draft import Assignment
from schemaproof.rows.filling import Connection
from schemaproof.rows.refusals import Refusal, astray, refusal, swallowed
from schemaproof.rows.structure import Structure, Table
from schemaproof.rows.writing import Astray, Insertion, Stored, insert, literal

__all__ = ["Attempts"]

_REPAIRS = 6  # of one row


@dataclass(frozen=True)
class Attempts:
    """Tries rows of one table.

    Args:
        connection: a superuser's, in a transaction.
        structure: the catalogue.
        table: where rows go.
        free: columns that no key and no guidance decides.
        leaf: the only partition in which the row is wanted; None: any.
        replica: without triggers and foreign keys.
        settings: what triggers and defaults are to find set.
    """

    connection: Connection
    structure: Structure
    table: Table
    free: frozenset[str]
    leaf: int | None = None
    replica: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)

    def put(self, values: Assignment, repairs: int = _REPAIRS) -> Stored | Refusal:
        """Insert the row, or return why it was refused."""
        answer = self._insert(values)
        if not isinstance(answer, Refusal) or answer.check is None or not repairs:
            return answer
        for derivation in derivations(answer.check):
            if derivation.column not in self.free:
                continue
            value = derive(self.connection, self.structure, self.table, values, derivation)
            if value is None or value == values.get(derivation.column):
                continue
            repaired = self.put({**values, derivation.column: value}, repairs - 1)
            if isinstance(repaired, Stored):
                return repaired
        return answer

    def _insert(self, values: Assignment) -> Stored | Refusal:
        statement = Insertion.of(self.table, values)
        try:
            with self.connection.transaction():
                found = self._run(statement)
        except Astray:
            return astray(self.table)
        except psycopg.Error as error:
            return refusal(self.structure, self.table, values, statement, error)
        return found or swallowed(self.table)

    def _run(self, statement: Insertion) -> Stored | None:
        wanted = {**self.settings, **({"session_replication_role": "replica"} if self.replica else {})}
        before = self._set(wanted) if wanted else {}
        found = insert(self.connection, statement, self.table, leaf=self.leaf)
        self._set(before)
        return found

    def _set(self, settings: Mapping[str, str]) -> dict[str, str]:
        """Set what is to be set until the transaction ends; return what was set before."""
        if not settings:
            return {}
        names = ", ".join(f"current_setting({literal(name)}, true)" for name in settings)
        changes = ", ".join(f"set_config({literal(name)}, {literal(value)}, true)" for name, value in settings.items())
        row = self.connection.execute(f"select {names}".encode()).fetchone() or ()
        self.connection.execute(f"select {changes}".encode())
        return {name: value or "" for name, value in zip(settings, row, strict=True)}
