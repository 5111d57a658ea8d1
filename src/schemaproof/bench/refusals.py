"""Queries that are to be refused: that they are, and that the index their header names is what refuses."""

from collections.abc import Iterable, Iterator

import psycopg
from psycopg import sql

from schemaproof.bench.indexes import Index
from schemaproof.bench.necessity import User
from schemaproof.findings import Finding
from schemaproof.identity import acting_as
from schemaproof.plan import Ablation
from schemaproof.queries import Case

__all__ = ["ask_refusals"]


def ask_refusals(
    connection: psycopg.Connection, cases: Iterable[Case], indexes: Iterable[Index]
) -> Iterator[Finding | tuple[str, User]]:
    """Ask each case, and once more without its index: yield what it should not have done, or the index's user."""
    known = {index.name: index for index in indexes}
    for case in cases:
        refusal = case.query.refused
        assert refusal is not None
        found = _ask(connection, case, None)
        if found != refusal.sqlstate:
            yield _unrefused(case, f"is answered with {found or 'success'}, not with {refusal.sqlstate}")
        elif refusal.index and (index := known.get(refusal.index)):
            if _ask(connection, case, index) == refusal.sqlstate:
                yield _unrefused(case, f"is refused without {index.name} too")
            else:
                ablation = Ablation(index.name, 0, 0, refused=f"is refused ({refusal.sqlstate}) by this index alone")
                yield index.name, User("query", case.query.id, f"{case.role} / {case.size}", ablation)


def _ask(connection: psycopg.Connection, case: Case, dropped: Index | None) -> str | None:
    """Return the SQLSTATE; None where the statement succeeds."""
    try:
        with connection.transaction(force_rollback=True):
            if dropped:
                connection.execute(sql.SQL("drop index {}").format(sql.Identifier(*dropped.qualified.split("."))))
            for statement in case.setup:
                connection.execute(statement.encode())
            with acting_as(connection, case.identity):
                connection.execute(case.query.statement.written_out(case.values).encode())
    except psycopg.Error as error:
        return error.sqlstate
    return None


def _unrefused(case: Case, what: str) -> Finding:
    assert case.query.refused is not None
    return Finding(
        "queries",
        case.query.id,
        f"{case.query.id} {what}",
        "Mend what enforces the rule, or the header.",
        detail=case.query.statement.text,
        location=case.query.refused.location,
        key=f"queries:refused:{case.key}",
    )
