"""What is made live hangs on live rows only, whoever writes it and whatever is deleted at the same time."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from fixtures import factories as make
from schemaproof.database import Database
from schemaproof.identity import member
from suites.dictionary.declared import Reference, table
from suites.fixture_types import ActingAs, Refused
from suites.soft_delete.deletion import PUBLIC, id_column, live_row, soft_delete
from suites.waiting import await_lock

pytestmark = pytest.mark.req("6.1", "2.4")

Connection = psycopg.Connection[Any]
# Every foreign key to what can be deleted softly.
_REFERENCES = [reference for name in PUBLIC for reference in table(name).references if reference.parent in PUBLIC]
_OPTIONAL = [r for r in _REFERENCES if table(r.child).columns[r.columns[-1]]["null"] == "yes"]
_of_reference = pytest.mark.parametrize("reference", [pytest.param(r, id=r.name) for r in _REFERENCES])
_of_option = pytest.mark.parametrize("reference", [pytest.param(r, id=r.name) for r in _OPTIONAL])
_API = {
    "public.tenants": [
        "select public.connect_slack_workspace(%(tenant)s, 'T0NEW', 'New', 'U0BOT', 'xoxb')",
        "select public.log_communication(%(tenant)s, 'whatsapp', 'outbound', 'sent', '+4930123456')",
        "select public.queue_webhook_delivery(%(tenant)s, 'message.sent', 'https://a.example/', '{}', 'signature')",
    ],
    "public.slack_connections": [
        "select public.map_slack_user(%(tenant)s, 'T0SHARED', 'U0NEW')",
        "select public.log_communication(%(tenant)s, 'slack', 'outbound', 'sent', slack_connection_id => %(id)s,"
        " slack_user_id => 'U0NEW')",
    ],
    "public.verified_whatsapp_numbers": [
        "select public.log_communication(%(tenant)s, 'whatsapp', 'outbound', 'sent', '+4930123456', %(id)s)",
        "select public.map_slack_user(%(tenant)s, 'T0SHARED', 'U0NEW', verified_whatsapp_number_id => %(id)s)",
    ],
    "public.communication_logs": [
        "select public.queue_webhook_delivery(%(tenant)s, 'message.sent', 'https://a.example/', '{}', 'signature',"
        " %(id)s)",
    ],
}
_of_call = pytest.mark.parametrize(
    ("parent", "call"),
    [pytest.param(parent, call, id=f"{parent}-{n}") for parent, calls in _API.items() for n, call in enumerate(calls)],
)


@_of_reference
def test_live_row_needs_a_live_parent(
    db: Connection, tenants: tuple[UUID, UUID], refused: Refused, reference: Reference
) -> None:
    row = _take_out(db, reference, tenants[0])
    parent = row[reference.columns[-1]]
    _mark(db, reference.parent, parent)
    with refused("SP002"):
        _insert(db, reference.child, row)
    deleted = {"deleted_at": "2026-01-01T00:00:00Z", "deletion_id": str(tenants[0])}
    with db.transaction(force_rollback=True):
        _insert(db, reference.child, row | deleted)
    _unmark(db, reference.parent, parent)
    _insert(db, reference.child, row)


@_of_option
def test_live_row_comes_to_refer_to_live_rows_only(
    db: Connection, tenants: tuple[UUID, UUID], refused: Refused, reference: Reference
) -> None:
    row = _take_out(db, reference, tenants[0])
    column, parent = reference.columns[-1], row[reference.columns[-1]]
    _insert(db, reference.child, row)
    _mark(db, reference.parent, parent)
    name, key = sql.Identifier(*reference.child.split(".")), id_column(reference.child)
    update = sql.SQL("update {} set {} = %s where {} = %s").format(name, sql.Identifier(column), sql.Identifier(key))
    assert db.execute(update, [parent, row[key]]).rowcount == 1, "it did already"
    db.execute(update, [None, row[key]])
    with refused("SP002"):
        db.execute(update, [parent, row[key]])
    _unmark(db, reference.parent, parent)
    assert db.execute(update, [parent, row[key]]).rowcount == 1


@_of_reference
def test_deletion_waits_for_what_is_being_inserted_and_takes_it_along(
    sampled_db: Database, tenants: tuple[UUID, UUID], reference: Reference
) -> None:
    with (
        sampled_db.connect() as watcher,
        sampled_db.connect(autocommit=False) as inserting,
        sampled_db.connect() as deleting,
        ThreadPoolExecutor(1) as pool,
    ):
        row = _take_out(watcher, reference, tenants[0])
        _insert(inserting, reference.child, row)
        waiting = pool.submit(_delete_parent, deleting, reference, row)
        await_lock(watcher, deleting.info.backend_pid)
        inserting.commit()
        deletion = waiting.result(30)
        key = table(reference.child).primary_key
        query = sql.SQL("select deletion_id from {} where ({}) = ({})").format(
            sql.Identifier(*reference.child.split(".")),
            sql.SQL(", ").join(map(sql.Identifier, key)),
            sql.SQL(", ").join(sql.Literal(row[column]) for column in key),
        )
        goes = reference.actions[0] == "cascade"
        assert watcher.execute(query).fetchone() == (deletion if goes else None,)


@_of_reference
@pytest.mark.parametrize("committed", [True, False])
def test_insert_waits_for_the_deletion_of_its_parent_and_is_refused_if_it_comes_to_be(
    sampled_db: Database, tenants: tuple[UUID, UUID], reference: Reference, committed: bool
) -> None:
    with (
        sampled_db.connect() as watcher,
        sampled_db.connect() as inserting,
        sampled_db.connect(autocommit=False) as deleting,
        ThreadPoolExecutor(1) as pool,
    ):
        row = _take_out(watcher, reference, tenants[0])
        _delete_parent(deleting, reference, row)
        waiting = pool.submit(_insert, inserting, reference.child, row)
        await_lock(watcher, inserting.info.backend_pid)
        (deleting.commit if committed else deleting.rollback)()
        if committed:
            with pytest.raises(psycopg.Error) as refusal:
                waiting.result(30)
            assert refusal.value.sqlstate == "SP002"
        else:
            waiting.result(30)


@_of_call
def test_function_of_the_api_waits_for_a_deletion_and_then_finds_nothing_live(
    sampled_db: Database, tenants: tuple[UUID, UUID], parent: str, call: str
) -> None:
    with (
        sampled_db.connect() as watcher,
        sampled_db.connect(role="service_role") as writing,
        sampled_db.connect(role="service_role", autocommit=False) as deleting,
        ThreadPoolExecutor(1) as pool,
    ):
        shared = ["workspace_id = 'T0SHARED'"] if parent == "public.slack_connections" else []
        values = {"tenant": tenants[0], "id": live_row(watcher, parent, tenants[0], *shared)}
        soft_delete(deleting, parent, values["id"], tenants[0])
        waiting = pool.submit(writing.execute, call.encode(), values)
        await_lock(watcher, writing.info.backend_pid)
        deleting.commit()
        with pytest.raises(psycopg.Error) as refusal:
            waiting.result(30)
        assert refusal.value.sqlstate == "SP002"


@pytest.mark.req("3.3")
def test_member_pins_no_deleted_row(
    db: Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused
) -> None:
    connection = make.make_slack_connection(db, tenants[0], workspace_id="T0GONE")
    number = make.make_verified_number(db, tenants[0])["verified_whatsapp_number_id"]
    _mark(db, "public.slack_connections", connection["slack_connection_id"])
    _mark(db, "public.verified_whatsapp_numbers", number)
    with refused("SP002"), acting_as(member(tenants[0])) as session:
        session.execute(*_mapping(tenants[0], connection["slack_connection_id"], "T0GONE"))
    with refused("SP002"), acting_as(member(tenants[0])) as session:
        session.execute("update public.slack_user_mappings set verified_whatsapp_number_id = %s", [number])


@pytest.mark.req("3.3", "6.1")
def test_members_of_a_deleted_tenant_write_nothing(
    db: Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused
) -> None:
    """A row of theirs that stayed live, as only the owner can make one, gives them no way in."""
    connection = live_row(db, "public.slack_connections", tenants[0], "workspace_id = 'T0SHARED'")
    _mark(db, "public.tenants", tenants[0])
    with refused("SP002"), acting_as(member(tenants[0])) as session:
        session.execute(*_mapping(tenants[0], connection, "T0SHARED"))
    with refused("SP002"), acting_as(member(tenants[0])) as session:
        session.execute("select public.map_slack_user(%s, 'T0SHARED', 'U0NEW')", [tenants[0]])


@pytest.mark.req("3.5")
def test_refusal_does_not_tell_a_foreign_live_row_from_a_deleted_or_missing_one(
    db: Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    live = make.make_slack_connection(db, tenants[1], workspace_id="T0GONE")["slack_connection_id"]
    gone = make.make_slack_connection(
        db, tenants[1], workspace_id="T0GONE", deleted_at="2026-01-01", deletion_id=uuid4()
    )["slack_connection_id"]
    for tenant, sqlstate in ((tenants[1], "42501"), (tenants[0], "23503")):
        answers = set()
        for connection in (live, gone, uuid4()):
            with pytest.raises(psycopg.Error) as refusal, db.transaction(), acting_as(member(tenants[0])) as session:
                session.execute(*_mapping(tenant, connection, "T0GONE"))
            answers.add((refusal.value.sqlstate, refusal.value.diag.message_primary))
        assert {state for state, _ in answers} == {sqlstate}
        assert len(answers) == 1


def _mapping(tenant: UUID, connection: object, workspace: str) -> tuple[bytes, list[object]]:
    return (
        b"insert into public.slack_user_mappings (tenant_id, slack_connection_id, workspace_id, slack_user_id)"
        b" values (%s, %s, %s, 'U0NEW')",
        [tenant, connection, workspace],
    )


def _take_out(db: Connection, reference: Reference, tenant: UUID) -> dict[str, Any]:
    """Delete for good a live row that hangs on a live one, and return it, to be inserted again."""
    query = sql.SQL(
        "delete from {child} where ctid = (select c.ctid from {child} as c join {parent} as p on {on}"
        " where c.tenant_id = {tenant} and c.deleted_at is null and p.deleted_at is null limit 1)"
        " returning to_jsonb({child}.*)"
    ).format(
        child=sql.Identifier(*reference.child.split(".")),
        parent=sql.Identifier(*reference.parent.split(".")),
        tenant=sql.Literal(tenant),
        on=sql.SQL(" and ").join(
            sql.SQL("c.{} = p.{}").format(sql.Identifier(here), sql.Identifier(there))
            for here, there in zip(reference.columns, reference.parent_columns, strict=True)
        ),
    )
    ((row,),) = db.execute(query).fetchall()
    assert isinstance(row, dict)
    return row


def _insert(db: Connection, name: str, row: dict[str, Any]) -> None:
    statement = sql.SQL("insert into {0} select * from jsonb_populate_record(null::{0}, %s)")
    assert db.execute(statement.format(sql.Identifier(*name.split("."))), [Jsonb(row)]).rowcount == 1


def _delete_parent(db: Connection, reference: Reference, row: dict[str, Any]) -> UUID:
    return soft_delete(db, reference.parent, row[reference.columns[-1]], row["tenant_id"])


def _mark(db: Connection, name: str, row_id: object) -> None:
    """Delete one row softly, and none of those that hang on it."""
    statement = sql.SQL("update {} set deleted_at = now(), deletion_id = gen_random_uuid() where {} = %s")
    relation, key = sql.Identifier(*name.split(".")), sql.Identifier(id_column(name))
    assert db.execute(statement.format(relation, key), [row_id]).rowcount == 1


def _unmark(db: Connection, name: str, row_id: object) -> None:
    statement = sql.SQL("update {} set deleted_at = null, deletion_id = null where {} = %s")
    db.execute(statement.format(sql.Identifier(*name.split(".")), sql.Identifier(id_column(name))), [row_id])
