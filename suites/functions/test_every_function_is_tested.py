"""Every function and procedure has a good call here that really reaches it, and stands whatever it is given.

That it was called is the server's word, not a search through the suites' text: names there are often composed.
"""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from fixtures import factories as make
from schemaproof.database import Database
from suites.functions.examples import EXAMPLES, values

pytestmark = pytest.mark.req("10.5")

_CALLS = """
    select coalesce(sum(s.calls), 0) from {} as s
    join pg_catalog.pg_proc as p on p.oid = s.funcid
    where p.pronamespace::regnamespace || '.' || p.proname = %s
"""
# What only raises never ends, and is counted by nobody.
_RAISING = ("private.refuse_deletion",)
_PROCEDURES = [name for name, text in EXAMPLES.items() if text.startswith("call ")]
_FUNCTIONS = [name for name in EXAMPLES if name not in _PROCEDURES]


def test_examples_are_of_every_function_there_is(db: psycopg.Connection[Any]) -> None:
    query = """
        select p.pronamespace::regnamespace || '.' || p.proname from pg_catalog.pg_proc as p
        where p.pronamespace = any ('{public,private}'::regnamespace[])
        and not exists (select from pg_catalog.pg_depend as d where d.objid = p.oid and d.deptype = 'e')
    """
    names = [name for (name,) in db.execute(query)]
    assert sorted(names) == sorted(EXAMPLES), "add a good call to suites/functions/examples.py, or remove one"


@pytest.mark.parametrize("name", _FUNCTIONS)
def test_good_call_reaches_the_function(db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], name: str) -> None:
    make.make_audit_log(db, tenants[0], occurred_at="2000-01-01")
    db.execute("set local track_functions = 'all'")
    before = _calls(db, name)
    # Binds on this side, so that an example may be several statements.
    psycopg.ClientCursor(db).execute(EXAMPLES[name].encode(), values(db, tenants[0]))
    if _may_be_inlined(db, name) or name in _RAISING:
        assert f"{name}(" in EXAMPLES[name]
    else:
        assert _calls(db, name) > before


@pytest.mark.parametrize("name", _PROCEDURES)
def test_good_call_reaches_the_procedure(sampled_db: Database, tenants: tuple[UUID, UUID], name: str) -> None:
    with sampled_db.connect() as connection:
        connection.execute("set track_functions = 'all'")
        connection.execute(EXAMPLES[name].encode())
        connection.execute("select pg_stat_force_next_flush()")
        query = _CALLS.format("pg_stat_user_functions")
        assert connection.execute(query.encode(), [name]).fetchone() == (1,)


def _calls(db: psycopg.Connection[Any], name: str) -> int:
    """How often this transaction has called a function to its end."""
    row = db.execute(_CALLS.format("pg_stat_xact_user_functions").encode(), [name]).fetchone()
    assert row is not None
    return int(row[0])


def _may_be_inlined(db: psycopg.Connection[Any], name: str) -> bool:
    """Whether the planner may put the function's body in place of a call, which then is not counted."""
    query = """
        select l.lanname = 'sql' and not p.prosecdef and p.proconfig is null
        from pg_catalog.pg_proc as p join pg_catalog.pg_language as l on l.oid = p.prolang
        where p.pronamespace::regnamespace || '.' || p.proname = %s
    """
    return db.execute(query, [name]).fetchone() == (True,)
