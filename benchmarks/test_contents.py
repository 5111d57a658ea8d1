"""Reading what tables hold against one aggregate over them; the walk with data against the bare ways up and down."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.conftest import Measure
from schemaproof.config import load_target
from schemaproof.contents import take_contents
from schemaproof.migrations import up
from schemaproof.server import ServerSpec
from schemaproof.session import Session, open_session
from schemaproof.stairs import Landing, prove_data, revert

_CANONICAL = load_target(Path(__file__).parent.parent)
_ROWS = """
create table public.big (
    id bigint primary key, tenant_id uuid, email text, name text, score numeric, state text, created_at timestamptz,
    meta jsonb
);
insert into public.big
select
    n, gen_random_uuid(), 'user' || n || '@example.com', 'First Last ' || n, n / 7.0, case n % 2 when 0 then 'a' end,
    now(), jsonb_build_object('n', n)
from generate_series(1, 200000) as n
"""
_FLOOR = "select count(*), sum(hashtextextended(big::text, 0)) from public.big"


def test_contents_of_200_000_rows(measure: Measure) -> None:
    with _session() as session, session.scratch(session.base) as database, database.connect() as connection:
        connection.execute(_ROWS)
        connection.execute("vacuum analyze public.big")
        connection.execute("set max_parallel_workers_per_gather to 0; set jit to off")
        measure(lambda: _look(connection), lambda: _aggregate(connection), limit=2.0)


def test_stairway_with_data_of_the_canonical_schema(measure: Measure) -> None:
    with _session() as session:
        session.template_name()
        measure(lambda: _prove(session), lambda: _move(session), limit=3.5, pairs=3)


@contextmanager
def _session() -> Iterator[Session]:
    with open_session(_CANONICAL, ServerSpec(kind="embedded")) as session:
        yield session


def _look(connection: psycopg.Connection) -> None:
    take_contents(connection, ["public"])


def _aggregate(connection: psycopg.Connection) -> None:
    connection.execute(_FLOOR)


def _prove(session: Session) -> None:
    assert list(prove_data(session, range(len(session.target.history)))) == []


def _move(session: Session) -> None:
    """Go up, down and up again, with nobody looking and nothing there."""
    landing = Landing(session, session.at(0))
    for number, migration in enumerate(session.target.history):
        landing.move(up, number + 1)
        if migration.rollback:
            landing.move(revert, number)
            landing.move(up, number + 1)
    landing.close()
