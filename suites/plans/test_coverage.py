"""The query catalogue asks whatever the API offers: every function and every view, and every table."""

from typing import Any

import psycopg
import pytest

from schemaproof.config import Target
from schemaproof.queries import read_queries

_FUNCTIONS = """
    select n.nspname || '.' || p.proname
    from pg_catalog.pg_proc as p join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = 'public' and (
        has_function_privilege('authenticated', p.oid, 'execute')
        or has_function_privilege('service_role', p.oid, 'execute')
    )
"""
_BATCHES = """
    select 'private.' || j.job_name || '_batch' from private.jobs as j
"""
_RELATIONS = """
    select n.nspname || '.' || c.relname
    from pg_catalog.pg_class as c join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'v')
"""


@pytest.mark.req("4.2")
@pytest.mark.parametrize("offered", [_FUNCTIONS, _BATCHES, _RELATIONS], ids=["functions", "jobs", "relations"])
def test_whatever_is_offered_is_asked(db: psycopg.Connection[Any], target: Target, offered: str) -> None:
    assert target.queries is not None
    text = "\n".join(query.statement.text for query in read_queries(target.queries, target))
    names = {name for (name,) in db.execute(offered.encode())}
    assert names
    assert {name for name in names if name not in text} == set()
