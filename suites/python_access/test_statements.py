"""Statements of every form pass what is deleted softly by, or are refused where SQLAlchemy cannot have them do so."""

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from sqlalchemy import Delete, Update, delete, exists, func, insert, join, literal, or_, select, true, union_all, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased
from sqlalchemy.orm import join as orm_join

from messaging_schema import INCLUDE_DELETED, Identity, Session, service
from messaging_schema.models import CommunicationLog, Tenant, VerifiedWhatsappNumber

pytestmark = pytest.mark.req("1.4", "6.1")

As = Callable[[Identity], Session]
Stage: TypeAlias = tuple[Session, UUID]

_NUMBERS, _LOGS = VerifiedWhatsappNumber, CommunicationLog
_ALIAS = aliased(VerifiedWhatsappNumber)
_KEY = ["tenant_id", "verified_whatsapp_number_id"]
_OF_NUMBER = _LOGS.verified_whatsapp_number_id == _NUMBERS.verified_whatsapp_number_id
_OF_ALIAS = _LOGS.verified_whatsapp_number_id == _ALIAS.verified_whatsapp_number_id
_GONE = "+4930000001"
_TAKEN = exists().where(_NUMBERS.phone_number == _GONE)


@pytest.fixture
def stage(session_of: As) -> Stage:
    """A back end's session, and a tenant with a deleted number, a live one, and a live message of each."""
    session = session_of(service())
    session.add(tenant := Tenant(name="Stage"))
    session.flush()
    numbers = [_NUMBERS(tenant_id=tenant.tenant_id, phone_number=number) for number in (_GONE, "+4930000002")]
    session.add_all(numbers)
    session.flush()
    session.add_all(
        _LOGS(
            tenant_id=tenant.tenant_id,
            channel="whatsapp",
            direction="inbound",
            status="received",
            verified_whatsapp_number_id=number.verified_whatsapp_number_id,
        )
        for number in numbers
    )
    session.soft_delete(numbers[0])
    session.expunge_all()
    return session, tenant.tenant_id


def _label(session: Session) -> str | None:
    numbers = _NUMBERS.__table__
    return session.scalar(select(numbers.c.label).where(numbers.c.phone_number == _GONE))


@pytest.mark.parametrize(
    "query",
    [select(_TAKEN), select(select(_TAKEN.label("taken")).subquery()), union_all(select(_TAKEN), select(_TAKEN))],
    ids=["exists", "in a subquery", "in a union"],
)
def test_number_that_is_deleted_does_not_exist(stage: Stage, query: Any) -> None:
    session, _ = stage
    assert set(session.scalars(query)) == {False}
    assert set(session.scalars(query, execution_options=INCLUDE_DELETED)) == {True}, "the control"


def test_row_that_is_joined_by_where_alone_is_live(stage: Stage) -> None:
    session, tenant_id = stage
    query = select(func.count()).where(_LOGS.tenant_id == tenant_id, _OF_NUMBER)
    assert session.scalar(query) == 1
    assert session.scalar(query, execution_options=INCLUDE_DELETED) == 2, "the control"


@pytest.mark.parametrize("statement", [update(_LOGS).values(body="Touched"), delete(_LOGS)], ids=["update", "delete"])
@pytest.mark.parametrize("of_number", [_OF_NUMBER, _OF_ALIAS], ids=["model", "alias"])
def test_rows_are_not_written_by_what_is_deleted(stage: Stage, statement: Update | Delete, of_number: Any) -> None:
    session, tenant_id = stage
    statement = statement.where(_LOGS.tenant_id == tenant_id, of_number)
    with session.begin_nested() as savepoint:
        assert len(session.execute(statement.returning(_LOGS.communication_log_id)).all()) == 1
        savepoint.rollback()
    everything = session.execute(statement.returning(_LOGS.communication_log_id), execution_options=INCLUDE_DELETED)
    assert len(everything.all()) == 2, "the control"


@pytest.mark.parametrize("target", [_NUMBERS, _NUMBERS.__table__], ids=["model", "table"])
def test_insert_copies_live_rows(stage: Stage, tenants: tuple[UUID, UUID], target: Any) -> None:
    session, tenant_id = stage
    source = select(literal(tenants[0]), _NUMBERS.phone_number).where(_NUMBERS.tenant_id == tenant_id)
    copy = insert(target).from_select(["tenant_id", "phone_number"], source).returning(target)
    assert len(session.execute(copy).all()) == 1


def test_update_by_key_is_refused(stage: Stage) -> None:
    session, tenant_id = stage
    gone = select(_NUMBERS).where(_NUMBERS.phone_number == _GONE)
    row_id = session.scalars(gone, execution_options=INCLUDE_DELETED).one().verified_whatsapp_number_id
    rows = [{"tenant_id": tenant_id, "verified_whatsapp_number_id": row_id, "label": "Touched"}]
    with pytest.raises(TypeError, match="where"):
        session.execute(update(_NUMBERS), rows)
    with pytest.raises(TypeError, match="where"):
        session.bulk_update_mappings(_NUMBERS, rows)
    assert _label(session) is None
    session.execute(update(_NUMBERS), rows, execution_options=INCLUDE_DELETED)
    assert _label(session) == "Touched"


def test_upsert_that_could_write_a_deleted_row_is_refused(stage: Stage) -> None:
    session, tenant_id = stage
    gone = select(_NUMBERS).where(_NUMBERS.phone_number == _GONE)
    row_id = session.scalars(gone, execution_options=INCLUDE_DELETED).one().verified_whatsapp_number_id
    session.expunge_all()
    values = upsert(_NUMBERS).values(tenant_id=tenant_id, verified_whatsapp_number_id=row_id, phone_number=_GONE)
    change: Any = {"index_elements": _KEY, "set_": {"label": "Touched"}}
    with pytest.raises(TypeError, match="where"):
        session.execute(values.on_conflict_do_update(**change))
    session.execute(values.on_conflict_do_update(where=_NUMBERS.deleted_at.is_(None), **change))
    assert _label(session) is None
    session.execute(values.on_conflict_do_update(**change), execution_options=INCLUDE_DELETED)
    assert _label(session) == "Touched"


def test_upsert_by_the_index_of_live_rows_is_not_refused(stage: Stage) -> None:
    session, tenant_id = stage
    values = upsert(_NUMBERS).values(tenant_id=tenant_id, phone_number=_GONE)
    change = values.on_conflict_do_update(
        index_elements=["tenant_id", "phone_number"],
        index_where=_NUMBERS.deleted_at.is_(None),
        set_={"label": "Touched"},
    ).returning(_NUMBERS.label)
    assert [session.scalar(change) for _ in range(2)] == [None, "Touched"]


_FULL = select(_LOGS.tenant_id).select_from(_NUMBERS).join(_LOGS, _OF_NUMBER, full=True)
_CHANGED = update(_LOGS).where(_OF_NUMBER).values(body="Touched").returning(_LOGS.tenant_id).cte()


@pytest.mark.parametrize(
    "query",
    [
        _FULL,
        select(_FULL.subquery().c.tenant_id),
        select(_ALIAS.tenant_id).join(_LOGS, _OF_ALIAS, full=True),
        select(_LOGS.tenant_id).select_from(orm_join(_LOGS, _NUMBERS, _OF_NUMBER)),
        select(_LOGS.tenant_id).select_from(join(_LOGS, _NUMBERS, _OF_NUMBER)),
        select(_CHANGED.c.tenant_id),
    ],
    ids=["full join", "full join within", "full join of an alias", "join()", "join() of the core", "update in a cte"],
)
def test_statement_that_cannot_leave_deleted_rows_out_is_refused(stage: Stage, query: Any) -> None:
    session, _ = stage
    with pytest.raises(TypeError, match="INCLUDE_DELETED"):
        session.execute(query)
    assert session.execute(query, execution_options=INCLUDE_DELETED).all()


def test_full_join_of_subqueries_is_of_live_rows(stage: Stage) -> None:
    session, tenant_id = stage
    numbers = select(_NUMBERS).where(_NUMBERS.tenant_id == tenant_id).subquery()
    logs = select(_LOGS).where(_LOGS.tenant_id == tenant_id).subquery()
    of_number = logs.c.verified_whatsapp_number_id == numbers.c.verified_whatsapp_number_id
    query = select(numbers.c.phone_number, logs.c.status).join_from(numbers, logs, of_number, full=True)
    assert {tuple(row) for row in session.execute(query)} == {("+4930000002", "received"), (None, "received")}


def test_tables_are_joined_as_they_are(stage: Stage) -> None:
    session, tenant_id = stage
    numbers, logs = _NUMBERS.__table__, _LOGS.__table__
    query = select(func.count()).select_from(numbers.join(logs, true(), full=True))
    assert session.scalar(query.where(or_(numbers.c.tenant_id == tenant_id, logs.c.tenant_id == tenant_id)))
