"""Measuring the catalogue at one profile: every case carried out with custom plans, and planned for all values."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import psycopg

from schemaproof.config import Target
from schemaproof.database import Database
from schemaproof.errors import UsageError
from schemaproof.findings import Finding
from schemaproof.plan import Explainer, Mode, Probe
from schemaproof.queries import Case, Query, Tenants, expand

__all__ = ["Measured", "Measurement", "measure"]

_WRITES = re.compile(r"^\s*(insert|update|delete|merge)\b", re.IGNORECASE)
_CALL = re.compile(r"\b(\w+)\.(\w+)\s*\(")
_VOLATILE = """
    select exists (
        select from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
        where n.nspname || '.' || p.proname = any (%s) and p.provolatile = 'v' and n.nspname <> 'pg_catalog'
    )
"""


@dataclass(frozen=True)
class Measurement:
    """A case, carried out with custom plans, and the generic plan of its statement.

    Args:
        writes: it was measured on a copy of its own.
        generic: planned only where nothing runs within, carried out else.
    """

    case: Case
    custom: Probe
    generic: Probe
    writes: bool = False

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Both ways of planning it."""
        return (self.custom, self.generic)


@dataclass
class Measured:
    """What was measured at a profile, and what could not be: findings that end the query, not the run."""

    profile: str
    measurements: list[Measurement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def measure(
    profile: str,
    queries: Sequence[Query],
    target: Target,
    connection: psycopg.Connection,
    copy: Callable[[], AbstractContextManager[Database]],
    tell: Callable[[str], None],
    *,
    partly: bool = False,
) -> Measured:
    """Carry out every case.

    Args:
        copy: lends a fresh copy of the data, for each query that writes.
        partly: leave out queries that the data have no values for, as small data may not.

    Raises:
        UsageError: values that cannot be sampled, by file and line.
    """
    measured = Measured(profile)
    explainer = Explainer(connection, target.schemas)
    tenants = Tenants(connection, target)
    cases = dict(_expanded(queries, tenants, partly=partly))
    queries = [query for query in queries if query.id in cases]
    reading = [query for query in queries if not _writes(query, connection)]
    for query in reading:
        tell(f"{profile}: {query.id}")
        _add(measured, explainer, cases[query.id])
    for query in (query for query in queries if query not in reading):
        tell(f"{profile}: {query.id}")
        with copy() as database, database.connect() as own:
            _add(measured, Explainer(own, target.schemas), cases[query.id], writes=True)
    order = {query.id: number for number, query in enumerate(queries)}
    measured.measurements.sort(key=lambda found: order[found.case.query.id])
    return measured


def _expanded(queries: Iterable[Query], tenants: Tenants, *, partly: bool) -> Iterator[tuple[str, tuple[Case, ...]]]:
    for query in queries:
        try:
            yield query.id, tuple(expand(query, tenants))
        except UsageError:
            if not partly:
                raise


def _add(measured: Measured, explainer: Explainer, cases: Iterable[Case], *, writes: bool = False) -> None:
    for case in cases:
        try:
            measured.measurements.append(_measurement(explainer, case, writes=writes))
        except psycopg.Error as error:
            measured.findings.append(_failed(case, error))
            continue
        measured.findings.extend(_empty(measured.measurements[-1], measured.profile))


def _measurement(explainer: Explainer, case: Case, *, writes: bool) -> Measurement:
    custom = explainer.run(case.question())
    if custom.nested:
        explainer.forget_plans()
        generic = explainer.run(case.question(Mode.GENERIC), warm_up=False)
    else:
        generic = explainer.plan(case.question(Mode.GENERIC))
    return Measurement(case, custom, generic, writes)


def _writes(query: Query, connection: psycopg.Connection) -> bool:
    text = query.statement.text
    if query.setup or _WRITES.match(text):
        return True
    called = [f"{schema}.{name}" for schema, name in _CALL.findall(text)]
    row = connection.execute(_VOLATILE, [called]).fetchone()
    return bool(row and row[0])


def _failed(case: Case, error: psycopg.Error) -> Finding:
    remedy = "Mend the query, or what it needs."
    if error.sqlstate == "42501":
        remedy = f"Grant {case.role} what the query needs, or name another role in its header."
    return Finding(
        "queries",
        case.query.id,
        f"{case.query.id} fails for {case.role}: {error.diag.message_primary} ({error.sqlstate})",
        remedy,
        detail=f"{case.size} tenant, {dict(case.values)}\n{case.query.statement.text}",
        location=case.query.location,
        key=f"queries:fails:{case.key}",
    )


def _empty(found: Measurement, profile: str) -> Iterator[Finding]:
    case, rows = found.case, found.custom.rows
    wrong = {"some": not rows and case.size != "missing", "none": rows > 0, "any": False}[case.query.returns]
    if wrong:
        what = "returns nothing" if not rows else f"returns {rows} rows, though `returns` is none,"
        yield Finding(
            "queries",
            case.query.id,
            f"{case.query.id} {what} for {case.role}, {case.size} tenant, at {profile}: its plan proves little",
            "Mend its parameters, or say `-- returns: any`.",
            detail=f"{dict(case.values)}\n{found.custom.tree()}",
            location=case.query.location,
            key=f"queries:empty:{case.key}",
        )
