"""Restoring: all that went together comes back together, or nothing does and the reason is told."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from schemaproof.database import Database
from schemaproof.identity import member, service
from suites.audit.trail import Trail
from suites.dictionary.declared import Index, Reference, table
from suites.fixture_types import ActingAs, Refused
from suites.soft_delete.deletion import DELETABLE, PUBLIC, deleter, id_column, live_row, restore, rows, soft_delete
from suites.waiting import await_lock

pytestmark = pytest.mark.req("6.3")

# Uniqueness that counts live rows only: table and index.
_LIVE_KEYS = [
    (name, index)
    for name in DELETABLE
    for index in table(name).indexes
    if index.unique and "deleted_at IS NULL" in (index.where or "")
]
# What goes with a parent: both ends have ids of their own.
_CASCADES = [
    reference
    for name in PUBLIC
    for reference in table(name).references
    if reference.actions[0] == "cascade" and reference.parent in DELETABLE and name in DELETABLE
]
_of_live_key = pytest.mark.parametrize(("name", "index"), [pytest.param(*key, id=key[1].name) for key in _LIVE_KEYS])
_of_cascade = pytest.mark.parametrize("reference", [pytest.param(cascade, id=cascade.name) for cascade in _CASCADES])


@pytest.mark.parametrize("name", DELETABLE)
def test_everything_is_as_it_was(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    row_id, before = live_row(db, name, tenants[0]), rows(db)
    with acting_as(deleter(name, tenants[0])) as connection:
        deletion = soft_delete(connection, name, row_id, tenants[0])
    gone = len(rows(db, f"deletion_id = '{deletion}'"))
    with acting_as(deleter(name, tenants[0])) as connection:
        assert restore(connection, name, row_id, tenants[0]) == gone > 0
    assert rows(db) == before


@_of_cascade
def test_any_row_of_a_deletion_brings_back_all_of_it(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], reference: Reference
) -> None:
    before = rows(db)
    child, parent = _family(db, reference, tenants[0])
    soft_delete(db, reference.parent, parent, tenants[0])
    assert restore(db, reference.child, child, tenants[0]) >= 2
    assert rows(db) == before


@_of_cascade
def test_what_was_deleted_before_its_parent_stays_deleted(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], reference: Reference
) -> None:
    child, parent = _family(db, reference, tenants[0])
    soft_delete(db, reference.child, child, tenants[0])
    before = rows(db)
    soft_delete(db, reference.parent, parent, tenants[0])
    restore(db, reference.parent, parent, tenants[0])
    assert rows(db) == before


@_of_cascade
def test_row_under_a_deleted_parent_stays_deleted_until_that_is_restored(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, reference: Reference
) -> None:
    before = rows(db)
    child, parent = _family(db, reference, tenants[0])
    soft_delete(db, reference.child, child, tenants[0])
    soft_delete(db, reference.parent, parent, tenants[0])
    with refused("SP403"):
        restore(db, reference.child, child, tenants[0])
    restore(db, reference.parent, parent, tenants[0])
    restore(db, reference.child, child, tenants[0])
    assert rows(db) == before


@pytest.mark.req("6.2")
@_of_live_key
def test_live_row_that_has_taken_the_place_is_named_and_nothing_restored(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str, index: Index
) -> None:
    row_id = live_row(db, name, tenants[0], index.where or "true")
    with acting_as(deleter(name, tenants[0])) as connection:
        soft_delete(connection, name, row_id, tenants[0])
    rival = _copy(db, name, row_id)
    before = rows(db, without=())
    with pytest.raises(psycopg.Error) as refusal, db.transaction(), acting_as(deleter(name, tenants[0])) as connection:
        restore(connection, name, row_id, tenants[0])
    diagnosis = refusal.value.diag
    assert (refusal.value.sqlstate, diagnosis.message_detail) == ("SP402", str(rival))
    assert (diagnosis.table_name, diagnosis.constraint_name) == (name.removeprefix("public."), index.name)
    assert rows(db, without=()) == before
    with acting_as(deleter(name, tenants[0])) as connection:
        soft_delete(connection, name, rival, tenants[0])
        assert restore(connection, name, row_id, tenants[0]) >= 1, "once the other one is gone"


@pytest.mark.req("6.2")
@_of_live_key
def test_uniqueness_counts_live_rows_only(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, name: str, index: Index
) -> None:
    row_id = live_row(db, name, tenants[0], index.where or "true")
    with refused("23505"):
        _copy(db, name, row_id)
    for _ in range(2):
        soft_delete(db, name, row_id, tenants[0])
        row_id = _copy(db, name, row_id)


@pytest.mark.req("6.2")
def test_every_unique_key_of_mutable_rows_counts_live_ones_or_holds_the_primary_key(
    db: psycopg.Connection[Any],
) -> None:
    for name in PUBLIC:
        for index in table(name).indexes:
            if index.unique and "deleted_at IS NULL" not in (index.where or ""):
                assert set(table(name).primary_key) <= set(index.on.split(", ")), index.name


def test_rivals_of_a_parent_and_its_child_leave_both_deleted(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]
) -> None:
    """A connection's mappings go with it, both are made anew meanwhile: nothing is restored."""
    child, parent = "public.slack_user_mappings", "public.slack_connections"
    mapping = live_row(db, child, tenants[0], "workspace_id = 'T0SHARED'")
    connection_id = live_row(db, parent, tenants[0], "workspace_id = 'T0SHARED'")
    soft_delete(db, parent, connection_id, tenants[0])
    rival = _copy(db, parent, connection_id)
    made = db.execute(
        f"insert into {child} (tenant_id, workspace_id, slack_connection_id, slack_user_id)"
        f" select tenant_id, workspace_id, %s, slack_user_id from {child} where slack_user_mapping_id = %s"
        " returning slack_user_mapping_id",
        [rival, mapping],
    ).fetchone()
    assert made is not None
    before = rows(db, without=())
    with pytest.raises(psycopg.Error) as refusal, db.transaction():
        restore(db, parent, connection_id, tenants[0])
    assert refusal.value.sqlstate == "SP402"
    assert refusal.value.diag.message_detail in {str(rival), str(made[0])}, "which of the two is met first is open"
    assert rows(db, without=()) == before


@pytest.mark.req("5.2")
@pytest.mark.parametrize("name", DELETABLE)
def test_each_row_that_came_back_is_audited(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    row_id, identity = live_row(db, name, tenants[0]), deleter(name, tenants[0])
    with acting_as(identity) as connection:
        soft_delete(connection, name, row_id, tenants[0])
    trail = Trail(db)
    with acting_as(identity) as connection:
        count = restore(connection, name, row_id, tenants[0])
    entries = trail.entries()
    assert len(entries) == count
    assert {(entry.action, entry.actor_role) for entry in entries} == {("restore", identity.role)}


@pytest.mark.req("3.2", "3.5")
@pytest.mark.parametrize("name", DELETABLE)
def test_live_foreign_and_missing_rows_get_the_same_answer(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    foreign = live_row(db, name, tenants[1])
    soft_delete(db, name, foreign, tenants[1])
    before = rows(db, without=())
    answers = set()
    for row_id, *tenant in [
        *((live_row(db, name, tenants[0]),), (live_row(db, name, tenants[0]), tenants[0])),
        *((foreign,), (foreign, tenants[1]), (foreign, None), (uuid4(),), (None,), (UUID(int=0),)),
    ]:
        with pytest.raises(psycopg.Error) as refusal, db.transaction(), acting_as(member(tenants[0])) as connection:
            restore(connection, name, row_id, *tenant)
        diagnosis = refusal.value.diag
        answers.add((refusal.value.sqlstate, diagnosis.message_primary, diagnosis.message_detail, diagnosis.context))
    assert len(answers) == 1
    assert {sqlstate for sqlstate, *_ in answers} == {"SP401"}
    assert rows(db, without=()) == before


def test_member_of_a_deleted_tenant_restores_nothing(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused
) -> None:
    connection_id = live_row(db, "public.slack_connections", tenants[0])
    soft_delete(db, "public.tenants", tenants[0])
    for name, row_id in (("public.tenants", tenants[0]), ("public.slack_connections", connection_id)):
        with refused("SP401"), acting_as(member(tenants[0])) as connection:
            restore(connection, name, row_id)
    with acting_as(service()) as connection:
        assert restore(connection, "public.tenants", tenants[0]) > 10


@pytest.mark.req("3.4")
def test_member_of_a_workspace_restores_no_deletion_of_another(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused
) -> None:
    """A delivery has no workspace, but the message that went with it has none of that member's."""
    delivery = live_row(db, "public.webhook_deliveries", tenants[0], "communication_log_id is not null")
    log = live_row(
        db, "public.communication_logs", tenants[0],
        "communication_log_id in (select d.communication_log_id from public.webhook_deliveries as d)",
    )  # fmt: skip
    soft_delete(db, "public.communication_logs", log, tenants[0])
    narrowed = member(tenants[0], workspace_id="T0SHARED")
    with refused("SP401"), acting_as(narrowed) as connection:
        restore(connection, "public.webhook_deliveries", delivery)
    mapping = live_row(db, "public.slack_user_mappings", tenants[0], "workspace_id = 'T0SHARED'")
    with acting_as(narrowed) as connection:
        soft_delete(connection, "public.slack_user_mappings", mapping)
        assert restore(connection, "public.slack_user_mappings", mapping) == 1


def test_rival_that_is_being_inserted_is_waited_for(sampled_db: Database, tenants: tuple[UUID, UUID]) -> None:
    name = "public.verified_whatsapp_numbers"
    with (
        sampled_db.connect() as watcher,
        sampled_db.connect(autocommit=False) as inserting,
        sampled_db.connect(role="service_role") as restoring,
        ThreadPoolExecutor(1) as pool,
    ):
        row_id = live_row(watcher, name, tenants[0])
        soft_delete(watcher, name, row_id, tenants[0])
        rival = _copy(inserting, name, row_id)
        waiting = pool.submit(restore, restoring, name, row_id, tenants[0])
        await_lock(watcher, restoring.info.backend_pid)
        inserting.commit()
        with pytest.raises(psycopg.Error) as refusal:
            waiting.result(30)
        assert (refusal.value.sqlstate, refusal.value.diag.message_detail) == ("SP402", str(rival))


@pytest.mark.parametrize("action", [soft_delete, restore])
def test_of_two_at_once_one_does_it_and_the_other_is_refused(
    sampled_db: Database, tenants: tuple[UUID, UUID], action: Any
) -> None:
    name = "public.slack_connections"
    with (
        sampled_db.connect() as watcher,
        sampled_db.connect(role="service_role", autocommit=False) as first,
        sampled_db.connect(role="service_role") as second,
        ThreadPoolExecutor(1) as pool,
    ):
        row_id = live_row(watcher, name, tenants[0])
        if action is restore:
            soft_delete(watcher, name, row_id, tenants[0])
        assert action(first, name, row_id, tenants[0])
        waiting = pool.submit(action, second, name, row_id, tenants[0])
        await_lock(watcher, second.info.backend_pid)
        first.commit()
        with pytest.raises(psycopg.Error) as refusal:
            waiting.result(30)
        assert refusal.value.sqlstate == "SP401"


def test_parent_cannot_be_deleted_while_its_child_is_restored(sampled_db: Database, tenants: tuple[UUID, UUID]) -> None:
    with (
        sampled_db.connect() as watcher,
        sampled_db.connect(role="service_role", autocommit=False) as restoring,
        sampled_db.connect(role="service_role") as deleting,
        ThreadPoolExecutor(1) as pool,
    ):
        parent = live_row(watcher, "public.slack_connections", tenants[0], "workspace_id = 'T0SHARED'")
        child = live_row(watcher, "public.slack_user_mappings", tenants[0], "workspace_id = 'T0SHARED'")
        soft_delete(watcher, "public.slack_user_mappings", child, tenants[0])
        restore(restoring, "public.slack_user_mappings", child, tenants[0])
        waiting = pool.submit(soft_delete, deleting, "public.slack_connections", parent, tenants[0])
        await_lock(watcher, deleting.info.backend_pid)
        restoring.commit()
        deletion = waiting.result(30)
        query = "select deletion_id from public.slack_user_mappings where slack_user_mapping_id = %s"
        assert watcher.execute(query, [child]).fetchone() == (deletion,)


def _family(db: psycopg.Connection[Any], reference: Reference, tenant: UUID) -> tuple[Any, Any]:
    """A live row and the live parent that it hangs on, by their ids."""
    parent_id, child_id = id_column(reference.parent), id_column(reference.child)
    query = sql.SQL("select child.{}, parent.{} from {} as child join {} as parent on {} where {} limit 1").format(
        sql.Identifier(child_id),
        sql.Identifier(parent_id),
        sql.Identifier(*reference.child.split(".")),
        sql.Identifier(*reference.parent.split(".")),
        sql.SQL(" and ").join(
            sql.SQL("child.{} = parent.{}").format(sql.Identifier(here), sql.Identifier(there))
            for here, there in zip(reference.columns, reference.parent_columns, strict=True)
        ),
        sql.SQL("child.deleted_at is null and parent.deleted_at is null and child.tenant_id = {}").format(
            sql.Literal(tenant)
        ),
    )
    row = db.execute(query).fetchone()
    assert row is not None
    return row[0], row[1]


def _copy(db: psycopg.Connection[Any], name: str, row_id: object) -> Any:
    """Insert a live row that is the same but for its id, and return that."""
    key = id_column(name)
    kept = [column for column in table(name).columns if column not in (key, "deleted_at", "deletion_id", "updated_at")]
    names = sql.SQL(", ").join(map(sql.Identifier, kept))
    row = db.execute(
        sql.SQL("insert into {0} ({1}) select {1} from {0} where {2} = %s returning {2}").format(
            sql.Identifier(*name.split(".")), names, sql.Identifier(key)
        ),
        [row_id],
    ).fetchone()
    assert row is not None
    return row[0]
