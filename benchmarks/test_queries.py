"""How long each query of the catalogue takes as the role that asks it; time judges nothing, its plan's facts go along.

`pytest benchmarks/test_queries.py --benchmark-autosave`, and later `--benchmark-compare`.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.catalogue import QUERIES, Loaded, loaded
from schemaproof.identity import acting_as
from schemaproof.queries import Query

ASKED = [(query, role) for query in QUERIES if not query.refused for role in query.roles]


@pytest.fixture(scope="module")
def data() -> Iterator[Loaded]:
    with loaded("10k") as found:
        yield found


@pytest.mark.parametrize(("query", "role"), ASKED, ids=lambda value: value.id if isinstance(value, Query) else value)
def test_query(benchmark: Any, data: Loaded, query: Query, role: str) -> None:
    case = next(case for case in data.cases(query) if case.role == role)
    probe = data.explainer.run(case.question())
    benchmark.group = "queries"
    benchmark.extra_info.update(
        profile=data.data.profile,
        size=case.size,
        shape=probe.plan.fingerprint,
        rows=probe.rows,
        buffers=probe.buffers,
        wal=probe.wal,
        indexes=list(probe.indexes),
    )
    text = query.statement.written_out(case.values).encode()
    with data.connection.transaction(force_rollback=True):
        for statement in case.setup:
            data.connection.execute(statement.encode())
        with acting_as(data.connection, case.identity) as connection:
            connection.execute("savepoint asked")

            def ask() -> None:
                connection.execute(text)
                connection.execute("rollback to savepoint asked")

            benchmark.pedantic(ask, rounds=5, warmup_rounds=1)
