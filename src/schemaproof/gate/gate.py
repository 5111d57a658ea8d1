"""`schemaproof gate`: the change itself, the checks of both states, and what differs between them; one document."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from schemaproof.baseline import Baseline
from schemaproof.bench.baseline import Change
from schemaproof.checks import all_checks, select_checks
from schemaproof.findings import Finding, Level
from schemaproof.gate.aside import Aside, AsideError, Document, checked_aside
from schemaproof.gate.difference import Difference, find_difference
from schemaproof.gate.document import told
from schemaproof.gate.history import Changes
from schemaproof.gate.operation import Operation, operate, read, without_echoes
from schemaproof.gate.plans import compare_plans, measure_plans
from schemaproof.gate.side import Side, Sides
from schemaproof.outcomes import CheckResult
from schemaproof.results import Results
from schemaproof.run import run_checks
from schemaproof.server import ServerSpec
from schemaproof.session import Session

__all__ = ["base_checked", "run_gate"]

Tell = Callable[[str], None]
# They hold the head against files that the project commits: nothing of theirs is the base's.
_OF_FILES = ("ledger", "snapshot", "behaviour")


@contextmanager
def base_checked(sides: Sides, spec: ServerSpec, *, create_roles: bool = False) -> Iterator[Aside | None]:
    """Start the checks of the base in a process of their own; None where it has no migration.

    Args:
        sides: both states.
        spec: of the server.
        create_roles: whether roles may be created on a server that stays.
    """
    names = [check.name for check in all_checks() if not check.stepwise and check.name not in _OF_FILES]
    if not sides.base.history:
        yield None
        return
    with checked_aside(sides.base.target, spec, names, create_roles=create_roles) as aside:
        yield aside


def run_gate(
    session: Session,
    sides: Sides,
    changes: Changes,
    aside: Aside | None,
    tell: Tell,
    *,
    only: Collection[str] = (),
    fire: bool = True,
    timeout: float = 60.0,
) -> Results:
    """Prove what lies between two states; what the base has already is known.

    Args:
        session: of the head.
        sides: both states.
        changes: of the migrations.
        aside: the run of the base; None where it has no migration.
        tell: hears what runs now.
        only: names of the checks that are run on the head; all where none is given.
        fire: whether clients read and write what new migrations lock.
        timeout: seconds for one statement of a migration whose locks are traced.
    """
    results = run_checks(session, select_checks(only), tell, numbers=changes.steps)
    results.findings.extend(changes.findings())
    if results.unbuilt:
        results.gate = told(sides, changes)
        return results
    operation = _operated(session, changes.new, results, tell, fire=fire, timeout=timeout)
    tell("what differs from the base")
    difference = _compared(session, sides.base, changes, aside.document() if aside else None, results)
    changed: list[Change] = []
    if aside and difference.queries and sides.base.target.queries:
        tell("the plans of the queries that are touched")
        changed = _plans(session, aside, difference.queries, results, tell)
    results.gate = told(sides, changes, difference, operation, changed)
    return results


def _operated(
    session: Session, new: Sequence[int], results: Results, tell: Tell, *, fire: bool, timeout: float
) -> Operation:
    if not new:
        return Operation()
    operation = operate(session, new, tell, fire=fire, timeout=timeout)
    results.findings.extend(operation.findings)
    results.findings.extend(without_echoes(read(session, new), operation.findings))
    return operation


def _plans(session: Session, aside: Aside, ids: Sequence[str], results: Results, tell: Tell) -> list[Change]:
    """Measure what both states have on equal data; the base's measures at the same time.

    Where the base's run fails, so does this part alone: everything else is proved by now.
    """
    try:
        waiting = aside.ask_plans(ids)
        after = measure_plans(session, ids, tell)
        before = waiting()
    except AsideError as error:
        harm = "A query that the change touches costs more than before, and nobody has looked."
        results.checks.append(CheckResult("plans", harm, "broken", f"of the base: {error.message}"))
        return []
    changed, findings = compare_plans(before, after)
    results.findings.extend(findings)
    return changed


def _compared(
    session: Session, base: Side, changes: Changes, document: Document | None, results: Results
) -> Difference:
    """Have the base's findings known, and return what differs; nothing can be said of a base that does not build."""
    matrix: Sequence[Mapping[str, Any]] = ()
    if document is not None:
        results.before = Baseline.of(document["findings"])
        matrix = document["matrix"]
        if unbuilt := next((found for found in document["findings"] if found["check"] == "build"), None):
            results.findings.append(_unbuilt(base, unbuilt))
            return Difference()
    found = find_difference(session, base, changes.steps, matrix, results.matrix)
    results.findings.extend(found.findings)
    return found


def _unbuilt(base: Side, found: Document) -> Finding:
    return Finding(
        "history",
        base.name,
        f"the base does not build, so that everything counts as new: {found['summary']}",
        "Mend the base first.",
        level=Level.WARNING,
        detail=found["detail"],
        key="history:base",
    )
