"""The sample fills every table, the same way for the same seed."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from fixtures import sample
from schemaproof.database import Database
from suites.dictionary.declared import table, tables

pytestmark = pytest.mark.req("10.5")

_TENANTS = [name for name in tables() if "tenant_id" in table(name).columns]
_PUBLIC = [name for name in tables() if name.startswith("public.")]
# What no seed decides: times, and what the keys of the database and a random IV make.
_FREE = ("timestamp with time zone", "date", "private.ciphertext", "private.keyed_hash")


@pytest.mark.parametrize("name", tables())
def test_every_table_has_rows(db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], name: str) -> None:
    if name in _TENANTS:
        query = sql.SQL("select distinct tenant_id from {}").format(sql.Identifier(*name.split(".")))
        assert {tenant for (tenant,) in db.execute(query)} >= set(tenants)
    else:
        assert db.execute(sql.SQL("select from {}").format(sql.Identifier(*name.split(".")))).rowcount > 1


@pytest.mark.parametrize("name", _PUBLIC)
def test_first_row_of_a_tenant_is_a_live_one(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], name: str
) -> None:
    query = sql.SQL("select deleted_at from {} where tenant_id = %s order by ctid limit 1")
    for tenant in tenants:
        assert db.execute(query.format(sql.Identifier(*name.split("."))), [tenant]).fetchall() == [(None,)]


@pytest.mark.parametrize("name", [name for name in _PUBLIC if name != "public.tenants"])
def test_every_table_has_a_row_that_is_deleted(db: psycopg.Connection[Any], name: str) -> None:
    query = sql.SQL("select count(distinct tenant_id) from {} where deleted_at is not null")
    assert db.execute(query.format(sql.Identifier(*name.split(".")))).fetchone() == (2,)


def test_both_tenants_have_the_shared_number_and_workspace(db: psycopg.Connection[Any]) -> None:
    for name, column, value in (
        ("verified_whatsapp_numbers", "phone_number", sample.SHARED_PHONE_NUMBER),
        ("slack_connections", "workspace_id", sample.SHARED_WORKSPACE_ID),
    ):
        query = sql.SQL("select count(distinct tenant_id) from public.{} where {} = %s and deleted_at is null")
        assert db.execute(query.format(sql.Identifier(name), sql.Identifier(column)), [value]).fetchone() == (2,)


def test_seed_alone_decides_ids_and_values(fresh_db: Database) -> None:
    with fresh_db.connect(autocommit=False) as connection:
        first, again, other, three = (
            _loaded(connection, seed=seed, tenants=tenants) for seed, tenants in ((1, 2), (1, 2), (2, 2), (1, 3))
        )
    assert first == again
    assert {name for name in _PUBLIC if first[name] & other[name]} == set()
    assert {name for name in _PUBLIC if not first[name] < three[name]} == set(), (
        "more tenants leave the first as they were"
    )


def _loaded(connection: psycopg.Connection[Any], *, seed: int, tenants: int) -> dict[str, set[tuple[Any, ...]]]:
    """Load, and return what the seed decides."""
    sample.load(connection, seed=seed, tenants=tenants)
    rows = {}
    for name in _PUBLIC:
        columns = [column for column, cells in table(name).columns.items() if cells["type"] not in _FREE]
        names = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
        rows[name] = set(
            connection.execute(sql.SQL("select {} from {}").format(names, sql.Identifier(*name.split("."))))
        )
    connection.rollback()
    return rows
