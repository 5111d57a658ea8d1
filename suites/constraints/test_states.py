"""Rows that contradict themselves are refused: what two columns say has to fit."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from fixtures import factories as make
from fixtures.ciphertext import ciphertext, keyed_hash
from suites.fixture_types import Refused


@pytest.mark.req("6.1")
def test_deletion_is_whole_or_not_at_all(db: psycopg.Connection[Any], refused: Refused) -> None:
    for over in ({"deleted_at": "now"}, {"deletion_id": uuid4()}):
        with refused("23514"):
            make.make_tenant(db, **over)
    assert make.make_tenant(db, deleted_at="now", deletion_id=uuid4())["deleted_at"]


@pytest.mark.req("8.4")
def test_code_lives_10_minutes_and_not_a_second_longer(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused
) -> None:
    row = make.make_verification(db, tenants[0])
    assert row["expires_at"] - row["created_at"] == timedelta(minutes=10)
    for over in ({"expires_at": row["created_at"] + timedelta(minutes=10, seconds=1)}, {"expires_at": "now"}):
        with refused("23514"):
            make.make_verification(db, tenants[0], **over)


@pytest.mark.req("8.2")
@pytest.mark.parametrize(("status", "failures"), [("pending", 5), ("locked", 4), ("locked", 0), ("expired", 5)])
def test_fifth_failure_locks_and_nothing_else_does(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, status: str, failures: int
) -> None:
    with refused("23514"):
        make.make_verification(db, tenants[0], status=status, failed_attempts=failures)


@pytest.mark.req("2.6")
@pytest.mark.parametrize(
    "over",
    [
        pytest.param({"phone_number_hash": None}, id="ciphertext without hash"),
        pytest.param({"phone_number_ciphertext": None}, id="hash without ciphertext"),
        pytest.param({"workspace_id": "T00000001"}, id="workspace on WhatsApp"),
        pytest.param({"slack_user_id": "U00000001"}, id="Slack user on WhatsApp"),
        pytest.param({"channel": "slack", "workspace_id": "T00000001"}, id="phone number on Slack"),
    ],
)
def test_message_belongs_to_one_channel(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, over: dict[str, Any]
) -> None:
    with refused("23514"):
        make.make_whatsapp_log(db, tenants[0], **over)


@pytest.mark.req("2.2")
def test_reference_to_a_connection_cannot_skip_its_check_by_a_null_workspace(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused
) -> None:
    connection = make.make_slack_connection(db, tenants[1])
    with refused("23514"):
        make.make_slack_log(db, connection, tenant_id=tenants[0], workspace_id=None)


@pytest.mark.req("8.6")
def test_message_can_forget_its_phone_number(db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]) -> None:
    forgotten = {"phone_number_ciphertext": None, "phone_number_hash": None, "key_version": None}
    assert make.make_whatsapp_log(db, tenants[0], **forgotten)["phone_number_hash"] is None


@pytest.mark.req("7.2")
def test_one_key_is_current(db: psycopg.Connection[Any], refused: Refused) -> None:
    current = make.current_key_version(db)
    with refused("23505"):
        make.make_encryption_key(db, key_version=current + 1)


@pytest.mark.req("7.2")
def test_ciphertext_needs_a_registered_key(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused
) -> None:
    over: dict[str, Any] = {
        "key_version": 9,
        "phone_number_ciphertext": ciphertext(9),
        "phone_number_hash": keyed_hash(),
    }
    with refused("23503"):
        make.make_whatsapp_log(db, tenants[0], **over)


@pytest.mark.req("2.1")
@pytest.mark.parametrize(
    "over",
    [
        pytest.param({"status": "delivered"}, id="delivered without an end"),
        pytest.param({"next_attempt_at": None}, id="pending without a next attempt"),
        pytest.param({"attempts": 9}, id="more attempts than allowed"),
        pytest.param(
            {"status": "exhausted", "attempts": 7, "next_attempt_at": None, "finished_at": "now"}, id="given up early"
        ),
        pytest.param({"endpoint_url": "http://hooks.example.com"}, id="without TLS"),
        pytest.param({"endpoint_url": "https://user:password@hooks.example.com/"}, id="with credentials"),
    ],
)
def test_webhook_delivery_fits_its_state(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, over: dict[str, Any]
) -> None:
    with refused("23514"):
        make.make_webhook_delivery(db, tenants[0], **over)


@pytest.mark.req("9.2")
@pytest.mark.parametrize(
    "over",
    [
        pytest.param({"status": "succeeded"}, id="ended without an end"),
        pytest.param({"finished_at": "infinity"}, id="running with an end"),
        pytest.param({"status": "failed", "finished_at": "infinity"}, id="failed without a reason"),
        pytest.param({"status": "succeeded", "finished_at": "-infinity"}, id="ended before it began"),
        pytest.param({"rows_affected": -1}, id="negative rows"),
    ],
)
def test_job_run_fits_its_state(db: psycopg.Connection[Any], refused: Refused, over: dict[str, Any]) -> None:
    job = make.make_job(db)
    with refused("23514"):
        make.make_job_run(db, job["job_name"], **over)


@pytest.mark.req("5.2")
@pytest.mark.parametrize(
    "over",
    [
        pytest.param({"changed_columns": ["+491701234567"]}, id="a number for a column"),
        pytest.param({"changed_columns": ["name", None]}, id="a null for a column"),
        pytest.param({"changed_columns": ["name=Jane Doe"]}, id="a value for a column"),
        pytest.param({"row_id": "jane@example.com"}, id="an address for a row"),
        pytest.param({"row_id": "+491701234567"}, id="a number for a row"),
        pytest.param({"action": "nonsense"}, id="an action of no known kind"),
        pytest.param({"table_name": "auth.users"}, id="a table of the platform"),
    ],
)
def test_audit_log_takes_no_values(db: psycopg.Connection[Any], refused: Refused, over: dict[str, Any]) -> None:
    with refused("23514"):
        make.make_audit_log(db, uuid4(), **over)


@pytest.mark.req("5.2")
def test_audit_log_outlives_tenants(db: psycopg.Connection[Any]) -> None:
    assert make.make_audit_log(db, uuid4())["audit_log_id"]
