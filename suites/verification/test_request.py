"""Requesting a code: what is stored, what is superseded, what is limited, and who may."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from fixtures import factories as make
from fixtures.row import Row
from schemaproof.database import Database
from schemaproof.identity import Identity, anon, member, service
from suites.fixture_types import ActingAs, Refused
from suites.verification.codes import Answer, another_number, check, request_code, verification, wrong

_NOTHING = (None, None, None)
_MEMBER = Identity("member", "authenticated", "{}")


def _rest(answer: Answer) -> tuple[object, ...]:
    return answer.whatsapp_verification_id, answer.code, answer.expires_at


@pytest.mark.req("8.4")
def test_code_is_pending_for_ten_minutes(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    number = another_number()
    with acting_as(service()) as connection:
        answer = request_code(connection, tenants[0], number)
    row = verification(db, answer)
    assert answer.status == "requested"
    assert answer.code is not None
    assert len(answer.code) == 6
    assert (row["tenant_id"], row["phone_number"], row["status"], row["failed_attempts"]) == (
        *(tenants[0], number),
        *("pending", 0),
    )
    assert answer.expires_at == row["expires_at"]
    assert (row["expires_at"] - row["created_at"]).total_seconds() == 600


@pytest.mark.req("8.1")
@pytest.mark.parametrize("length", [4, 10])
def test_code_has_the_length_asked_for(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, length: int
) -> None:
    number = another_number()
    with acting_as(service()) as connection:
        answer = request_code(connection, tenants[0], number, length)
        assert answer.code is not None
        assert len(answer.code) == length
        assert check(connection, tenants[0], number, answer.code) == "verified"


@pytest.mark.req("7.1")
def test_only_a_keyed_hash_of_the_code_is_stored(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    with acting_as(service()) as connection:
        answer = request_code(connection, tenants[0], another_number())
    row = verification(db, answer)
    query = """
        select private.hash_text('verification_code', tenant_id, whatsapp_verification_id || ':' || %s, key_version),
               extensions.digest(%s, 'sha256'), whatsapp_verifications::text
        from public.whatsapp_verifications where whatsapp_verification_id = %s
    """
    keyed, unkeyed, text = db.execute(query, [answer.code, answer.code, answer.whatsapp_verification_id]).fetchone()  # type: ignore[misc]  # the row is there
    assert row["code_hash"] == keyed != unkeyed
    assert f",{answer.code}," not in text


@pytest.mark.req("7.1")
def test_same_code_of_another_tenant_or_request_has_another_hash(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]
) -> None:
    row = uuid4()
    version = make.current_key_version(db)
    hashes = {
        db.execute("select private.hash_code(%s, %s, %s, %s)", [tenant, request, code, version]).fetchone()
        for tenant in tenants
        for request in (row, uuid4())
        for code in ("123456", "123457", "")
    }
    assert len(hashes) == 12
    assert db.execute("select private.hash_code(%s, %s, null, 1)", [tenants[0], row]).fetchone() == (None,)


@pytest.mark.req("5.3")
def test_new_request_supersedes_the_pending_code(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    number = another_number()
    with acting_as(service()) as connection:
        first, second = (request_code(connection, tenants[0], number) for _ in range(2))
        assert check(connection, tenants[0], number, first.code) == "rejected"
        assert check(connection, tenants[0], number, second.code) == "verified"
    assert verification(db, first)["status"] == "superseded"


@pytest.mark.req("5.3")
def test_code_past_its_time_becomes_expired_and_not_superseded(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    number = another_number()
    with acting_as(service()) as connection:
        first = request_code(connection, tenants[0], number)
    db.execute(
        "update public.whatsapp_verifications set created_at = now() - interval '10 minutes', expires_at = now()"
        " where whatsapp_verification_id = %s",
        [first.whatsapp_verification_id],
    )
    with acting_as(service()) as connection:
        request_code(connection, tenants[0], number)
    assert verification(db, first)["status"] == "expired"


@pytest.mark.req("5.3")
def test_request_supersedes_nothing_of_another_number_or_tenant(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    number = another_number()
    with acting_as(service()) as connection:
        others = [
            request_code(connection, tenants[1], number),
            request_code(connection, tenants[0], another_number()),
        ]
        request_code(connection, tenants[0], number)
    assert {verification(db, other)["status"] for other in others} == {"pending"}


@pytest.mark.req("8.3")
def test_sixth_request_of_a_number_within_an_hour_is_limited(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    number = another_number()
    with acting_as(service()) as connection:
        answers = [request_code(connection, tenants[0], number) for _ in range(6)]
        assert [answer.status for answer in answers] == ["requested"] * 5 + ["rate_limited"]
        assert _rest(answers[5]) == _NOTHING
        assert check(connection, tenants[0], number, answers[4].code) == "verified", "the last code still works"


@pytest.mark.req("8.3")
@pytest.mark.parametrize(("age", "status"), [("59 minutes 59 seconds", "rate_limited"), ("1 hour", "requested")])
def test_request_stops_counting_after_an_hour(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, age: str, status: str
) -> None:
    number = another_number()
    for _ in range(5):
        _old(db, tenants[0], age, phone_number=number)
    with acting_as(service()) as connection:
        assert request_code(connection, tenants[0], number).status == status


@pytest.mark.req("8.3")
@pytest.mark.parametrize("state", ["verified", "superseded", "locked", "expired", "deleted"])
def test_request_counts_whatever_became_of_the_code(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, state: str
) -> None:
    endings: dict[str, Row] = {
        "verified": {"verified_at": "now"},
        "locked": {"failed_attempts": 5},
        "deleted": {"status": "superseded", "deleted_at": "now", "deletion_id": uuid4()},
    }
    over = {"status": state} | endings.get(state, {})
    number = another_number()
    for _ in range(5):
        _old(db, tenants[0], "1 minute", phone_number=number, **over)
    with acting_as(service()) as connection:
        assert request_code(connection, tenants[0], number).status == "rate_limited"


@pytest.mark.req("8.3")
def test_thousand_and_first_request_of_a_tenant_is_limited_and_no_other_tenants(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    tenant = make.make_tenant(db)["tenant_id"]
    row = make.make_verification(db, tenant, status="superseded")
    db.execute(
        "insert into public.whatsapp_verifications (tenant_id, phone_number, code_hash, key_version, status)"
        " select tenant_id, '+49' || n, code_hash, key_version, status"
        " from public.whatsapp_verifications, generate_series(1000, 1997) as n where whatsapp_verification_id = %s",
        [row["whatsapp_verification_id"]],
    )
    number = another_number()
    with acting_as(service()) as connection:
        assert request_code(connection, tenant, another_number()).status == "requested", "the thousandth"
        assert request_code(connection, tenant, number).status == "rate_limited"
        assert request_code(connection, tenants[0], number).status == "requested"


@pytest.mark.req("8.3")
def test_limit_of_a_number_is_each_tenants_own(tenants: tuple[UUID, UUID], acting_as: ActingAs) -> None:
    number = another_number()
    with acting_as(service()) as connection:
        for _ in range(6):
            request_code(connection, tenants[0], number)
        assert request_code(connection, tenants[1], number).status == "requested"


@pytest.mark.req("2.5", "8.3")
@pytest.mark.parametrize(
    "number",
    [
        None,
        "",
        "491701234567",
        "+0491701234567",
        "+1234567890123456",
        "+49 170 1234567",
        "+49170abc",
        "+٤٩١٧٠",
        "+" * 9999,
    ],
    ids=repr,
)
def test_number_off_e164_gets_no_code(tenants: tuple[UUID, UUID], acting_as: ActingAs, number: str | None) -> None:
    with acting_as(service()) as connection:
        answer = request_code(connection, tenants[0], number)
    assert (answer.status, *_rest(answer)) == ("invalid_phone_number", *_NOTHING)


@pytest.mark.req("8.3")
def test_tenant_that_is_missing_or_deleted_gets_no_code(db: psycopg.Connection[Any], acting_as: ActingAs) -> None:
    deleted = make.make_tenant(db, deleted_at="now", deletion_id=uuid4())["tenant_id"]
    with acting_as(service()) as connection:
        for tenant in (None, uuid4(), UUID(int=0), deleted):
            answer = request_code(connection, tenant, another_number())
            assert (answer.status, *_rest(answer)) == ("unknown_tenant", *_NOTHING)


@pytest.mark.req("8.1")
@pytest.mark.parametrize("length", [None, 0, 3, 11, -6, 10_000])
def test_code_of_another_length_is_refused(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, length: int | None
) -> None:
    with refused("SP201"), acting_as(service()) as connection:
        request_code(connection, tenants[0], another_number(), length)


@pytest.mark.req("8.3")
@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_snapshot_that_would_hide_other_requests_is_refused(fresh_db: Database, level: str) -> None:
    with (
        fresh_db.connect(role="service_role") as connection,
        connection.transaction(),
        pytest.raises(psycopg.Error) as refusal,
    ):
        connection.execute(f"set transaction isolation level {level}".encode())
        request_code(connection, uuid4(), another_number())
    assert refusal.value.sqlstate == "SP202"


@pytest.mark.req("8.3", "3.3")
@pytest.mark.parametrize("identity", [anon(), _MEMBER, member(uuid4())], ids=["anon", "nobody", "member"])
def test_only_the_back_end_requests_and_checks(
    tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, identity: Identity
) -> None:
    with refused("42501"), acting_as(identity) as connection:
        request_code(connection, tenants[0], another_number())
    with refused("42501"), acting_as(identity) as connection:
        check(connection, tenants[0], another_number(), wrong("123456"))


def _old(db: psycopg.Connection[Any], tenant: UUID, age: str, **over: Any) -> None:
    """Insert a verification that was requested so long ago."""
    row = db.execute("select now() - %s::interval, now() - %s::interval + interval '10 minutes'", [age, age]).fetchone()
    assert row is not None
    make.make_verification(db, tenant, **({"status": "superseded", "created_at": row[0], "expires_at": row[1]} | over))
