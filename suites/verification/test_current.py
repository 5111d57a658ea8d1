"""A code past its time is expired for every reader, without anyone having stored it."""

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from fixtures import factories as make
from fixtures.row import Row
from schemaproof.identity import Identity, anon, member, service
from suites.dictionary.declared import table
from suites.fixture_types import ActingAs, Refused

pytestmark = pytest.mark.req("5.3")

_STATUS = "select status from public.current_verifications where whatsapp_verification_id = %s"


@pytest.mark.parametrize(
    ("left", "status"), [("1 microsecond", "pending"), ("0 seconds", "expired"), ("-1 day", "expired")]
)
def test_pending_code_is_expired_from_its_time_on(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, left: str, status: str
) -> None:
    row = make.make_verification(db, tenants[0])
    db.execute(
        "update public.whatsapp_verifications set expires_at = now() + %s::interval,"
        " created_at = now() + %s::interval - interval '10 minutes' where whatsapp_verification_id = %s",
        [left, left, row["whatsapp_verification_id"]],
    )
    for identity in (member(tenants[0]), service()):
        with acting_as(identity) as connection:
            assert connection.execute(_STATUS, [row["whatsapp_verification_id"]]).fetchone() == (status,)


@pytest.mark.parametrize("status", ["verified", "superseded", "locked", "expired"])
def test_code_that_ended_otherwise_does_not_become_expired(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], status: str
) -> None:
    endings: dict[str, Row] = {"verified": {"verified_at": "now"}, "locked": {"failed_attempts": 5}}
    row = make.make_verification(db, tenants[0], status=status, **endings.get(status, {}))
    db.execute(
        "update public.whatsapp_verifications set created_at = now() - interval '1 day',"
        " expires_at = now() - interval '1 day' + interval '10 minutes' where whatsapp_verification_id = %s",
        [row["whatsapp_verification_id"]],
    )
    assert db.execute(_STATUS, [row["whatsapp_verification_id"]]).fetchone() == (status,)


@pytest.mark.req("3.5", "6.1")
def test_members_see_the_live_verifications_of_their_own_tenant(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    query = "select whatsapp_verification_id from public.{} where tenant_id = %s and deleted_at is null"
    expected = set(db.execute(query.format("whatsapp_verifications").encode(), [tenants[0]]).fetchall())
    with acting_as(member(tenants[0])) as connection:
        found = connection.execute("select whatsapp_verification_id from public.current_verifications").fetchall()
    assert set(found) == expected != set()


@pytest.mark.req("3.5", "3.2")
def test_nobody_else_sees_any(acting_as: ActingAs, refused: Refused) -> None:
    for identity in (member(uuid4()), Identity("nobody", "authenticated", "{}")):
        with acting_as(identity) as connection:
            assert connection.execute("select from public.current_verifications").fetchall() == []
    with refused("42501"), acting_as(anon()) as connection:
        connection.execute("select from public.current_verifications")


@pytest.mark.req("3.3")
def test_view_shows_no_column_that_members_may_not_read(db: psycopg.Connection[Any]) -> None:
    query = "select attname from pg_attribute where attrelid = 'public.current_verifications'::regclass and attnum > 0"
    columns = {name for (name,) in db.execute(query)}
    assert columns == table("public.whatsapp_verifications").granted("authenticated", "select") - {"deleted_at"}
