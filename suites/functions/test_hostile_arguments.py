"""Whatever a function is given, it answers or refuses in its own words, and touches nothing of another tenant.

All arguments are hostile at once, as drawn, and one at a time in a call that is good otherwise.
"""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.pq import TransactionStatus

from schemaproof.database import Database
from schemaproof.identity import Identity, member, service
from suites.dictionary.declared import functions
from suites.fixture_types import ActingAs
from suites.functions.examples import values
from suites.functions.hostile import ids_of, signature
from suites.soft_delete.deletion import rows

pytestmark = pytest.mark.req("3.5", "3.6")

_API = [name for name, cells in functions().items() if name.startswith("public.")]
_PROCEDURES = [name for name, cells in functions().items() if "procedure" in cells["executable by"]]
_INTERNAL = [
    name
    for name, cells in functions().items()
    if name.startswith("private.") and name not in _PROCEDURES and "trigger" not in cells["executable by"]
]


@pytest.fixture
def ids(db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]) -> dict[str, object]:
    """Ids to put into calls: of the caller's tenant and of another one."""
    return ids_of(db, *tenants)


@pytest.mark.parametrize("name", _API)
def test_member_gets_an_answer_or_a_refusal_and_nothing_of_another_tenant(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    strangers = f"tenant_id = '{tenants[1]}'"
    before = rows(db, strangers, without=())
    secrets = {str(key) for key in _ids_of(db, tenants[1])} - {str(value) for value in ids.values()}
    for call in signature(db, name).drawn(ids):
        answer, sqlstate = _try(db, acting_as, member(tenants[0]), call)
        assert rows(db, strangers, without=()) == before, call
        assert sqlstate is None or sqlstate == "42501" or sqlstate.startswith("SP"), (sqlstate, call)
        assert not [secret for secret in secrets if secret in answer], call


@pytest.mark.parametrize("name", _API)
def test_back_end_gets_an_answer_or_a_refusal(
    db: psycopg.Connection[Any], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    for call in signature(db, name).drawn(ids):
        _, sqlstate = _try(db, acting_as, service(), call)
        assert sqlstate is None or sqlstate == "42501" or sqlstate.startswith("SP"), (sqlstate, call)


@pytest.mark.parametrize("name", _INTERNAL)
def test_internal_function_fails_on_its_arguments_and_never_in_itself(
    db: psycopg.Connection[Any], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    """A syntax error would be an injection, an undefined object a wrong search_path, XX000 a bug."""
    for call in signature(db, name).drawn(ids):
        _, sqlstate = _try(db, acting_as, Identity("postgres", "postgres"), call)
        assert sqlstate is None or sqlstate[:2] in ("SP", "22", "23"), (sqlstate, call)


@pytest.mark.parametrize("name", _PROCEDURES)
def test_procedure_refuses_or_runs(
    db: psycopg.Connection[Any], sampled_db: Database, ids: dict[str, object], name: str
) -> None:
    calls = set(signature(db, name).drawn(ids, verb="call"))
    with sampled_db.connect(role="postgres") as connection:
        for call in calls:
            sqlstate = _sqlstate(connection, call)
            assert sqlstate is None or sqlstate.startswith("SP"), (sqlstate, call)
            assert connection.info.transaction_status is TransactionStatus.IDLE


@pytest.mark.parametrize("name", _API)
def test_member_gets_an_answer_or_a_refusal_for_one_bad_argument(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    strangers = f"tenant_id = '{tenants[1]}'"
    before = rows(db, strangers, without=())
    secrets = {str(key) for key in _ids_of(db, tenants[1])} - {str(value) for value in ids.values()}
    for call in signature(db, name).spoiled(ids, values(db, tenants[0])):
        with db.transaction(force_rollback=True):
            answer, sqlstate = _try(db, acting_as, member(tenants[0]), call)
            assert sqlstate is None or sqlstate == "42501" or sqlstate.startswith("SP"), (sqlstate, call)
            assert not [secret for secret in secrets if secret in answer], call
            assert sqlstate is not None or rows(db, strangers, without=()) == before, call


@pytest.mark.parametrize("name", _API)
def test_back_end_gets_an_answer_or_a_refusal_for_one_bad_argument(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    for call in signature(db, name).spoiled(ids, values(db, tenants[0])):
        with db.transaction(force_rollback=True):
            _, sqlstate = _try(db, acting_as, service(), call)
            assert sqlstate is None or sqlstate == "42501" or sqlstate.startswith("SP"), (sqlstate, call)


@pytest.mark.parametrize("name", _INTERNAL)
def test_internal_function_fails_on_its_one_bad_argument_and_never_in_itself(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    for call in signature(db, name).spoiled(ids, values(db, tenants[0])):
        with db.transaction(force_rollback=True):
            _, sqlstate = _try(db, acting_as, Identity("postgres", "postgres"), call)
            assert sqlstate is None or sqlstate[:2] in ("SP", "22", "23"), (sqlstate, call)


@pytest.mark.parametrize("name", _PROCEDURES)
def test_procedure_refuses_one_bad_argument_or_runs(
    db: psycopg.Connection[Any],
    sampled_db: Database,
    tenants: tuple[UUID, UUID],
    ids: dict[str, object],
    name: str,
) -> None:
    with sampled_db.connect(role="postgres") as connection:
        for call in signature(db, name).spoiled(ids, values(db, tenants[0])):
            sqlstate = _sqlstate(connection, call)
            assert sqlstate is None or sqlstate.startswith("SP"), (sqlstate, call)
            assert connection.info.transaction_status is TransactionStatus.IDLE


def _sqlstate(connection: psycopg.Connection[Any], call: bytes) -> str | None:
    try:
        connection.execute(call)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def _try(db: psycopg.Connection[Any], acting_as: ActingAs, identity: Identity, call: bytes) -> tuple[str, str | None]:
    """Run a call as an identity and return the answer's text and the SQLSTATE; what it wrote stays for the next one."""
    try:
        with acting_as(identity) as connection:
            return str([result.fetchall() for result in connection.execute(call).results() if result.description]), None
    except psycopg.Error as error:
        return "", error.sqlstate


def _ids_of(db: psycopg.Connection[Any], tenant: UUID) -> set[UUID]:
    """The ids of a tenant's rows, in whatever table."""
    query = """
        select format('select %%I from %%s where tenant_id = %%L', id_column, relation, %s::text)
        from private.deletable_tables() where id_column is not null
    """
    found = [sql.SQL(text) for (text,) in db.execute(query, [str(tenant)]).fetchall()]
    return {key for text in found for (key,) in db.execute(text)}
