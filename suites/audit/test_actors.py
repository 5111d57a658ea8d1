"""Who did it: the role that the request came as, and the subject that its token names."""

import json
from typing import Any
from uuid import UUID

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.identity import Identity, member
from suites.audit.trail import Trail
from suites.fixture_types import ActingAs

pytestmark = pytest.mark.req("5.2")

_PERSON = UUID("5ca1ab1e-0000-4000-8000-000000000001")
_NO_IDS: list[object] = [
    *("jane@example.com", "+491701234567", "", f"{_PERSON}x", f"{_PERSON}\n", "x" * 10_000, None, 7, {})
]


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        pytest.param(str(_PERSON), _PERSON, id="a UUID"),
        pytest.param(str(_PERSON).upper(), _PERSON, id="a UUID in capitals"),
        *(pytest.param(value, None, id=ascii(value)[:30]) for value in _NO_IDS),
    ],
)
def test_actor_is_the_role_and_the_subject_if_that_is_an_id(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, subject: object, told: UUID | None
) -> None:
    trail = Trail(db)
    with acting_as(member(tenants[0], sub=subject)) as connection:
        connection.execute("update public.tenants set name = 'Renamed'")
    (entry,) = trail.entries()
    assert (entry.actor_role, entry.actor_id, entry.changed_columns) == ("authenticated", told, ["name"])


def test_claimed_role_is_not_believed(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs
) -> None:
    trail = Trail(db)
    liar = Identity("liar", "authenticated", json.dumps({"role": "service_role", "tenant_id": str(tenants[0])}))
    with acting_as(liar) as connection:
        connection.execute("update public.tenants set name = 'Renamed'")
    assert [entry.actor_role for entry in trail.entries()] == ["authenticated"]


def test_session_without_a_request_is_told_by_its_login(sampled_db: Database) -> None:
    with sampled_db.connect(role="postgres") as connection:
        trail = Trail(connection)
        connection.execute("update public.tenants set name = 'Renamed'")
        assert {(entry.actor_role, entry.actor_id) for entry in trail.entries()} == {("postgres", None)}
        assert connection.execute("select private.request_role()").fetchone() == ("postgres",)
