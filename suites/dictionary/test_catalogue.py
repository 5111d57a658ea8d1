"""DATA.md says what is there, and what is there is in DATA.md."""

from collections.abc import Mapping
from typing import Any

import psycopg
import pytest

from suites.dictionary.declared import functions, table, tables, types

pytestmark = pytest.mark.req("2.0")

_SCHEMAS = ["public", "private"]
_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}


def _catalogue(db: psycopg.Connection[Any], query: str, name: str) -> list[tuple[Any, ...]]:
    db.execute("set local search_path = ''")  # so that every name comes qualified
    return db.execute(query, {"table": name}).fetchall()


def test_tables_are_those_declared(db: psycopg.Connection[Any]) -> None:
    query = "select schemaname || '.' || tablename from pg_catalog.pg_tables where schemaname = any (%s)"
    assert {name for (name,) in db.execute(query, [_SCHEMAS])} == set(tables())


@pytest.mark.parametrize("name", tables())
def test_columns_are_those_declared(db: psycopg.Connection[Any], name: str) -> None:
    query = """
        select a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               case when a.attidentity <> '' then 'identity' else pg_get_expr(d.adbin, d.adrelid) end
        from pg_attribute as a
        left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = %(table)s::regclass and a.attnum > 0 and not a.attisdropped
        order by a.attnum
    """
    declared = [
        (column, cells["type"], cells["null"] == "no", None if cells["default"] == "—" else cells["default"])
        for column, cells in table(name).columns.items()
    ]
    assert _catalogue(db, query, name) == declared


@pytest.mark.parametrize("name", tables())
def test_foreign_keys_are_those_declared(db: psycopg.Connection[Any], name: str) -> None:
    query = """
        select k.conname,
               array(select attname::text from unnest(k.conkey) with ordinality as c (n, i)
                     join pg_attribute on attrelid = k.conrelid and attnum = n order by i),
               k.confrelid::regclass::text,
               array(select attname::text from unnest(k.confkey) with ordinality as c (n, i)
                     join pg_attribute on attrelid = k.confrelid and attnum = n order by i),
               k.confdeltype::text, k.confupdtype::text,
               array(select attname::text from unnest(k.confdelsetcols) as n
                     join pg_attribute on attrelid = k.conrelid and attnum = n)
        from pg_constraint as k where k.conrelid = %(table)s::regclass and k.contype = 'f'
    """
    found = {
        (key, tuple(columns), parent, tuple(others), _action(delete, reset), _ACTIONS[update])
        for key, columns, parent, others, delete, update, reset in _catalogue(db, query, name)
    }
    assert found == {(r.name, r.columns, r.parent, r.parent_columns, *r.actions) for r in table(name).references}


def _action(letter: str, columns: list[str]) -> str:
    return _ACTIONS[letter] + (f" ({', '.join(columns)})" if columns else "")


@pytest.mark.parametrize("name", tables())
def test_indexes_are_those_declared(db: psycopg.Connection[Any], name: str) -> None:
    query = r"""
        select x.relname, replace(m.amname || ' ', 'btree ', ''),
               substring(pg_get_indexdef(x.oid) from 'USING \w+ \((.*?)\)(?: WHERE .*)?$'),
               i.indisunique, pg_get_expr(i.indpred, i.indrelid)
        from pg_index as i
        join pg_class as x on x.oid = i.indexrelid
        join pg_am as m on m.oid = x.relam
        where i.indrelid = %(table)s::regclass
    """
    found = {
        (index, f"{method}({on})" if method else on, unique, where and where[1:-1])
        for index, method, on, unique, where in _catalogue(db, query, name)
    }
    assert found == {(index.name, index.on, index.unique, index.where) for index in table(name).indexes}


@pytest.mark.parametrize("name", tables())
def test_checks_are_those_declared(db: psycopg.Connection[Any], name: str) -> None:
    query = """
        select conname, pg_get_constraintdef(oid, true) from pg_constraint
        where conrelid = %(table)s::regclass and contype = 'c'
    """
    found = {check: " ".join(text.split())[7:-1] for check, text in _catalogue(db, query, name)}
    assert found == table(name).checks


@pytest.mark.req("3.3")
@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
@pytest.mark.parametrize("name", tables())
def test_privileges_are_those_declared(db: psycopg.Connection[Any], name: str, role: str) -> None:
    query = """
        select a.attname::text from pg_catalog.pg_attribute as a
        where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped
        and has_column_privilege(%s, a.attrelid, a.attnum, %s)
    """
    for command in ("select", "insert", "update"):
        found = {column for (column,) in db.execute(query, [name, role, command])}
        assert found == table(name).granted(role, command), command
    may = db.execute("select has_table_privilege(%s, %s, 'delete')", [role, name]).fetchone()
    assert may == (table(name).granted(role, "delete") == set(table(name).columns),)


def test_functions_are_those_declared_as_built(db: psycopg.Connection[Any]) -> None:
    query = """
        select p.pronamespace::regnamespace || '.' || p.proname,
               case when p.prosecdef then 'definer' else 'invoker' end,
               array(select r.rolname::text from pg_roles as r
                     where r.rolname in ('anon', 'authenticated', 'service_role')
                     and has_function_privilege(r.oid, p.oid, 'execute') order by 1)
        from pg_catalog.pg_proc as p where p.pronamespace::regnamespace::text = any (%s)
    """
    found = {(name, security, tuple(roles)) for name, security, roles in db.execute(query, [_SCHEMAS])}
    built = {name: cells for name, cells in functions().items() if cells["state"] == "built"}
    assert found == {(name, cells["security"], _executors(cells)) for name, cells in built.items()}


def _executors(cells: Mapping[str, str]) -> tuple[str, ...]:
    text = cells["executable by"]
    return () if text.startswith("nobody") else tuple(sorted(text.split(", ")))


def test_domains_are_those_declared(db: psycopg.Connection[Any]) -> None:
    query = """
        select t.typnamespace::regnamespace || '.' || t.typname, t.typbasetype::regtype::text
        from pg_catalog.pg_type as t where t.typtype = 'd' and t.typnamespace::regnamespace::text = any (%s)
    """
    assert dict(db.execute(query, [_SCHEMAS]).fetchall()) == {n: c["base type"] for n, c in types().items()}
