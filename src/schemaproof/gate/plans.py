"""The plans of the query catalogue before and after: of the queries that a change touches, on volume data."""

import importlib.util
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemaproof.bench.baseline import Baseline, Change, compare, facts_of
from schemaproof.bench.data import load_data
from schemaproof.bench.measure import Measured, measure
from schemaproof.catalogue import Catalogue
from schemaproof.findings import Finding, Level
from schemaproof.queries import Query, read_queries
from schemaproof.references import refer
from schemaproof.routines import Routines
from schemaproof.session import Session

__all__ = ["Plans", "compare_plans", "measure_plans", "plans_of", "touched_queries"]

Tell = Callable[[str], None]
_SEED = 0
# Large enough for indexes to pay, small enough to be loaded while one waits.
_ROWS = 10_000
# Kinds of objects whose name is that of a relation with something behind it.
_PARTS = ("column", "constraint", "policy", "trigger")


@dataclass(frozen=True)
class Plans:
    """What the other state's queries did, as JSON values.

    Args:
        facts: by case, what a baseline holds of its plan.
        failed: keys of findings on queries that cannot be measured.
    """

    facts: Mapping[str, Mapping[str, Any]]
    failed: tuple[str, ...] = ()


def touched_queries(
    session: Session, routines: Routines, catalogue: Catalogue, objects: Collection[Mapping[str, str]]
) -> tuple[str, ...]:
    """Return the ids of the project's queries that read or write a relation, or call a function, that differs.

    Args:
        routines, catalogue: of the head.
        objects: what differs, kind and name.
    """
    target = session.target
    if target.queries is None or importlib.util.find_spec("numpy") is None:
        return ()
    touched = {_whole(each, catalogue) for each in objects}
    views = {
        name: {str(each) for each in refer(str(properties.get("definition", ""))).relations}
        for name, properties in catalogue.of_kind("view").items()
    }
    return tuple(query.id for query in read_queries(target.queries, target) if _reads(query, routines, views) & touched)


def measure_plans(session: Session, ids: Collection[str], tell: Tell) -> Measured:
    """Carry out the queries `ids`, as far as the session's project has them, on the smallest profile that is enough."""
    target, model = session.target, session.volume_model()
    assert target.queries is not None
    enough = sorted(model.profiles, key=lambda name: (model.main_rows(name) < _ROWS, model.main_rows(name)))
    data = load_data(session, enough[0], seed=_SEED, tell=tell)
    queries = [each for each in read_queries(target.queries, target) if each.id in ids and not each.refused]
    with data.copy() as database, database.connect() as connection:
        return measure(data.profile, queries, target, connection, data.copy, tell, partly=True)


def plans_of(measured: Measured) -> Plans:
    """Return what another process is to know of it."""
    return Plans(facts_of(measured.measurements), tuple(found.key for found in measured.findings))


def compare_plans(before: Plans, after: Measured) -> tuple[list[Change], list[Finding]]:
    """Return what differs, and the findings: queries that fail now, and plans that are others."""
    known = Baseline(Path(), after.profile, _SEED, before.facts, ())
    changes = [each for each in compare(known, after.measurements, frozenset()) if each.what not in ("new", "gone")]
    broken = [found for found in after.findings if found.key not in before.failed]
    return changes, [*broken, *_findings(changes, after)]


def _findings(changes: Collection[Change], after: Measured) -> Iterator[Finding]:
    """Yield the queries that read or write more than they did; one that does less, or as much otherwise, is told."""
    queries = {found.case.query.id: found.case.query for found in after.measurements}
    for name, query in queries.items():
        mine = [change for change in changes if change.key.split(" / ")[0] == name]
        if any(change.what in ("buffers", "wal") and int(change.after) > int(change.before) for change in mine):
            yield Finding(
                "plans",
                name,
                f"{name} costs more than before, with {after.profile} of rows",
                "See whether it has the index that it needs: `schemaproof bench` judges it at volume.",
                level=Level.WARNING,
                detail="\n".join(_told(change) for change in mine),
                location=query.location,
                key=f"plans:dearer:{name}",
            )


def _told(change: Change) -> str:
    if change.what not in ("shape", "indexes"):
        return f"{change.key}: {change.what} {change.before} -> {change.after}"
    sides = (("-", change.before), ("+", change.after))
    return "\n".join(
        (f"{change.key}: {change.what}", *(f"{sign} {row}" for sign, side in sides for row in side.splitlines()))
    )


def _whole(found: Mapping[str, str], catalogue: Catalogue) -> str:
    """The relation that an object belongs to, or the function without its arguments."""
    name = found["name"]
    if found["kind"] == "index":
        properties = catalogue.of_kind("index").get(name, {})
        return str(properties.get("table", name))
    if found["kind"] in _PARTS:
        return ".".join(name.split(".")[:2])
    return name.partition("(")[0]


def _reads(query: Query, routines: Routines, views: Mapping[str, Collection[str]]) -> set[str]:
    """Names of all relations and functions that a query reaches, through views and functions."""
    references = routines.reached(refer(query.statement.numbered))
    found = {str(name) for name in references.relations | references.calls}
    waiting = list(found)
    while waiting:
        for name in views.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found
