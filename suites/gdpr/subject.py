"""A person on whom every table holds something, and the calls that export and erase the person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg

from fixtures import factories as make
from fixtures.row import Row

__all__ = [
    "EMAIL",
    "NOBODY",
    "NUMBER",
    "OTHER_SIDE",
    "SLACK_USER",
    "VALUES",
    "WORKSPACE",
    "Subject",
    "erase",
    "export",
    "make_subject",
]

_Connection = psycopg.Connection[Any]

NUMBER, OTHER_SIDE = "+4915199990001", "+4915199990002"
NAME, EMAIL, SLACK_USER, WORKSPACE = "Ada Zyxwvut", "Ada.Zyxwvut@example.com", "U0ZYXWVUT", "T0ZYXWVUT"

# Every value that tells of the person, in whatever column: each is found nowhere else.
VALUES = (
    NUMBER[1:],
    NAME,
    EMAIL.lower(),
    SLACK_USER,
    "wamid.zyxwvut",
    "zyxwvut-label",
    "zyxwvut-number-metadata",
    "zyxwvut-mapping-metadata",
    "zyxwvut-log-metadata",
    "zyxwvut-body",
    "zyxwvut-sent",
    "zyxwvut-slack",
    "zyxwvut-payload",
    "zyxwvut-error",
)

# Arguments that name nobody: each would otherwise be looked for in every text, and nothing is in all of them.
NOBODY: tuple[dict[str, str | None], ...] = (
    {},
    {"phone_number": None},
    {"phone_number": ""},
    {"phone_number": "+0"},
    {"phone_number": NUMBER[1:]},
    {"phone_number": "+" + "1" * 10_000},
    {"person_email": ""},
    {"person_email": " "},
    {"person_email": "e"},
    {"person_email": "@"},
    {"person_email": "a b@example.com"},
    {"person_email": "x" * 320 + "@example.com"},
    {"slack_user_id": SLACK_USER},
    {"workspace_id": WORKSPACE},
    {"workspace_id": "", "slack_user_id": ""},
    {"workspace_id": "", "slack_user_id": SLACK_USER},
    {"workspace_id": WORKSPACE, "slack_user_id": ""},
    {"workspace_id": WORKSPACE, "slack_user_id": "e"},
    {"phone_number": NUMBER, "person_email": ""},
)


@dataclass(frozen=True)
class Subject:
    """Rows that hold something on the person."""

    tenant_id: UUID
    number: Row
    mapping: Row
    received: Row
    sent: Row
    slack: Row
    delivery: Row


def make_subject(db: _Connection, tenant: UUID) -> Subject:
    """Insert rows on the person into every table with personal columns, deleted ones and the other side's included."""
    connection = make.make_slack_connection(db, tenant, workspace_id=WORKSPACE)
    number = make.make_verified_number(
        db, tenant, phone_number=NUMBER, label="zyxwvut-label", metadata={"k": "zyxwvut-number-metadata"}
    )
    deleted = {"deleted_at": "2026-01-01", "deletion_id": uuid4()}
    make.make_verified_number(db, tenant, phone_number=NUMBER, **deleted)
    make.make_verification(db, tenant, phone_number=NUMBER)
    of_number = {"verified_whatsapp_number_id": number["verified_whatsapp_number_id"]}
    mapping = make.make_slack_user_mapping(
        db,
        connection,
        slack_user_id=SLACK_USER,
        person_name=NAME,
        person_email=EMAIL,
        metadata={"k": "zyxwvut-mapping-metadata"},
        **of_number,
    )
    received = make.make_whatsapp_log(
        db,
        tenant,
        phone_number=NUMBER,
        provider_message_id="wamid.zyxwvut",
        body="zyxwvut-body",
        metadata={"k": "zyxwvut-log-metadata"},
    )
    sent = make.make_whatsapp_log(db, tenant, phone_number=OTHER_SIDE, body="zyxwvut-sent", **of_number)
    slack = make.make_slack_log(db, connection, slack_user_id=SLACK_USER, body="zyxwvut-slack")
    delivery = make.make_webhook_delivery(
        db, tenant, communication_log_id=received["communication_log_id"], payload={"text": "zyxwvut-payload"}
    )
    make.make_webhook_attempt(db, delivery, error_message="refused: zyxwvut-error")
    return Subject(tenant, number, mapping, received, sent, slack, delivery)


def export(db: _Connection, tenant: UUID | None, **who: Any) -> Any:
    """Return the document on a person, whom `who` names as the function's arguments do."""
    return _call(db, "export_data_subject", tenant, who)


def erase(db: _Connection, tenant: UUID | None, **who: Any) -> Any:
    """Erase a person, and return how many rows of each table were touched."""
    return _call(db, "erase_data_subject", tenant, who)


def _call(db: _Connection, name: str, tenant: UUID | None, who: dict[str, Any]) -> Any:
    named = ", ".join(f"{key} => %({key})s" for key in ("tenant_id", *who))
    row = db.execute(f"select public.{name}({named})".encode(), {"tenant_id": tenant} | who).fetchone()
    assert row is not None
    return row[0]
