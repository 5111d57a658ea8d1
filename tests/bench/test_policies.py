"""A query with the policies written out gives a role that bypasses them what the member sees."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import tuple_row

from schemaproof.bench.policies import Policies
from schemaproof.identity import Identity, acting_as, member
from schemaproof.plan import Statement
from schemaproof.session import Session

NORTH = "a0000000-0000-4000-8000-000000000001"


@pytest.fixture
def db(clinic: Path, session_of: Callable[[Path], Session]) -> Iterator[psycopg.Connection[Any]]:
    with session_of(clinic).sampled().connect() as connection:
        yield connection


@pytest.mark.parametrize(
    "text",
    [
        "select * from public.patients",
        "select p.name, v.notes from public.patients as p join public.visits as v using (clinic_id, patient_id)",
        "select name from public.patients where patient_id in (select patient_id from public.visits)",
        "with seen as (select * from public.visits) select count(*) from seen",
        "select c.name, (select count(*) from public.patients as p where p.clinic_id = c.clinic_id) "
        "from public.clinics as c",
        "select public.patients.name from public.patients order by public.patients.name desc limit 1",
    ],
)
@pytest.mark.parametrize("clinic_id", [NORTH, "b0000000-0000-4000-8000-000000000002", ""])
def test_rows_are_those_that_the_member_sees(db: psycopg.Connection[Any], text: str, clinic_id: str) -> None:
    identity = member(clinic_id, claim="clinic")
    written = Policies(db).written_out(Statement(text), identity)
    assert written is not None
    with acting_as(db, identity) as connection:
        seen = connection.execute(text.encode()).fetchall()
    assert sorted(db.execute(written.encode()).fetchall()) == sorted(seen)


def test_claims_are_constants_and_parameters_stay(db: psycopg.Connection[Any]) -> None:
    statement = Statement("select * from public.patients where name = :name and born_on > :born")
    written = Policies(db).written_out(statement, member(NORTH, claim="clinic"))
    assert written is not None
    assert NORTH in written
    assert "current_clinic" not in written
    assert "$1" in written
    assert "$2" in written


def test_role_that_bypasses_has_no_price(db: psycopg.Connection[Any]) -> None:
    policies = Policies(db)
    assert policies.bypasses("service_role")
    assert not policies.bypasses("authenticated")
    assert policies.written_out(Statement("select 1"), Identity("x", "authenticated", "{}")) is None
    assert db.row_factory is tuple_row
