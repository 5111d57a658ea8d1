"""Checking a code: once, counted, locked, and telling a stranger nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from fixtures import factories as make
from schemaproof.database import Database
from schemaproof.identity import service
from suites.fixture_types import ActingAs
from suites.verification.codes import Answer, another_number, check, request_code, verification, wrong

pytestmark = pytest.mark.req("8.2")


@dataclass(frozen=True)
class Requested:
    """A code that was requested for a tenant's number, on a connection of the back end."""

    connection: psycopg.Connection[Any]
    tenant: UUID
    number: str
    answer: Answer

    def check(self, code: str | None) -> str:
        """Check a code for the number."""
        return check(self.connection, self.tenant, self.number, code)

    def set(self, **columns: str) -> None:
        """Write SQL expressions into the row, as the database itself."""
        values = ", ".join(f"{name} = {value}" for name, value in columns.items())
        self.connection.execute(
            f"update public.whatsapp_verifications set {values} where whatsapp_verification_id = %s".encode(),
            [self.answer.whatsapp_verification_id],
        )

    @property
    def state(self) -> tuple[str, int]:
        """The stored status and the count of failures."""
        row = verification(self.connection, self.answer)
        return row["status"], row["failed_attempts"]


@pytest.fixture
def requested(db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]) -> Requested:
    """A code of the first tenant."""
    number = another_number()
    return Requested(db, tenants[0], number, request_code(db, tenants[0], number))


def test_right_code_verifies_the_number_once(requested: Requested) -> None:
    assert [requested.check(requested.answer.code) for _ in range(2)] == ["verified", "rejected"]
    assert requested.state == ("verified", 0)
    assert verification(requested.connection, requested.answer)["verified_at"] is not None
    assert _numbers(requested) == [None]


def test_service_may_check(requested: Requested, acting_as: ActingAs) -> None:
    with acting_as(service()):
        assert requested.check(requested.answer.code) == "verified"


@pytest.mark.req("6.2")
def test_number_that_was_verified_before_stays_one_row_with_a_new_time(requested: Requested) -> None:
    old = make.make_verified_number(
        requested.connection, requested.tenant, phone_number=requested.number, verified_at="epoch", label="Jane"
    )
    requested.check(requested.answer.code)
    query = "select verified_whatsapp_number_id, verified_at > now() - interval '1 day', label from " + (
        "public.verified_whatsapp_numbers where tenant_id = %s and phone_number = %s"
    )
    found = requested.connection.execute(query.encode(), [requested.tenant, requested.number]).fetchall()
    assert found == [(old["verified_whatsapp_number_id"], True, "Jane")]


@pytest.mark.req("6.2")
def test_number_that_was_deleted_is_verified_again_as_another_row(requested: Requested) -> None:
    gone = {"deleted_at": "now", "deletion_id": uuid4()}
    make.make_verified_number(requested.connection, requested.tenant, phone_number=requested.number, **gone)
    assert requested.check(requested.answer.code) == "verified"
    assert _numbers(requested) == [gone["deletion_id"], None]


def test_wrong_code_is_counted_and_the_right_one_still_works(requested: Requested) -> None:
    for failures in range(1, 5):
        assert requested.check(wrong(requested.answer.code)) == "rejected"
        assert requested.state == ("pending", failures)
    assert requested.check(requested.answer.code) == "verified"
    assert requested.state == ("verified", 4)


def test_fifth_wrong_code_locks_even_for_the_right_one(requested: Requested) -> None:
    for _ in range(5):
        requested.check(wrong(requested.answer.code))
    assert requested.state == ("locked", 5)
    assert requested.check(requested.answer.code) == "rejected"
    assert requested.state == ("locked", 5)
    assert _numbers(requested) == []


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda code: None, id="null"),
        pytest.param(lambda code: "", id="empty"),
        pytest.param(lambda code: code[:-1], id="a digit short"),
        pytest.param(lambda code: code + "0", id="a digit long"),
        pytest.param(lambda code: f" {code}", id="a space before"),
        pytest.param(lambda code: f"{code}\n", id="a line feed behind"),
        pytest.param(lambda code: code.translate({48 + n: 0x0660 + n for n in range(10)}), id="Arabic-Indic digits"),
        pytest.param(lambda code: code + "0" * 10_000, id="ten thousand digits long"),
        pytest.param(lambda code: "' or true --", id="SQL"),
        pytest.param(lambda code: "%", id="wildcard"),
    ],
)
def test_anything_but_the_code_is_a_wrong_try(requested: Requested, spoil: Callable[[str], str | None]) -> None:
    assert requested.answer.code is not None
    assert requested.check(spoil(requested.answer.code)) == "rejected"
    assert requested.state == ("pending", 1)


@pytest.mark.req("8.4")
@pytest.mark.parametrize(("left", "status"), [("3 seconds", "verified"), ("0 seconds", "rejected")])
def test_code_is_refused_from_the_instant_that_it_expires(requested: Requested, left: str, status: str) -> None:
    requested.set(
        created_at=f"clock_timestamp() + interval '{left}' - interval '10 minutes'",
        expires_at=f"clock_timestamp() + interval '{left}'",
    )
    assert requested.check(requested.answer.code) == status
    assert requested.state == ("verified" if status == "verified" else "pending", 0)


@pytest.mark.req("8.4")
def test_transaction_that_began_before_the_code_expired_does_not_save_it(requested: Requested) -> None:
    """now() would: it is the transaction's start. The code expires after that, and before it is checked."""
    requested.set(created_at="now() - interval '9 minutes'", expires_at="now() + interval '1 microsecond'")
    assert requested.check(requested.answer.code) == "rejected"


_UNUSABLE: dict[str, dict[str, str]] = {
    "locked": {"status": "'locked'", "failed_attempts": "5"},
    "used": {"status": "'verified'", "verified_at": "now()"},
    "superseded": {"status": "'superseded'"},
    "stored as expired": {"status": "'expired'"},
    "past its time": {"created_at": "now() - interval '10 minutes'", "expires_at": "now()"},
    "deleted": {"deleted_at": "now()", "deletion_id": "gen_random_uuid()"},
}


@pytest.mark.parametrize("state", _UNUSABLE)
def test_unusable_code_is_answered_as_a_wrong_one_is(requested: Requested, state: str) -> None:
    requested.set(**_UNUSABLE[state])
    before = requested.state
    assert [requested.check(code) for code in (requested.answer.code, wrong(requested.answer.code))] == ["rejected"] * 2
    assert requested.state == before
    assert _numbers(requested) == []


def test_code_of_another_tenant_or_number_is_answered_as_a_wrong_one_is(
    requested: Requested, tenants: tuple[UUID, UUID]
) -> None:
    code = requested.answer.code
    for tenant, number in [
        (tenants[1], requested.number),
        (requested.tenant, another_number()),
        (None, requested.number),
        (requested.tenant, None),
        (requested.tenant, ""),
        (requested.tenant, "0" * 10_000),
        (UUID(int=0), requested.number),
        (uuid4(), requested.number),
    ]:
        assert check(requested.connection, tenant, number, code) == "rejected"
    assert requested.state == ("pending", 0)


@pytest.mark.parametrize("state", ["usable", *_UNUSABLE, "foreign", "unknown"])
def test_one_code_is_hashed_whatever_there_is(requested: Requested, tenants: tuple[UUID, UUID], state: str) -> None:
    """Nor does the time that a hash takes tell whether there was a code."""
    requested.set(**_UNUSABLE.get(state, {"status": "'pending'"}))
    tenant = tenants[1] if state == "foreign" else requested.tenant
    number = another_number() if state == "unknown" else requested.number
    requested.connection.execute("set local track_functions = 'all'")
    before = _hashes(requested.connection)
    check(requested.connection, tenant, number, wrong(requested.answer.code))
    assert _hashes(requested.connection) == before + 1


@pytest.mark.parametrize("state", ["usable", *_UNUSABLE, "foreign", "unknown"])
def test_every_rejection_is_written_to_the_log(fresh_db: Database, state: str) -> None:
    """Else its commit would not wait for the disk, and be answered sooner than one that counted a wrong try."""
    number = another_number()
    with fresh_db.connect() as connection:
        tenant, other = (make.make_tenant(connection)["tenant_id"] for _ in range(2))
        requested = Requested(connection, tenant, number, request_code(connection, tenant, number))
        requested.set(**_UNUSABLE.get(state, {"status": "'pending'"}))
        asked = (other if state == "foreign" else tenant), (another_number() if state == "unknown" else number)
        with connection.transaction():
            before = _log_position(connection)
            assert before[0] is None
            assert check(connection, *asked, wrong(requested.answer.code)) == "rejected"
            after = _log_position(connection)
            assert after[0] is not None
            assert after[1] > before[1]


def _log_position(connection: psycopg.Connection[Any]) -> tuple[str | None, int]:
    """The transaction's id, which only one that writes has, and how far the server's log goes."""
    query = "select pg_current_xact_id_if_assigned()::text, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0], row[1]


def test_wrong_try_stays_counted_when_the_caller_fails_afterwards(fresh_db: Database) -> None:
    with fresh_db.connect() as connection:
        tenant = make.make_tenant(connection)["tenant_id"]
    number = another_number()
    with fresh_db.connect(role="service_role") as connection:
        answer = request_code(connection, tenant, number)
        assert check(connection, tenant, number, wrong(answer.code)) == "rejected"
        with pytest.raises(psycopg.errors.DivisionByZero):
            connection.execute("select 1 / 0")
    with fresh_db.connect() as connection:
        assert verification(connection, answer)["failed_attempts"] == 1


def test_error_inside_a_checking_transaction_is_the_only_way_to_lose_a_try(fresh_db: Database) -> None:
    """The boundary that SQL sets, and DATA.md states: who rolls back takes the count back too."""
    with fresh_db.connect() as connection:
        tenant = make.make_tenant(connection)["tenant_id"]
    number = another_number()
    with fresh_db.connect(role="service_role") as connection:
        answer = request_code(connection, tenant, number)
        with connection.transaction(force_rollback=True):
            check(connection, tenant, number, wrong(answer.code))
        assert verification(connection, answer)["failed_attempts"] == 0


def _numbers(requested: Requested) -> list[UUID | None]:
    """The deletions that the tenant's rows of the number are of; None for a live one."""
    query = """
        select deletion_id from public.verified_whatsapp_numbers
        where tenant_id = %s and phone_number = %s order by deletion_id
    """
    found = requested.connection.execute(query, [requested.tenant, requested.number]).fetchall()
    return [deletion for (deletion,) in found]


def _hashes(connection: psycopg.Connection[Any]) -> int:
    """How many keyed hashes this transaction has made."""
    query = "select coalesce(sum(calls), 0)::integer from pg_stat_xact_user_functions where funcname = 'hash_text'"
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
