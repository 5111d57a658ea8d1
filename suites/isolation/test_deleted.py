"""What was deleted softly is invisible to members, though still there."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from schemaproof.identity import member
from suites.dictionary.declared import table, tables
from suites.fixture_types import ActingAs
from suites.isolation.update import UPDATABLE, bare_update

pytestmark = pytest.mark.req("6.1")


_PUBLIC = [name for name in tables() if name.startswith("public.")]


def _delete_one(db: psycopg.Connection[Any], name: str, tenant: UUID) -> None:
    statement = sql.SQL(
        "update {0} set deleted_at = now(), deletion_id = gen_random_uuid()"
        " where ctid = (select ctid from {0} where tenant_id = %s and deleted_at is null limit 1)"
    )
    assert db.execute(statement.format(sql.Identifier(*name.split("."))), [tenant]).rowcount == 1


@pytest.mark.parametrize("name", _PUBLIC)
def test_member_sees_the_live_rows_and_no_deleted_one(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    _delete_one(db, name, tenants[0])
    key = sql.SQL(", ").join(map(sql.Identifier, table(name).primary_key))
    query = sql.SQL("select {} from {} where {}")
    live = sql.SQL("tenant_id = {} and deleted_at is null").format(sql.Literal(tenants[0]))
    expected = set(db.execute(query.format(key, sql.Identifier(*name.split(".")), live)).fetchall())
    with acting_as(member(tenants[0])) as connection:
        everything = query.format(key, sql.Identifier(*name.split(".")), sql.SQL("true"))
        assert set(connection.execute(everything).fetchall()) == expected


@pytest.mark.parametrize("name", UPDATABLE)
def test_member_changes_no_deleted_row(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    _delete_one(db, name, tenants[0])
    before = db.execute("select clock_timestamp()").fetchone()
    assert before is not None
    with acting_as(member(tenants[0])) as connection:
        connection.execute(bare_update(name))
    touched = sql.SQL("select count(*) from {} where deleted_at is not null and updated_at > %s")
    assert db.execute(touched.format(sql.Identifier(*name.split("."))), before).fetchone() == (0,)
