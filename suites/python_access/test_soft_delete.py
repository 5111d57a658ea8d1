"""What is deleted softly is gone from queries and from the session, and comes back whole."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, exists, func, inspect, literal, select, text, union_all, update
from sqlalchemy.orm import aliased, make_transient_to_detached, selectinload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from messaging_schema import INCLUDE_DELETED, Base, Identity, Session, errors, member, service
from messaging_schema.base import SoftDeletable, SoftDeleted
from messaging_schema.models import SlackConnection, SlackUserMapping, Tenant, VerifiedWhatsappNumber
from suites.python_access.shapes import TABLES

pytestmark = pytest.mark.req("1.4", "6.1")

As = Callable[[Identity], Session]
_MODELS: list[Any] = sorted((each.class_ for each in Base.registry.mappers), key=lambda model: model.__name__)
_DELETED = [model for model in _MODELS if issubclass(model, SoftDeleted)]


def _with_people(session: Session) -> SlackConnection:
    """Return the connection with most users, and load these."""
    query = select(SlackConnection).options(selectinload(SlackConnection.slack_user_mappings))
    found = max(session.scalars(query), key=lambda each: len(each.slack_user_mappings))
    assert found.slack_user_mappings
    return found


def test_models_of_all_tables_are_marked() -> None:
    assert {model.__table__ for model in _DELETED} == set(TABLES)


@pytest.mark.parametrize("model", _DELETED, ids=lambda model: model.__name__)
def test_queries_leave_out_what_is_deleted(session_of: As, model: Any) -> None:
    session = session_of(service())
    session.add(gone := Tenant(name="Gone"))
    session.flush()
    session.soft_delete(gone)
    everything = session.scalars(select(model), execution_options=INCLUDE_DELETED).all()
    live = {row for row in everything if row.deleted_at is None}
    assert live < set(everything)
    assert set(session.scalars(select(model))) == live
    assert set(session.scalars(select(aliased(model)))) == live
    count = select(func.count()).select_from(model)
    assert session.scalar(count) == len(live)
    assert session.scalar(count, execution_options=INCLUDE_DELETED) == len(everything)


def test_rows_that_are_loaded_with_others_are_live(session_of: As) -> None:
    session = session_of(service())
    query = select(Tenant).options(selectinload(Tenant.verified_whatsapp_numbers))
    loaded = [number for tenant in session.scalars(query) for number in tenant.verified_whatsapp_numbers]
    assert set(loaded) == set(session.scalars(select(VerifiedWhatsappNumber)))
    session.expunge_all()
    everything = session.scalars(query, execution_options=INCLUDE_DELETED)
    assert any(number.deleted_at for tenant in everything for number in tenant.verified_whatsapp_numbers)


def test_joined_row_is_live(session_of: As) -> None:
    session = session_of(service())
    join = select(Tenant.tenant_id).join(Tenant.verified_whatsapp_numbers)
    assert len(session.scalars(join).all()) == len(session.scalars(select(VerifiedWhatsappNumber)).all())


def _ways_to(deleted: Select[Any]) -> dict[str, Select[Any]]:
    """Queries that reach numbers by something else than a plain FROM."""
    ids = deleted.with_only_columns(VerifiedWhatsappNumber.tenant_id)
    tenants = select(Tenant.tenant_id)
    theirs = exists().where(
        VerifiedWhatsappNumber.tenant_id == Tenant.tenant_id, VerifiedWhatsappNumber.deleted_at.is_not(None)
    )
    return {
        "subquery": select(deleted.subquery().c.tenant_id),
        "alias of a subquery": select(aliased(VerifiedWhatsappNumber, deleted.subquery()).tenant_id),
        "cte": select(ids.cte().c.tenant_id),
        "union": select(union_all(ids, ids).subquery().c.tenant_id),
        "exists": select(literal(1)).where(exists(deleted)),
        "exists by where": tenants.where(theirs),
        "in": tenants.where(Tenant.tenant_id.in_(ids)),
        "any": tenants.where(Tenant.verified_whatsapp_numbers.any(VerifiedWhatsappNumber.deleted_at.is_not(None))),
        "value": select(literal(1)).where(ids.limit(1).scalar_subquery().is_not(None)),
    }


@pytest.mark.parametrize("way", _ways_to(select(VerifiedWhatsappNumber)))
def test_no_way_leads_to_what_is_deleted(session_of: As, way: str) -> None:
    session = session_of(service())
    query = _ways_to(select(VerifiedWhatsappNumber).where(VerifiedWhatsappNumber.deleted_at.is_not(None)))[way]
    assert session.execute(query).all() == []
    assert session.execute(query, execution_options=INCLUDE_DELETED).all(), "the control"


def test_row_that_is_not_in_the_database_is_not_deleted(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    number = VerifiedWhatsappNumber(tenant_id=tenants[0], phone_number="+4930123456")
    with pytest.raises(ValueError, match="add it"):
        session.soft_delete(number)
    session.add(number)
    assert session.soft_delete(number)
    assert number not in session


def test_row_is_not_got_by_its_key_once_deleted(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    deleted = select(VerifiedWhatsappNumber).where(VerifiedWhatsappNumber.deleted_at.is_not(None))
    row = session.scalars(deleted, execution_options=INCLUDE_DELETED).first()
    assert row is not None
    key = (row.tenant_id, row.verified_whatsapp_number_id)
    session.expunge_all()
    assert session.get(VerifiedWhatsappNumber, key) is None
    assert session.get(VerifiedWhatsappNumber, key, execution_options=INCLUDE_DELETED) is not None


def test_update_passes_what_is_deleted_by(session_of: As) -> None:
    session = session_of(service())
    session.execute(update(VerifiedWhatsappNumber).values(label="Touched"))
    rows = session.scalars(
        select(VerifiedWhatsappNumber), execution_options={"populate_existing": True, **INCLUDE_DELETED}
    )
    assert {(row.label == "Touched", row.deleted_at is None) for row in rows} == {(True, True), (False, False)}


def test_member_deletes_a_row_with_what_hangs_on_it_and_restores_it(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(member(tenants[0]))
    connection = _with_people(session)
    people, row_id = list(connection.slack_user_mappings), connection.slack_connection_id
    others = [each for each in session.scalars(select(SlackUserMapping)) if each not in people]
    ids = {each.slack_user_mapping_id for each in [*people, *others]}
    assert others, "the control: what is left"
    session.soft_delete(connection)
    assert all(gone not in session for gone in (connection, *people))
    assert all(kept in session for kept in others)
    assert session.get(SlackUserMapping, (tenants[0], people[0].slack_user_mapping_id)) is None
    assert set(session.scalars(select(SlackUserMapping))) == set(others)
    assert session.restore(SlackConnection, row_id) == 1 + len(people)
    session.commit()
    again = session_of(member(tenants[0])).scalars(select(SlackUserMapping)).all()
    assert {each.slack_user_mapping_id for each in again} == ids


@pytest.mark.parametrize(
    "model", [model for model in _DELETED if issubclass(model, SoftDeletable)], ids=lambda model: model.__name__
)
def test_back_end_deletes_and_restores_a_row_of_each_model(
    session_of: As, tenants: tuple[UUID, UUID], model: Any
) -> None:
    session = session_of(service())
    row: Any = session.scalars(select(model).where(model.tenant_id == tenants[0])).first()
    key, whole = session.identity_key(instance=row)[1], [undefer(model.deletion_id)]
    deletion = session.soft_delete(row)
    assert session.get(model, key) is None
    found = session.get(model, key, options=whole, execution_options=INCLUDE_DELETED)
    assert found is not None
    assert found.deletion_id == deletion
    assert session.restore(model, key[-1], tenant_id=tenants[0]) >= 1
    assert found.deleted_at is None
    assert session.get(model, key) is found


def test_row_of_another_tenant_is_refused_as_one_that_is_not_there(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    theirs = session_of(member(tenants[1])).scalars(select(SlackConnection)).first()
    assert theirs is not None
    for row_id in (theirs.slack_connection_id, uuid4()):
        with pytest.raises(errors.NoSuchRow):
            session_of(member(tenants[0])).restore(SlackConnection, row_id)


def test_restoring_where_a_live_row_has_taken_the_place_names_it(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    number = session.scalars(select(VerifiedWhatsappNumber)).first()
    assert number is not None
    row_id, tenant_id = number.verified_whatsapp_number_id, number.tenant_id
    session.soft_delete(number)
    rival = VerifiedWhatsappNumber(tenant_id=tenant_id, phone_number=number.phone_number)
    session.add(rival)
    with pytest.raises(errors.PlaceTaken) as refusal, session.begin_nested():
        session.restore(VerifiedWhatsappNumber, row_id, tenant_id=tenant_id)
    assert refusal.value.row_id == rival.verified_whatsapp_number_id


def test_restoring_under_a_deleted_parent_is_refused(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    connection = _with_people(session)
    person = connection.slack_user_mappings[0]
    session.soft_delete(person)
    session.soft_delete(connection)
    with pytest.raises(errors.DeletedParent):
        session.restore(SlackUserMapping, person.slack_user_mapping_id, tenant_id=person.tenant_id)


@pytest.mark.parametrize("by_savepoint", [True, False])
def test_rollback_gives_deleted_rows_back(session_of: As, tenants: tuple[UUID, UUID], by_savepoint: bool) -> None:
    session = session_of(member(tenants[0]))
    connection = _with_people(session)
    person = connection.slack_user_mappings[0]
    key = (tenants[0], person.slack_user_mapping_id)
    undone = session.begin_nested() if by_savepoint else session
    session.soft_delete(connection)
    assert (inspect(connection).deleted, inspect(person).deleted) == (True, True)
    undone.rollback()
    assert connection in session
    person.person_name = "Ada"
    session.commit()
    assert session_of(member(tenants[0])).get_one(SlackUserMapping, key).person_name == "Ada"


def test_rollback_after_a_deletion_and_its_restoration_gives_the_row_back(
    session_of: As, tenants: tuple[UUID, UUID]
) -> None:
    session = session_of(member(tenants[0]))
    connection = _with_people(session)
    row_id = connection.slack_connection_id
    session.soft_delete(connection)
    session.restore(SlackConnection, row_id)
    assert session.get(SlackConnection, (tenants[0], row_id)) is not None
    session.rollback()
    assert session.get(SlackConnection, (tenants[0], row_id)) is connection


def test_any_number_of_rows_may_be_loaded(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(member(tenants[0]))
    number, other = session.scalars(select(VerifiedWhatsappNumber)).all()[:2]
    row_id = number.verified_whatsapp_number_id
    kept = []
    for _ in range(33000):  # which have more keys than a statement has parameters, and are gone meanwhile
        gone = VerifiedWhatsappNumber(tenant_id=tenants[0], verified_whatsapp_number_id=uuid4(), phone_number="+49")
        make_transient_to_detached(gone)
        set_committed_value(gone, "deleted_at", datetime.now(UTC))
        session.add(gone)
        kept.append(gone)
    session.soft_delete(number)
    assert (number in session, other in session) == (False, True)
    assert session.restore(VerifiedWhatsappNumber, row_id) == 1


def test_restoring_passes_over_loaded_rows_that_are_gone_for_good(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    deleted = select(VerifiedWhatsappNumber).where(VerifiedWhatsappNumber.deleted_at.is_not(None))
    number = session.scalars(select(VerifiedWhatsappNumber)).first()
    assert number is not None
    key = (number.tenant_id, number.verified_whatsapp_number_id)
    session.soft_delete(number)
    loaded = session.scalars(deleted, execution_options={"populate_existing": True, **INCLUDE_DELETED}).all()
    purged = next(row for row in loaded if row.verified_whatsapp_number_id != key[1])
    purge = text("delete from public.verified_whatsapp_numbers where verified_whatsapp_number_id = :row_id")
    session.execute(purge, {"row_id": purged.verified_whatsapp_number_id})
    assert session.restore(VerifiedWhatsappNumber, key[1], tenant_id=key[0]) == 1
    assert [row.deleted_at is None for row in loaded if row.verified_whatsapp_number_id == key[1]] == [True]
