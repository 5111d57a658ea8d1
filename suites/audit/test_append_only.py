"""The audit log is append-only for every role, replica mode or not, and gives up only what is two years old."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from fixtures import factories as make
from schemaproof.database import Database
from schemaproof.identity import Identity, anon, member, service
from suites.fixture_types import ActingAs, Refused

pytestmark = pytest.mark.req("5.2")

_ROLES = ["postgres", "supabase_admin"]
_MODES = ["origin", "replica", "local"]
_CHANGES = {
    "update": "update private.audit_logs set action = action",
    "update of nothing": "update private.audit_logs set action = action where false",
    "upsert": (
        "insert into private.audit_logs overriding system value select * from private.audit_logs limit 1"
        " on conflict on constraint audit_logs_pkey do update set action = 'insert'"
    ),
    "merge": (
        "merge into private.audit_logs as a using (select 1) as s on a.audit_log_id > 0"
        " when matched then update set action = 'insert'"
    ),
    "merge that deletes": (
        "merge into private.audit_logs as a using (select 1) as s on a.audit_log_id > 0 when matched then delete"
    ),
    "delete": "delete from private.audit_logs",
    "delete of one": "delete from private.audit_logs where ctid = (select min(ctid) from private.audit_logs)",
    "delete by a common table expression": "with d as (delete from private.audit_logs returning 1) select * from d",
    "truncate": "truncate private.audit_logs",
    "truncate cascade": "truncate private.audit_logs restart identity cascade",
    "truncate with another table": "truncate private.audit_logs, public.webhook_attempts",
}


@pytest.mark.parametrize("statement", _CHANGES.values(), ids=_CHANGES)
@pytest.mark.parametrize("mode", _MODES)
@pytest.mark.parametrize("role", _ROLES)
def test_nobody_changes_an_entry(
    db: psycopg.Connection[Any], refused: Refused, role: str, mode: str, statement: str
) -> None:
    before = _everything(db)
    with refused("SP301"):
        db.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        db.execute(sql.SQL("set local session_replication_role = {}").format(sql.Literal(mode)))
        db.execute(statement.encode())
    assert _everything(db) == before != []


def test_session_of_postgres_in_replica_mode_changes_nothing(sampled_db: Database) -> None:
    """As a person at a console would try it: a login of its own, the setting for the session, each change committed."""
    with sampled_db.connect() as watcher, sampled_db.connect(role="postgres") as connection:
        before = _everything(watcher)
        connection.execute("set session_replication_role = replica")
        for statement in _CHANGES.values():
            with pytest.raises(psycopg.Error) as refusal:
                connection.execute(statement.encode())
            assert refusal.value.sqlstate == "SP301"
        assert _everything(watcher) == before != []


@pytest.mark.parametrize("identity", [anon(), member(uuid4()), service()], ids=["anon", "member", "service"])
def test_requests_do_not_even_reach_it(acting_as: ActingAs, refused: Refused, identity: Identity) -> None:
    for statement in _CHANGES.values():
        with refused("42501"), acting_as(identity) as connection:
            connection.execute(statement.encode())


@pytest.mark.req("9.2")
@pytest.mark.parametrize(("age", "goes"), [("0 seconds", False), ("1 microsecond", True), ("10 years", True)])
def test_entry_can_be_removed_once_it_is_older_than_two_years(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, age: str, goes: bool
) -> None:
    query = "select (now() at time zone 'UTC' - interval '2 years') at time zone 'UTC' - %s::interval"
    row = db.execute(query, [age]).fetchone()
    assert row is not None
    entry = make.make_audit_log(db, tenants[0], occurred_at=row[0])["audit_log_id"]
    delete = "delete from private.audit_logs where audit_log_id = %s"
    if goes:
        assert db.execute(delete, [entry]).rowcount == 1
    else:
        with refused("SP301"):
            db.execute(delete, [entry])


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_two_years_are_the_same_in_every_time_zone(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, zone: str
) -> None:
    db.execute(sql.SQL("set local time zone {}").format(sql.Literal(zone)))
    boundary = "(now() at time zone 'UTC' - interval '2 years') at time zone 'UTC'"
    for text, goes in ((f"{boundary} - interval '1 second'", True), (boundary, False)):
        row = db.execute(f"select {text}".encode()).fetchone()
        assert row is not None
        entry = make.make_audit_log(db, tenants[0], occurred_at=row[0])["audit_log_id"]
        if goes:
            assert db.execute("delete from private.audit_logs where audit_log_id = %s", [entry]).rowcount == 1
        else:
            with refused("SP301"):
                db.execute("delete from private.audit_logs where audit_log_id = %s", [entry])


def test_one_young_entry_saves_the_old_ones_of_the_same_statement(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused
) -> None:
    make.make_audit_log(db, tenants[0], occurred_at="2001-01-01")
    before = _everything(db)
    with refused("SP301"):
        db.execute("delete from private.audit_logs")
    assert _everything(db) == before


def test_every_trigger_of_the_trail_fires_in_replica_mode_too(db: psycopg.Connection[Any]) -> None:
    query = """
        select t.tgrelid::regclass::text, t.tgname, t.tgenabled from pg_catalog.pg_trigger as t
        join pg_catalog.pg_proc as p on p.oid = t.tgfoid
        where not t.tgisinternal and (t.tgrelid = 'private.audit_logs'::regclass or p.proname like 'audit%')
    """
    found = db.execute(query).fetchall()
    assert {enabled for _, _, enabled in found} == {"A"}
    assert len(found) > 20


def _everything(db: psycopg.Connection[Any]) -> list[Any]:
    return db.execute("select a.*, a.ctid::text from private.audit_logs as a order by audit_log_id").fetchall()
