"""Traces the migrations of a change and says what they have against them: what the gate calls."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from schemaproof.errors import UsageError
from schemaproof.findings import Finding, Location
from schemaproof.locks.harms import FEW_ROWS, findings
from schemaproof.locks.model import Trace
from schemaproof.locks.operations import operations
from schemaproof.locks.probe import read_relations, read_rows
from schemaproof.locks.tracing import tracing
from schemaproof.migrations import Migration, MigrationError
from schemaproof.session import Session

__all__ = ["prove_locks"]

_CALLING = (("select",), ("do",), ("call",))


def prove_locks(
    session: Session, numbers: Sequence[int], *, rows: Mapping[str, int] | None = None, timeout: float = 60.0
) -> tuple[list[Trace], list[Finding]]:
    """Trace consecutive migrations (from 0), one after the other on one database at the revision below the first.

    What they make themselves is new, and nobody's yet: only relations that were there before the first one count.

    Args:
        session: of the project.
        numbers: in order, without gaps.
        rows: see `findings`; without them those of the volume model at its largest, or of a sample that is large.
        timeout: seconds for one statement, after which it is ended and named.
    """
    if not numbers:
        return [], []
    rows = rows if rows is not None else _modelled(session) or _sampled(session)
    if any(_calls(session.target.history[number]) for number in numbers):
        traces, found = _prove(session, numbers, rows, timeout, filled=True)
        if len(traces) == len(numbers):
            return traces, found
        # Made-up rows may be refused where the project's own are not: the check `data_loss` tells of it.
    return _prove(session, numbers, rows, timeout, filled=False)


def _prove(
    session: Session, numbers: Sequence[int], rows: Mapping[str, int], timeout: float, *, filled: bool
) -> tuple[list[Trace], list[Finding]]:
    traces: list[Trace] = []
    found: list[Finding] = []
    with tracing(session, numbers[0], timeout=timeout, filled=filled) as tracer:
        for number in numbers:
            try:
                traces.append(tracer.trace(number))
            except MigrationError as error:
                found.append(_failed(session.target.history[number].version, error))
                break
            found += findings(traces[-1], rows=rows)
    return traces, found


def _calls(migration: Migration) -> bool:
    """Tell whether a migration runs code that its own text does not show."""
    return any(operations(statement.sql)[:1] in _CALLING for statement in migration.statements)


def _modelled(session: Session) -> Mapping[str, int]:
    """Return how many rows the project says that its tables have, if it does and numpy is there."""
    if session.target.volume is None:
        return {}
    try:
        model = session.volume_model()
    except UsageError:
        return {}
    return model.rows(max(model.profiles, key=lambda name: model.profiles[name]))


def _sampled(session: Session) -> Mapping[str, int]:
    """Return how many rows the project's sample data have, if they are many: a handful says nothing of production."""
    if session.target.sample is None:
        return {}
    with session.scratch(session.sampled) as database, database.connect() as connection:
        rows = read_rows(connection, read_relations(connection).values())
    return rows if max(rows.values(), default=0) >= FEW_ROWS else {}


def _failed(version: str, error: MigrationError) -> Finding:
    return Finding(
        "locks",
        version,
        f"the migration does not come to its end: {error.reason}",
        error.remedy or "Mend the statement that it names.",
        detail=str(error),
        location=Location(Path(error.path), error.line),
        key=f"locks:{version}:fails",
    )
