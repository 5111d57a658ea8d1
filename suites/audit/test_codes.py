"""What becomes of verification codes: the trail tells requests, locks and overrides, and no wrong try."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from schemaproof.identity import service
from suites.audit.trail import Entry, Trail
from suites.fixture_types import ActingAs
from suites.verification.codes import another_number, check, request_code, wrong

pytestmark = pytest.mark.req("5.2")


@pytest.mark.req("8.2")
def test_codes_are_told_when_requested_and_locked_and_right_ones_by_their_number(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    numbers = another_number(), another_number()
    trail = Trail(db)
    with acting_as(service()) as connection:
        answers = [request_code(connection, tenants[0], number) for number in numbers]
        for _ in range(5):
            check(connection, tenants[0], numbers[0], wrong(answers[0].code))
        check(connection, tenants[0], numbers[1], answers[1].code)
    rows = [str(answer.whatsapp_verification_id) for answer in answers]
    told = [(e.action, e.row_id, e.changed_columns) for e in trail.entries() if e.table_name.endswith("verifications")]
    assert told == [
        ("request", rows[0], []),
        ("request", rows[1], []),
        ("lock", rows[0], ["failed_attempts", "status"]),
    ]
    assert [e.action for e in trail.entries() if e.table_name.endswith("numbers")] == ["insert"]


_OVERRIDES = {
    "unlocked": ("status = 'locked', failed_attempts = 5", {"status": "'pending'", "failed_attempts": "0"}),
    "made pending again": ("status = 'superseded'", {"status": "'pending'"}),
    "tries taken back": ("failed_attempts = 4", {"failed_attempts": "0"}),
    "given more time": (
        "expires_at = expires_at - interval '1 second'",
        {"expires_at": "expires_at + interval '1 second'"},
    ),
    "given another code": ("failed_attempts = 0", {"code_hash": "set_byte(code_hash, 0, get_byte(code_hash, 0) # 1)"}),
    "moved past the rate limit": (
        "expires_at = created_at + interval '1 minute'",
        {"created_at": "created_at - interval '1 minute'"},
    ),
    "moved to another number": ("failed_attempts = 0", {"phone_number": "'+494099999999'"}),
}


@pytest.mark.req("8.2")
@pytest.mark.parametrize("override", _OVERRIDES)
def test_code_that_is_overridden_leaves_an_entry(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, override: str
) -> None:
    state, change = _OVERRIDES[override]
    row = request_code(db, tenants[0], another_number()).whatsapp_verification_id
    update = "update public.whatsapp_verifications set {} where whatsapp_verification_id = %s"
    db.execute(update.format(state).encode(), [row])
    trail = Trail(db)
    with acting_as(service()) as connection:
        values = ", ".join(f"{column} = {value}" for column, value in change.items())
        connection.execute(update.format(values).encode(), [row])
    (entry,) = trail.entries()
    table_name = "public.whatsapp_verifications"
    assert entry == Entry(tenants[0], "service_role", None, "update", table_name, str(row), sorted(change))


@pytest.mark.req("8.2")
def test_wrong_tries_and_a_code_that_is_superseded_or_expires_burden_the_trail_with_nothing(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]
) -> None:
    number = another_number()
    answer = request_code(db, tenants[0], number)
    trail = Trail(db)
    check(db, tenants[0], number, wrong(answer.code))
    request_code(db, tenants[0], number)
    db.execute("update public.whatsapp_verifications set status = 'expired' where status = 'pending'")
    assert [entry.action for entry in trail.entries()] == ["request"]
