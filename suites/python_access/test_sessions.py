"""A session's transactions are its identity's, as whoever asks sees rows of the own tenant, and nothing stays after."""

import json
import traceback
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import URL, Engine, delete, func, select, text, update
from sqlalchemy.exc import DBAPIError, InvalidRequestError, PendingRollbackError, ProgrammingError
from sqlalchemy.orm import undefer_group

from fixtures import sample
from messaging_schema import INCLUDE_DELETED, Identity, Session, anon, create_engine, errors, member, service
from messaging_schema.models import (
    CommunicationLog,
    SlackConnection,
    SlackUserMapping,
    Tenant,
    VerifiedWhatsappNumber,
    WebhookAttempt,
    WhatsappVerification,
)
from schemaproof.database import Database
from suites.python_access.user_code import map_person, newest_numbers, people_by_workspace

pytestmark = pytest.mark.req("1.4")

As = Callable[[Identity], Session]
_WHO = text("select current_user::text, coalesce(current_setting('request.jwt.claims', true), '')")


def _sqlstate(error: ProgrammingError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


@pytest.mark.req("3.2")
@pytest.mark.parametrize("model", [Tenant, VerifiedWhatsappNumber, SlackConnection, SlackUserMapping, WebhookAttempt])
def test_member_reads_rows_of_the_own_tenant_only(
    session_of: As, tenants: tuple[UUID, UUID], model: type[Tenant]
) -> None:
    for tenant in tenants:
        assert {row.tenant_id for row in session_of(member(tenant)).scalars(select(model))} == {tenant}
    assert {row.tenant_id for row in session_of(service()).scalars(select(model))} == set(tenants)


def test_two_tenants_insert_the_same_and_read_their_own(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    made = {}
    for tenant in tenants:
        session = session_of(member(tenant))
        query = select(SlackConnection).where(SlackConnection.workspace_id == sample.SHARED_WORKSPACE_ID)
        mapping = map_person(session, session.scalars(query).one(), "U0PERSON", f"Person of {tenant}")
        made[tenant] = mapping.slack_user_mapping_id
        session.commit()
    for tenant in tenants:
        query_person = select(SlackUserMapping).where(SlackUserMapping.slack_user_id == "U0PERSON")
        (found,) = session_of(member(tenant)).scalars(query_person)
        assert (found.slack_user_mapping_id, found.person_name) == (made[tenant], f"Person of {tenant}")
        assert found.metadata_ == {"source": "hand"}


def test_member_inserts_nothing_for_another_tenant(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    theirs = session_of(member(tenants[1])).scalars(select(SlackConnection)).first()
    assert theirs is not None
    with pytest.raises(ProgrammingError) as refusal:
        map_person(session_of(member(tenants[0])), theirs, "U0PERSON", "A")
    assert _sqlstate(refusal.value) == "42501"


def test_member_updates_the_own_row_and_gets_back_what_the_trigger_made(
    session_of: As, tenants: tuple[UUID, UUID]
) -> None:
    session = session_of(member(tenants[0]))
    number = session.scalars(select(VerifiedWhatsappNumber)).first()
    assert number is not None
    before = number.updated_at
    number.label = "Desk"
    number.metadata_["floor"] = 3
    session.commit()
    assert number.updated_at > before
    again = session_of(member(tenants[0])).get_one(
        VerifiedWhatsappNumber, (tenants[0], number.verified_whatsapp_number_id)
    )
    assert (again.label, again.metadata_["floor"]) == ("Desk", 3)


def test_update_of_all_rows_stays_in_the_tenant(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(member(tenants[0]))
    session.execute(update(VerifiedWhatsappNumber).values(label="Mine"))
    session.commit()
    rows = session_of(service()).scalars(select(VerifiedWhatsappNumber)).all()
    assert {row.tenant_id for row in rows if row.label == "Mine"} == {tenants[0]}


def test_workspace_narrows_what_is_seen(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    narrowed = session_of(member(tenants[0], workspace_id=sample.SHARED_WORKSPACE_ID))
    assert set(people_by_workspace(narrowed)) == {sample.SHARED_WORKSPACE_ID}
    assert len(people_by_workspace(session_of(member(tenants[0])))) > 1


@pytest.mark.req("3.3")
def test_visitor_is_refused(session_of: As) -> None:
    with pytest.raises(ProgrammingError) as refusal:
        session_of(anon()).scalars(select(Tenant))
    assert _sqlstate(refusal.value) == "42501"


def test_member_without_a_tenants_id_sees_nothing(session_of: As) -> None:
    for identity in (Identity("authenticated"), Identity("authenticated", {"tenant_id": "x"}), member(uuid4())):
        assert session_of(identity).scalars(select(Tenant)).all() == []


def test_claims_cannot_name_another_role(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    role, claims = session_of(member(tenants[0], role="service_role", sub="someone")).execute(_WHO).one()
    assert role == "authenticated"
    assert json.loads(claims) == {"role": "authenticated", "sub": "someone", "tenant_id": str(tenants[0])}


def test_each_transaction_of_a_session_is_the_identitys(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(member(tenants[0]))
    for end in (session.commit, session.rollback, session.commit):
        role, claims = session.execute(_WHO).one()
        assert role == "authenticated"
        assert str(tenants[0]) in claims
        end()


def test_savepoint_that_is_rolled_back_leaves_the_identity(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(member(tenants[0]))
    for _ in range(2):
        with session.begin_nested() as savepoint:
            assert session.execute(_WHO).one()[0] == "authenticated"
            savepoint.rollback()
    assert {row.tenant_id for row in session.scalars(select(Tenant))} == {tenants[0]}


def test_connection_goes_back_to_the_pool_as_the_login_role(engine: Engine, tenants: tuple[UUID, UUID]) -> None:
    with engine.connect() as connection:
        pid = connection.scalar(text("select pg_backend_pid()"))
    with Session(engine, member(tenants[0])) as session, session.begin():
        assert session.scalar(text("select pg_backend_pid()")) == pid
    with engine.connect() as connection:
        assert connection.execute(_WHO).one() == ("authenticator", "")
        assert connection.scalar(text("select pg_backend_pid()")) == pid


def test_settings_hold_for_the_transaction(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    show = text("select current_setting('statement_timeout')")
    settings = {"statement_timeout": "3s"}
    for identity in (Identity("anon", settings=settings), member(tenants[0], settings=settings)):
        assert "settings" not in identity.claims
        assert session_of(identity).scalar(show) == "3s"
    assert session_of(service(settings=settings)).scalar(show) == "3s"
    assert session_of(anon()).scalar(show) != "3s"


def test_failed_transaction_is_not_committed_silently(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    session.add(Tenant(name="Lost"))
    with pytest.raises(errors.NoSuchRow):
        session.restore(Tenant, tenants[0])
    with pytest.raises(PendingRollbackError, match="begin_nested"):
        session.commit()
    session.rollback()
    assert session.scalar(select(func.count()).where(Tenant.name == "Lost")) == 0
    session.commit()


def test_what_fails_within_a_savepoint_fails_it_alone(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    with session_of(service()) as session, session.begin():
        session.add(Tenant(name="Kept"))
        with pytest.raises(errors.NoSuchRow), session.begin_nested():
            session.restore(Tenant, tenants[0])
    assert session_of(service()).scalar(select(func.count()).where(Tenant.name == "Kept")) == 1


def test_failed_savepoint_is_not_released(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    savepoint = session.begin_nested()
    with pytest.raises(errors.NoSuchRow):
        session.restore(Tenant, tenants[0])
    with pytest.raises(PendingRollbackError, match="begin_nested"):
        savepoint.commit()
    savepoint.rollback()
    assert session.scalar(select(func.count()).where(Tenant.tenant_id == tenants[0])) == 1


def test_session_that_asked_nothing_commits_without_a_connection(url: URL) -> None:
    engine = create_engine(url.set(query={"host": "/nowhere"}))
    with Session(engine, service()) as session:
        session.commit()
        with session.begin():
            pass


def test_engine_that_commits_each_statement_is_refused(url: URL, tenants: tuple[UUID, UUID]) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with Session(engine, member(tenants[0])) as session, pytest.raises(RuntimeError):
        session.scalars(select(Tenant))
    engine.dispose()


def test_connection_that_comes_to_commit_each_statement_is_refused(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    with pytest.raises(RuntimeError):
        session_of(member(tenants[0])).connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def test_login_that_could_do_more_is_held_to_the_identity(sampled_db: Database, tenants: tuple[UUID, UUID]) -> None:
    engine = create_engine("postgresql://", creator=lambda: sampled_db.connect(role="postgres", autocommit=False))
    with Session(engine, member(tenants[0])) as session:
        assert {row.tenant_id for row in session.scalars(select(SlackConnection))} == {tenants[0]}
    engine.dispose()


def test_column_that_members_may_not_read_is_left_out_until_it_is_asked_for(
    session_of: As, tenants: tuple[UUID, UUID]
) -> None:
    found = session_of(member(tenants[0])).scalars(select(WhatsappVerification)).first()
    assert found is not None
    with pytest.raises(InvalidRequestError):
        _ = found.code_hash
    sealed = select(WhatsappVerification).options(undefer_group("sealed"))
    row = session_of(service()).scalars(sealed).first()
    assert row is not None
    assert len(row.code_hash) == 32
    with pytest.raises(ProgrammingError) as refusal:
        session_of(member(tenants[0])).scalars(sealed)
    assert _sqlstate(refusal.value) == "42501"


def test_numbers_come_newest_first(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    numbers = newest_numbers(session_of(member(tenants[0])), tenants[0])
    assert [made for _, made in numbers] == sorted((made for _, made in numbers), reverse=True)
    assert sample.SHARED_PHONE_NUMBER in {number for number, _ in numbers}


def test_parameters_stay_out_of_errors(session_of: As) -> None:
    session = session_of(service())
    with pytest.raises(ProgrammingError) as error:
        session.execute(text("select no_such_function(:secret)"), {"secret": "xoxb-1"})
    assert "xoxb-1" not in str(error.value)


@pytest.mark.parametrize(
    ("columns", "sqlstate", "constraint"),
    [
        ({"status": "bogus"}, "23514", "status_is_known"),
        ({"metadata_": {"token": "xoxb-1\0"}}, "22P05", None),
        ({"verified_whatsapp_number_id": uuid4()}, "23503", "communication_logs_verified_whatsapp_numbers_fkey"),
    ],
)
def test_values_of_rows_stay_out_of_errors(
    session_of: As, tenants: tuple[UUID, UUID], columns: dict[str, Any], sqlstate: str, constraint: str | None
) -> None:
    session = session_of(service())
    known = {"channel": "whatsapp", "direction": "inbound", "status": "received", **columns}
    session.add(CommunicationLog(tenant_id=tenants[0], body="xoxb-1", **known))
    with pytest.raises(DBAPIError) as error:
        session.flush()
    told = "".join(traceback.format_exception(error.value))
    assert not [text for text in ("xoxb-1", "DETAIL", "CONTEXT", *map(str, columns.values())) if text in told]
    raised = error.value.orig
    assert isinstance(raised, psycopg.Error)
    assert (raised.sqlstate, raised.diag.constraint_name) == (sqlstate, constraint)
    assert str(raised.diag.message_primary) in str(error.value)
    assert raised.diag.message_detail, "which a program may look into"


def test_engine_that_shows_parameters_shows_rows_too(url: URL, tenants: tuple[UUID, UUID]) -> None:
    engine = create_engine(url, hide_parameters=False)
    with Session(engine, service()) as session, pytest.raises(DBAPIError, match="DETAIL"):
        session.add(VerifiedWhatsappNumber(tenant_id=uuid4(), phone_number="+4930123456"))
        session.flush()
    engine.dispose()


def test_what_is_shown_of_a_row_is_its_key(tenants: tuple[UUID, UUID]) -> None:
    number = VerifiedWhatsappNumber(tenant_id=tenants[0], phone_number="+4930123456", label="Ada")
    assert str(tenants[0]) in repr(number)
    assert "+4930123456" not in repr(number)
    assert "Ada" not in repr(number)


def test_rows_are_deleted_for_good_by_a_statement_alone(session_of: As, tenants: tuple[UUID, UUID]) -> None:
    session = session_of(service())
    row = session.scalars(select(WebhookAttempt).where(WebhookAttempt.tenant_id == tenants[0])).first()
    assert row is not None
    with pytest.raises(TypeError):
        session.delete(row)
    session.execute(delete(WebhookAttempt).where(WebhookAttempt.tenant_id == tenants[0]))
    assert {each.tenant_id for each in session.scalars(select(WebhookAttempt))} == {tenants[1]}
    deleted_before = session.scalars(select(WebhookAttempt), execution_options=INCLUDE_DELETED)
    assert {each.tenant_id for each in deleted_before} == set(tenants), "what was deleted softly is passed by"
