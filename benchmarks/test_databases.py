"""What the plugin's fixtures cost over the bare statements that they cannot do without."""

from collections.abc import Callable

import psycopg
import pytest

from schemaproof.catalogue import take_catalogue
from schemaproof.database import Database, unique_name
from schemaproof.loan import Loan
from schemaproof.session import Session

Measure = Callable[..., None]


def test_fresh_db_against_create_database_template(measure: Measure, session: Session) -> None:
    def bare() -> None:
        name = unique_name("bare")
        with session.server.connect() as connection:
            connection.execute(f"create database {name} template {session.template_name()}")
        with session.server.connect() as connection:
            connection.execute(f"drop database {name} with (force)")

    def ours() -> None:
        session.drop(session.fresh())

    measure(ours, bare, limit=1.3, pairs=25)


def test_db_within_3_ms_of_begin_and_rollback(measure: Measure, session: Session) -> None:
    loan = Loan(session, session.fresh)
    with session.scratch(session.fresh) as database, database.connect() as connection:

        def bare() -> None:
            connection.execute("begin")
            connection.execute("rollback")

        def ours() -> None:
            with loan.lend():
                pass

        measure(ours, bare, allowance=0.003, pairs=50)
    loan.close()


def test_catalogue_of_the_canonical_schema_within_50_ms_of_a_round_trip(measure: Measure, session: Session) -> None:
    with session.scratch(session.fresh) as database, database.connect() as connection:
        measure(lambda: _look(connection), lambda: _ask(connection), allowance=0.05, pairs=9)


@pytest.mark.parametrize("tables", [2000])
def test_catalogue_grows_linearly(measure: Measure, session: Session, tables: int) -> None:
    """Ten times the tables cost at most ten times the time, and a fifth."""
    few, many = _with_tables(session, tables // 10), _with_tables(session, tables)
    with few.connect() as small, many.connect() as large:
        measure(lambda: _look(large), lambda: _look(small), limit=12.0, pairs=3)


_TABLES = """
    do $$
    begin
        for i in 1..{count} loop
            execute format(
                'create table public.t%s (
                     tenant_id uuid not null, id bigint generated always as identity,
                     name text not null check (name <> ''''), at timestamptz default now(), primary key (tenant_id, id)
                 )', i);
            execute format('alter table public.t%s enable row level security', i);
            execute format('create policy p on public.t%s for select using (tenant_id is null)', i);
            execute format('create index on public.t%s (tenant_id, at)', i);
        end loop;
    end $$
"""


def _with_tables(session: Session, count: int) -> Database:
    database = session.base()
    with database.connect() as connection:
        connection.execute(_TABLES.format(count=count))
        connection.execute("analyze")
    return database


def _look(connection: psycopg.Connection) -> None:
    take_catalogue(connection)


def _ask(connection: psycopg.Connection) -> None:
    connection.execute("select 1")
