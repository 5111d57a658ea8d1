"""Logging messages and queueing events: what is encrypted, what moves on, what is refused."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from fixtures import factories as make
from fixtures import sample
from schemaproof.identity import anon, member, service
from suites.encryption.calls import LONG, NUMBER, connect_workspace, log_message, queue_event
from suites.encryption.sealed import value
from suites.fixture_types import ActingAs, Refused

pytestmark = [pytest.mark.req("6.2"), pytest.mark.req("7.1")]

_Connection = psycopg.Connection[Any]


def test_refusal_quotes_no_value_of_the_row(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    with pytest.raises(psycopg.Error) as refusal, db.transaction():
        log_message(db, tenants[0], body=LONG, provider_message_id="wamid.personal")
    told = f"{refusal.value}{refusal.value.diag.message_detail}{refusal.value.diag.context}"
    assert "body_has_at_most_4096_characters" in told
    assert not {text for text in (NUMBER, "wamid.personal", "xxxx") if text in told}


def test_tenant_that_is_deleted_gets_nothing_new(db: _Connection, tenants: tuple[UUID, UUID], refused: Refused) -> None:
    db.execute(
        "update public.tenants set deleted_at = now(), deletion_id = %s where tenant_id = %s", [uuid4(), tenants[0]]
    )
    for write in (connect_workspace, log_message, queue_event):
        with refused("SP002"):
            write(db, tenants[0])


def test_message_is_logged_with_its_number_encrypted_and_hashed(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    with acting_as(service()) as connection:
        row = log_message(connection, tenants[0], metadata={"campaign": "x"}, body="Hello")
    query = """
        select v.phone_number, v.body, v.metadata ->> 'campaign',
               l.phone_number_hash = private.hash_text('phone_number', l.tenant_id, %s, l.key_version)
        from public.decrypted_communication_logs as v
        join public.communication_logs as l using (tenant_id, communication_log_id)
        where v.communication_log_id = %s
    """
    assert db.execute(query, [NUMBER, row]).fetchone() == (NUMBER, "Hello", "x", True)


@pytest.mark.parametrize(
    ("first", "then", "last"),
    [
        ("queued", "sent", "sent"),
        ("sent", "delivered", "delivered"),
        ("read", "delivered", "read"),
        ("delivered", "delivered", "delivered"),
        ("sent", "failed", "failed"),
        ("failed", "sent", "failed"),
    ],
)
def test_message_told_of_again_moves_on_and_never_back(
    db: _Connection, tenants: tuple[UUID, UUID], first: str, then: str, last: str
) -> None:
    row = log_message(db, tenants[0], status=first, provider_message_id="wamid.1", body="Hello")
    again = log_message(
        db, tenants[0], status=then, provider_message_id="wamid.1", phone_number="+4930000000", body="Other"
    )
    query = "select status, body, phone_number from public.decrypted_communication_logs where communication_log_id = %s"
    assert again == row
    assert db.execute(query, [row]).fetchone() == (last, "Hello", NUMBER)


def test_same_provider_id_of_another_tenant_is_another_message(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    assert log_message(db, tenants[0], provider_message_id="wamid.1") != log_message(
        db, tenants[1], provider_message_id="wamid.1"
    )


def _slack_connection(db: _Connection, tenant: UUID) -> UUID:
    query = """
        select slack_connection_id from public.slack_connections
        where tenant_id = %s and workspace_id = %s and deleted_at is null
    """
    found = value(db, query, tenant, sample.SHARED_WORKSPACE_ID)
    assert isinstance(found, UUID)
    return found


def test_slack_message_takes_its_workspace_from_the_connection(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    connection_id = _slack_connection(db, tenants[0])
    row = log_message(
        db, tenants[0], channel="slack", phone_number=None, slack_connection_id=connection_id, slack_user_id="U0SENDER"
    )
    query = (
        "select workspace_id, phone_number_ciphertext from public.communication_logs where communication_log_id = %s"
    )
    assert db.execute(query, [row]).fetchone() == (sample.SHARED_WORKSPACE_ID, None)


@pytest.mark.parametrize(
    ("over", "sqlstate"),
    [
        ({"phone_number": None}, "SP001"),
        ({"phone_number": ""}, "SP001"),
        ({"phone_number": "4915112345678"}, "SP001"),
        ({"phone_number": "+0"}, "SP001"),
        ({"phone_number": "+1234567890123456"}, "SP001"),
        ({"phone_number": "+49 151"}, "SP001"),
        ({"phone_number": "+" + "1" * 10_000}, "SP001"),
        ({"channel": None}, "SP001"),
        ({"channel": "sms"}, "SP001"),
        ({"channel": "slack"}, "SP001"),
        ({"direction": None}, "SP001"),
        ({"direction": ""}, "SP001"),
        ({"status": None}, "SP001"),
        ({"status": "lost"}, "SP001"),
        ({"slack_user_id": "U0SENDER"}, "SP001"),
        ({"provider_message_id": ""}, "SP001"),
        ({"provider_message_id": LONG}, "SP001"),
        ({"body": LONG}, "SP001"),
        ({"error_code": ""}, "SP001"),
        ({"verified_whatsapp_number_id": uuid4()}, "SP002"),
        ({"slack_connection_id": uuid4()}, "SP002"),
    ],
)
def test_message_that_cannot_be_is_refused(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused, over: dict[str, Any], sqlstate: str
) -> None:
    with refused(sqlstate):
        log_message(db, tenants[0], **over)


def test_message_without_metadata_has_none(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    row = log_message(db, tenants[0], metadata=None)
    assert value(db, "select metadata from public.communication_logs where communication_log_id = %s", row) == {}


def test_message_through_what_another_tenant_has_is_refused(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused
) -> None:
    number = make.make_verified_number(db, tenants[1])
    with refused("SP002"):
        log_message(db, tenants[0], verified_whatsapp_number_id=number["verified_whatsapp_number_id"])
    with refused("SP002"):
        log_message(
            db, tenants[0], channel="slack", phone_number=None, slack_connection_id=_slack_connection(db, tenants[1])
        )
    with refused("SP002"):
        log_message(db, uuid4())
    with refused("SP002"):
        log_message(db, None)


def test_delivery_is_queued_with_its_signature_encrypted(
    db: _Connection, tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    with acting_as(service()) as connection:
        about = log_message(connection, tenants[0])
        row = queue_event(connection, tenants[0], communication_log_id=about, max_attempts=20)
    query = """
        select signature, status, max_attempts, communication_log_id from public.decrypted_webhook_deliveries
        where webhook_delivery_id = %s
    """
    assert db.execute(query, [row]).fetchone() == ("sha256=ab", "pending", 20, about)


@pytest.mark.req("7.1")
@pytest.mark.parametrize("text", [NUMBER, NUMBER[1:], f"call {NUMBER}!"])
def test_payload_cannot_repeat_the_number_that_its_message_has_encrypted(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused, text: str
) -> None:
    about = log_message(db, tenants[0])
    with refused("SP001"):
        queue_event(db, tenants[0], communication_log_id=about, payload={"message": {"from": text}})


@pytest.mark.req("7.1")
@pytest.mark.parametrize("text", [NUMBER, NUMBER[1:], f"%2B{NUMBER[1:]}"])
def test_url_cannot_repeat_the_number_that_its_message_has_encrypted(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused, text: str
) -> None:
    about = log_message(db, tenants[0])
    with refused("SP001"):
        queue_event(db, tenants[0], communication_log_id=about, endpoint_url=f"https://hooks.example.com/?from={text}")


def test_number_within_a_longer_one_is_no_repetition(db: _Connection, tenants: tuple[UUID, UUID]) -> None:
    about = log_message(db, tenants[0], phone_number="+12")
    assert queue_event(db, tenants[0], communication_log_id=about, payload={"n": 2012, "id": "a12b"})


@pytest.mark.parametrize(
    ("over", "sqlstate"),
    [
        ({"signature": None}, "SP001"),
        ({"signature": ""}, "SP001"),
        ({"signature": LONG}, "SP001"),
        ({"event_type": None}, "SP001"),
        ({"event_type": "anything"}, "SP001"),
        ({"endpoint_url": None}, "SP001"),
        ({"endpoint_url": "http://hooks.example.com"}, "SP001"),
        ({"endpoint_url": "https://user:password@hooks.example.com"}, "SP001"),
        ({"endpoint_url": f"https://{LONG}"}, "SP001"),
        ({"payload": None}, "SP001"),
        ({"payload": Jsonb([])}, "SP001"),
        ({"payload": Jsonb({"text": LONG * 7})}, "SP001"),
        ({"max_attempts": None}, "SP001"),
        ({"max_attempts": 0}, "SP001"),
        ({"max_attempts": -1}, "SP001"),
        ({"max_attempts": 21}, "SP001"),
        ({"max_attempts": 2**31 - 1}, "SP001"),
        ({"communication_log_id": uuid4()}, "SP002"),
    ],
)
def test_delivery_that_cannot_be_is_refused(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused, over: dict[str, Any], sqlstate: str
) -> None:
    with refused(sqlstate):
        queue_event(db, tenants[0], **over)


def test_delivery_about_another_tenants_message_is_refused(
    db: _Connection, tenants: tuple[UUID, UUID], refused: Refused
) -> None:
    about = log_message(db, tenants[1])
    with refused("SP002"):
        queue_event(db, tenants[0], communication_log_id=about)
    with refused("SP002"):
        queue_event(db, None)


@pytest.mark.req("3.5")
@pytest.mark.parametrize("write", [connect_workspace, log_message, queue_event])
def test_members_and_visitors_write_nothing_encrypted(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, write: Any
) -> None:
    for identity in (anon(), member(tenants[0])):
        with refused("42501"), acting_as(identity) as connection:
            write(connection, tenants[0])
