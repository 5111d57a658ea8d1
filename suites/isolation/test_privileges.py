"""Who may touch what at all: nothing for visitors, nothing of the schema private, and nothing that is made later."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from schemaproof.identity import Identity, anon, service
from suites.dictionary.declared import table, tables
from suites.fixture_types import ActingAs, Refused

pytestmark = pytest.mark.req("3.3")


_PUBLIC = [name for name in tables() if name.startswith("public.")]
_PRIVATE = [name for name in tables() if name.startswith("private.")]
_MEMBER = Identity("member", "authenticated", "{}")


@pytest.mark.parametrize("name", tables())
def test_visitor_is_refused_everything(acting_as: ActingAs, refused: Refused, name: str) -> None:
    column = next(iter(table(name).columns))
    for text in ("select from {0}", "insert into {0} default values", "update {0} set {1} = {1}", "delete from {0}"):
        statement = sql.SQL(text).format(sql.Identifier(*name.split(".")), sql.Identifier(column))
        with refused("42501"), acting_as(anon()) as connection:
            connection.execute(statement)


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_no_request_may_do_what_policies_do_not_govern(db: psycopg.Connection[Any], role: str) -> None:
    query = """
        select c.oid::regclass::text, p from pg_catalog.pg_class as c
        cross join unnest(%(privileges)s::text[]) as p
        where c.relnamespace = any ('{public,private}'::regnamespace[]) and c.relkind in ('r', 'v', 'm')
        and has_table_privilege(%(role)s, c.oid, p)
    """
    maintain = ["maintain"] if db.info.server_version >= 170000 else []
    privileges = ["delete", "truncate", "references", "trigger", *maintain]
    assert db.execute(query, {"role": role, "privileges": privileges}).fetchall() == []


@pytest.mark.req("2.0")
@pytest.mark.parametrize("identity", [anon(), _MEMBER, service()], ids=["anon", "member", "service"])
def test_no_request_reaches_the_schema_private(acting_as: ActingAs, refused: Refused, identity: Identity) -> None:
    for name in _PRIVATE:
        with refused("42501"), acting_as(identity) as connection:
            connection.execute(sql.SQL("select from {}").format(sql.Identifier(*name.split("."))))
    with refused("42501"), acting_as(identity) as connection:
        connection.execute("select private.current_tenant_id()")


@pytest.mark.parametrize("name", _PUBLIC)
def test_service_works_on_the_rows_of_every_tenant(db: psycopg.Connection[Any], acting_as: ActingAs, name: str) -> None:
    count = sql.SQL("select count(*) from {}").format(sql.Identifier(*name.split(".")))
    everything = db.execute(count).fetchone()
    with acting_as(service()) as connection:
        assert connection.execute(count).fetchone() == everything
        statement = sql.SQL("update {} set created_at = created_at").format(sql.Identifier(*name.split(".")))
        assert (connection.execute(statement).rowcount,) == everything


def test_what_is_made_later_is_closed(db: psycopg.Connection[Any]) -> None:
    db.execute("set local role postgres")
    db.execute("create table public.laters (later_id bigint generated always as identity)")
    db.execute("create function public.later() returns integer language sql immutable return 1")
    query = """
        select role from unnest('{anon,authenticated,service_role}'::text[]) as role
        where has_any_column_privilege(role, 'public.laters', 'select, insert, update, references')
        or has_table_privilege(role, 'public.laters', 'delete, truncate, trigger')
        or has_sequence_privilege(role, 'public.laters_later_id_seq', 'usage, select, update')
        or has_function_privilege(role, 'public.later()', 'execute')
    """
    assert db.execute(query).fetchall() == []


@pytest.mark.req("3.1")
@pytest.mark.parametrize("name", tables())
def test_owner_that_bypasses_nothing_is_held_by_the_policies_too(db: psycopg.Connection[Any], name: str) -> None:
    count = sql.SQL("select count(*) from {}").format(sql.Identifier(*name.split(".")))
    assert db.execute(count).fetchone() != (0,), "the control: there are rows to be seen"
    db.execute("create role stranger")
    db.execute("grant usage on schema public, private to stranger")
    db.execute(sql.SQL("alter table {} owner to stranger").format(sql.Identifier(*name.split("."))))
    db.execute("set local role stranger")
    assert db.execute(count).fetchone() == (0,)
