"""updated_at tells when a row was last written, whatever the writer says, and only ever grows."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from schemaproof.identity import member, service
from suites.dictionary.declared import table, tables
from suites.fixture_types import ActingAs, Refused

pytestmark = pytest.mark.req("5.1")


_MUTABLE = [name for name in tables() if "updated_at" in table(name).columns]
_PUBLIC = [name for name in _MUTABLE if name.startswith("public.")]
_KEPT = ("created_at", "updated_at", "deleted_at", "deletion_id")


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


@pytest.mark.parametrize("name", _MUTABLE)
def test_single_row_is_stamped_and_the_writers_value_ignored(db: psycopg.Connection[Any], name: str) -> None:
    for forged in ("epoch", "infinity"):
        statement = sql.SQL(
            "update {0} as t set updated_at = {1} from {0} as old"
            " where t.ctid = (select ctid from {0} limit 1) and old.ctid = t.ctid"
            " returning t.updated_at > old.updated_at, t.updated_at <= clock_timestamp()"
        ).format(_name(name), sql.Literal(forged))
        assert db.execute(statement).fetchall() == [(True, True)]


@pytest.mark.parametrize("name", _MUTABLE)
def test_every_row_of_a_bulk_update_is_stamped(db: psycopg.Connection[Any], name: str) -> None:
    before = db.execute(sql.SQL("select count(*), max(updated_at) from {}").format(_name(name))).fetchone()
    assert before is not None
    statement = sql.SQL("update {} set created_at = created_at").format(_name(name))
    assert db.execute(statement).rowcount == before[0] > 1
    after = db.execute(sql.SQL("select min(updated_at) from {}").format(_name(name))).fetchone()
    assert after is not None
    assert after[0] > before[1]


@pytest.mark.parametrize("name", _MUTABLE)
def test_upsert_stamps_the_row_that_was_there(db: psycopg.Connection[Any], name: str) -> None:
    key = sql.SQL(", ").join(map(sql.Identifier, table(name).primary_key))
    statement = sql.SQL(
        "insert into {0} overriding system value select * from {0} limit 1"
        " on conflict ({1}) do update set updated_at = 'epoch' returning updated_at > transaction_timestamp()"
    ).format(_name(name), key)
    assert db.execute(statement).fetchall() == [(True,)]


@pytest.mark.parametrize("name", _MUTABLE)
def test_stamp_grows_though_the_clock_was_set_back(db: psycopg.Connection[Any], name: str) -> None:
    db.execute("set local session_replication_role = replica")
    db.execute(sql.SQL("update {} set updated_at = '2999-01-01T00:00:00Z'").format(_name(name)))
    db.execute("set local session_replication_role = origin")
    statement = sql.SQL("update {} set created_at = created_at returning updated_at > '2999-01-01T00:00:00Z'")
    assert {grown for (grown,) in db.execute(statement.format(_name(name)))} == {True}


@pytest.mark.parametrize("name", _PUBLIC)
def test_member_may_write_no_time_and_no_deletion(name: str) -> None:
    for command in ("insert", "update"):
        assert not table(name).granted("authenticated", command) & set(_KEPT)


@pytest.mark.req("3.3", "6.1")
@pytest.mark.parametrize("column", [*_KEPT, "tenant_id", "slack_user_id"])
def test_member_is_refused_an_update_of_what_is_kept(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, column: str
) -> None:
    with refused("42501"), acting_as(member(tenants[0])) as connection:
        connection.execute(sql.SQL("update public.slack_user_mappings set {0} = {0}").format(sql.Identifier(column)))


@pytest.mark.req("3.3")
@pytest.mark.parametrize("column", _KEPT)
def test_member_is_refused_an_insert_of_what_is_kept(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, column: str
) -> None:
    columns = ("tenant_id", "slack_connection_id", "workspace_id")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    insert = sql.SQL(
        "insert into public.slack_user_mappings ({0}, slack_user_id{1}) select {0}, 'U0NEW'{2}"
        " from public.slack_connections limit 1"
    )
    with acting_as(member(tenants[0])) as connection:
        assert connection.execute(insert.format(names, sql.SQL(""), sql.SQL(""))).rowcount == 1, "without it goes in"
    with refused("42501"), acting_as(member(tenants[0])) as connection:
        connection.execute(insert.format(names, sql.SQL(", {}").format(sql.Identifier(column)), sql.SQL(", null")))


@pytest.mark.parametrize("forged", ["epoch", "2999-01-01", "infinity"])
@pytest.mark.parametrize("name", _PUBLIC)
def test_service_cannot_forge_it_by_an_insert(
    db: psycopg.Connection[Any], acting_as: ActingAs, name: str, forged: str
) -> None:
    """A row is taken out, which takes along what hangs on it, and put in again with another time."""
    one = sql.SQL("delete from {0} where ctid = (select ctid from {0} limit 1) returning to_jsonb({0}.*)")
    ((row,),) = db.execute(one.format(_name(name))).fetchall()
    # Deleted, so that it needs no live parent.
    row |= {"updated_at": forged, "deleted_at": "2026-01-01", "deletion_id": row["tenant_id"]}
    insert = sql.SQL("insert into {0} select * from jsonb_populate_record(null::{0}, %s) returning {1}")
    stamped = sql.SQL("updated_at > transaction_timestamp() and updated_at <= clock_timestamp()")
    with acting_as(service()) as connection:
        assert connection.execute(insert.format(_name(name), stamped), [Jsonb(row)]).fetchall() == [(True,)]


@pytest.mark.parametrize("name", _PUBLIC)
def test_service_cannot_forge_it_by_an_update(acting_as: ActingAs, name: str) -> None:
    with acting_as(service()) as connection:
        statement = sql.SQL("update {} set updated_at = 'epoch' returning updated_at > transaction_timestamp()")
        assert {later for (later,) in connection.execute(statement.format(_name(name)))} == {True}
