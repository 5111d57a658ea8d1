"""Whichever index is dropped, the bench fails and names the query that needed it."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from benchmarks.catalogue import QUERIES, ROOT, TARGET, Loaded, loaded
from schemaproof.bench.indexes import read_indexes
from schemaproof.bench.judge import missing_indexes
from schemaproof.plan import Probe
from schemaproof.queries import Query

_INDEX = re.compile(r"^CREATE (?:UNIQUE )?INDEX (\w+) ON (\w+)\.", re.MULTILINE)
DROPPABLE = dict(_INDEX.findall((ROOT / "schema" / "snapshot.sql").read_text()))


@pytest.fixture(scope="module")
def data() -> Iterator[Loaded]:
    with loaded("100k") as found:
        yield found


@pytest.fixture(scope="module")
def probes(data: Loaded) -> dict[str, Probe]:
    """Each query that names an index and is not refused, carried out for its largest tenant."""
    found = {}
    for query in QUERIES:
        if _named(query) and not query.refused:
            found[query.id] = data.explainer.run(data.cases(query)[0].question())
    return found


def _named(query: Query) -> set[str]:
    named = {name for limit in query.limits for name in limit.indexes} | {need.index for need in query.needs}
    return named | ({query.refused.index} if query.refused and query.refused.index else set())


def test_catalogue_was_read() -> None:
    assert len(DROPPABLE) > 30


@pytest.mark.parametrize("index", DROPPABLE)
def test_dropping_an_index_fails_and_names_who_needed_it(index: str, data: Loaded, probes: dict[str, Probe]) -> None:
    with data.connection.transaction(force_rollback=True):
        data.connection.execute(f"drop index {DROPPABLE[index]}.{index}".encode())
        findings = list(missing_indexes(QUERIES, read_indexes(data.connection, TARGET.schemas)))
        suffering = [query.id for query in QUERIES if index in _named(query) and _suffers(query, index, data, probes)]
    assert suffering, f"no query that names {index} is worse without it"
    told = {found.object for found in findings if f"needs the index {index}," in found.summary}
    assert set(suffering) <= told
    assert all(found.location and found.location.path.is_relative_to(ROOT / "benchmarks") for found in findings)


def _suffers(query: Query, index: str, data: Loaded, probes: dict[str, Probe]) -> bool:
    """Tell whether the query is dearer by half without the index, is impossible, or is no longer refused."""
    if query.refused:
        return _sqlstate(query, data) != query.refused.sqlstate
    before = probes[query.id]
    if index not in before.indexes:
        return False
    try:
        after = data.explainer.again(before)
    except psycopg.errors.InvalidColumnReference:  # ON CONFLICT has no index to decide by
        return True
    costs = {inner.text: inner.cost / inner.calls for inner in after.nested} | {"": after.plan.cost}
    worse = [inner for inner in before.nested if costs.get(inner.text, 0) >= 1.5 * inner.cost / inner.calls]
    return bool(worse) or after.plan.cost >= 1.5 * before.plan.cost or _is_unique(index)


def _is_unique(index: str) -> bool:
    """Tell whether the index enforces a rule: then it is there for that, and its queries only name it."""
    return f"CREATE UNIQUE INDEX {index} " in (ROOT / "schema" / "snapshot.sql").read_text()


def _sqlstate(query: Query, data: Loaded) -> str | None:
    case = data.cases(query)[0]
    try:
        with data.connection.transaction(force_rollback=True):
            data.connection.execute(query.statement.written_out(case.values).encode())
    except psycopg.Error as error:
        return error.sqlstate
    return None
