"""The query catalogue on volume data: each query uses its index as the role that asks, and each index is needed."""

import pytest

from schemaproof.bench import Options, run_bench
from schemaproof.findings import Level
from schemaproof.session import Session


@pytest.mark.req("4.2")
def test_every_query_uses_its_index_and_every_index_is_needed(schemaproof_session: Session) -> None:
    bench = run_bench(schemaproof_session, Options(("100k",)), lambda _: None)
    errors = [found for found in bench.findings if found.level is Level.ERROR and found.check != "baseline"]
    assert not errors, "\n\n".join(f"{found.location}: {found.summary}\n{found.detail}" for found in errors)
    needed = {name for name, users in bench.users.items() if any(user.factor >= 1.5 for user in users)}
    ordinary = {index.name for index in bench.indexes if not (index.is_constraint or index.is_unique)}
    assert ordinary <= needed
    assert all(measured.measurements for measured in bench.measured)
