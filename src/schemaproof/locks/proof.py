"""Traces the migrations of a change and says what they have against them: what the gate calls."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from schemaproof.errors import UsageError
from schemaproof.findings import Finding, Location
from schemaproof.locks.harms import findings
from schemaproof.locks.model import Trace
from schemaproof.locks.tracing import tracing
from schemaproof.migrations import MigrationError
from schemaproof.session import Session

__all__ = ["prove_locks"]


def prove_locks(
    session: Session, numbers: Sequence[int], *, rows: Mapping[str, int] | None = None, timeout: float = 60.0
) -> tuple[list[Trace], list[Finding]]:
    """Trace consecutive migrations (from 0), one after the other on one database at the revision below the first.

    What they make themselves is new, and nobody's yet: only relations that were there before the first one count.

    Args:
        session: of the project.
        numbers: in order, without gaps.
        rows: see `findings`; without them those of the project's volume model at its largest, if it has one.
        timeout: seconds for one statement, after which it is ended and named.
    """
    traces: list[Trace] = []
    found: list[Finding] = []
    if not numbers:
        return traces, found
    rows = rows if rows is not None else _modelled(session)
    with tracing(session, numbers[0], timeout=timeout) as tracer:
        for number in numbers:
            try:
                traces.append(tracer.trace(number))
            except MigrationError as error:
                found.append(_failed(session.target.history[number].version, error))
                break
            found += findings(traces[-1], rows=rows)
    return traces, found


def _modelled(session: Session) -> Mapping[str, int]:
    """Return how many rows the project says that its tables have, if it does and numpy is there."""
    if session.target.volume is None:
        return {}
    try:
        model = session.volume_model()
    except UsageError:
        return {}
    return model.rows(max(model.profiles, key=lambda name: model.profiles[name]))


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
