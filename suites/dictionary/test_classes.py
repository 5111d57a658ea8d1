"""Each column has a class, its comment says it, and who may read it follows from it."""

from typing import Any

import psycopg
import pytest

from suites.dictionary.declared import table, tables

pytestmark = pytest.mark.req("2.0")


@pytest.mark.parametrize("name", tables())
def test_comment_of_each_column_says_its_class(db: psycopg.Connection[Any], name: str) -> None:
    query = """
        select a.attname, coalesce(lower(substring(col_description(a.attrelid, a.attnum) from '^(Personal|Secret): ')),
               case when col_description(a.attrelid, a.attnum) <> '' then 'plain' end)
        from pg_catalog.pg_attribute as a
        where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
    """
    found = dict(db.execute(query, [name]).fetchall())
    assert found == {column: cells["class"] for column, cells in table(name).columns.items()}


@pytest.mark.req("3.3")
@pytest.mark.parametrize("name", tables())
def test_members_read_no_secret_and_nothing_encrypted(name: str) -> None:
    hidden = {*table(name).of_class("secret"), *table(name).of_type("private.ciphertext")}
    assert not hidden & table(name).granted("authenticated", "select")


@pytest.mark.parametrize("name", tables())
def test_every_encrypted_column_is_declared_to_hide_something(name: str) -> None:
    columns = table(name).columns
    encrypted = [*table(name).of_type("private.ciphertext"), *table(name).of_type("private.keyed_hash")]
    assert {columns[column]["class"] for column in encrypted} <= {"personal", "secret"}


@pytest.mark.req("2.3")
@pytest.mark.parametrize("name", [name for name in tables() if name != "private.audit_logs"])
def test_every_mutable_table_has_its_times(name: str) -> None:
    times = {column: table(name).columns[column]["type"] for column in ("created_at", "updated_at", "deleted_at")}
    assert set(times.values()) == {"timestamp with time zone"}


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            """
            select c.oid::regclass::text from pg_catalog.pg_class as c
            where c.relnamespace = any (%s::regnamespace[]) and c.relkind in ('r', 'v', 'm', 'p')
            and coalesce(obj_description(c.oid, 'pg_class'), '') = ''
            """,
            id="relations",
        ),
        pytest.param(
            """
            select i.indexrelid::regclass::text from pg_catalog.pg_index as i
            join pg_catalog.pg_class as c on c.oid = i.indexrelid and c.relnamespace = any (%s::regnamespace[])
            where coalesce(obj_description(c.oid, 'pg_class'), '') = ''
            and not exists (select from pg_catalog.pg_constraint where conindid = c.oid and contype in ('p', 'u'))
            """,
            id="indexes",
        ),
        pytest.param(
            """
            select polname || ' on ' || polrelid::regclass from pg_catalog.pg_policy as p
            join pg_catalog.pg_class as c on c.oid = p.polrelid and c.relnamespace = any (%s::regnamespace[])
            where coalesce(obj_description(p.oid, 'pg_policy'), '') = ''
            """,
            id="policies",
        ),
        pytest.param(
            """
            select p.oid::regprocedure::text from pg_catalog.pg_proc as p
            where p.pronamespace = any (%s::regnamespace[]) and coalesce(obj_description(p.oid, 'pg_proc'), '') = ''
            """,
            id="functions",
        ),
        pytest.param(
            """
            select t.tgname || ' on ' || t.tgrelid::regclass from pg_catalog.pg_trigger as t
            join pg_catalog.pg_class as c on c.oid = t.tgrelid and c.relnamespace = any (%s::regnamespace[])
            where not t.tgisinternal and coalesce(obj_description(t.oid, 'pg_trigger'), '') = ''
            """,
            id="triggers",
        ),
    ],
)
def test_everything_has_a_comment(db: psycopg.Connection[Any], query: str) -> None:
    assert db.execute(query, [["public", "private"]]).fetchall() == []
