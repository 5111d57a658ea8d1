"""What the new migrations do to a database in use: their text, their locks, and clients that go on meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from schemaproof.findings import Finding, Level
from schemaproof.lint import Options, lint
from schemaproof.locks import Fire, Queue, Trace, prove_locks, queue_behind, under_fire
from schemaproof.migrations import without_gaps
from schemaproof.session import Session

__all__ = ["Operation", "operate", "read", "without_echoes"]

Tell = Callable[[str], None]
# Modes under which readers or writers wait (manual, 13.3.1).
_STOPPING = frozenset(
    ("ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"),
)


@dataclass(frozen=True)
class Operation:
    """What was seen.

    Args:
        traces: of each new migration, statement by statement.
        fires: of those that lock what clients use: how long they waited, and what they were refused.
        queues: by version, what happens behind a long reader.
    """

    traces: tuple[Trace, ...] = ()
    fires: tuple[Fire, ...] = ()
    queues: tuple[tuple[str, Queue], ...] = ()
    findings: tuple[Finding, ...] = ()


def read(session: Session, numbers: Sequence[int]) -> list[Finding]:
    """Return what the text of new migrations tells.

    Args:
        numbers: places in the history, in order.
    """
    history = session.target.history
    new = [history[number] for number in numbers]
    before = [each for each in history[: numbers[-1]] if each not in new]
    return lint(new, before=before, options=Options.of(session.target))


def operate(session: Session, numbers: Sequence[int], tell: Tell, *, fire: bool, timeout: float = 60.0) -> Operation:
    """Trace the locks of new migrations, and let clients run on what they lock.

    Args:
        session: of the head.
        numbers: places in the history, in order.
        tell: hears what runs now.
        fire: whether they do.
        timeout: seconds for one statement.
    """
    traces: list[Trace] = []
    fires: list[Fire] = []
    queues: list[tuple[str, Queue]] = []
    found: list[Finding] = []
    tell("locks")
    for run in without_gaps(numbers):
        traced, findings = prove_locks(session, run, timeout=timeout)
        traces += traced
        found += findings
        for number, trace in zip(run, traced, strict=False):
            if not fire or not _stops_clients(trace):
                continue
            tell(f"clients on what {session.target.history[number].path.name} locks")
            fires.append(under_fire(session, number, traced=trace))
            found += fires[-1].findings
            if queue := queue_behind(session, number, traced=trace):
                queues.append((trace.version, queue))
    return Operation(tuple(traces), tuple(fires), tuple(queues), tuple(found))


def without_echoes(findings: Sequence[Finding], proved: Sequence[Finding]) -> Iterator[Finding]:
    """Leave out what the text tells of a statement for which the server has shown worse."""
    shown = {found.location for found in proved if found.level is Level.ERROR}
    yield from (found for found in findings if found.level is Level.ERROR or found.location not in shown)


def _stops_clients(trace: Trace) -> bool:
    return any(lock.mode in _STOPPING for step in trace.steps for lock in step.taken)
