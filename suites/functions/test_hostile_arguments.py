"""Whatever a function is given, it answers or refuses in its own words, and touches nothing of another tenant.

Arguments are drawn by type from what tends to break things: NULL, nothing, too much, both ends of a range, another
tenant's ids, SQL. The functions and their types come from the catalogue.
"""

from dataclasses import dataclass
from random import Random
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
from suites.soft_delete.deletion import rows

pytestmark = pytest.mark.req("3.5", "3.6")

_TRIES = 60
_API = [name for name, cells in functions().items() if name.startswith("public.")]
_PROCEDURES = [name for name, cells in functions().items() if "procedure" in cells["executable by"]]
_INTERNAL = [
    name
    for name, cells in functions().items()
    if name.startswith("private.") and name not in _PROCEDURES and "trigger" not in cells["executable by"]
]
_INTEGERS = ["null", "-2147483648", "-1", "0", "1", "5", "10", "11", "10000", "2147483647"]
_TEXTS = [
    *("null", "''", "' '", "repeat('x', 10000)", "'NULL'", "'%%'", "'\\'", "E'\\n'", "'🦆'"),
    *(
        "'+491701234567'",
        "'+0'",
        "'491701234567'",
        "'whatsapp'",
        "'sent'",
        "'T0SHARED'",
        "'U0NEW'",
        "'jane@example.com'",
    ),
    *("'tenants'", "'slack_connections'", "'encryption_keys'", "'x''; drop table public.tenants; --'", "'{{}}'"),
]
# What is drawn for each type; `foreign`, `own` and `row` are put in.
_POOLS = {
    "uuid": ["null", "'{nil}'", "'{own}'", "'{foreign}'", "'{row}'", "'{foreign_row}'", "gen_random_uuid()"],
    "text": [*_TEXTS, "'{foreign}'", "'{row}'"],
    "text[]": [
        "null",
        "'{{}}'",
        "array[null]::text[]",
        "array_fill('x'::text, array[1000])",
        "array['chat:write', '']",
    ],
    "integer": _INTEGERS,
    "bytea": [
        "null",
        "''",
        "'\\x01'",
        "'\\xff'",
        "decode(repeat('01', 69), 'hex')",
        "decode(repeat('00', 10000), 'hex')",
    ],
    "jsonb": ["null", "'null'", "'{{}}'", "'[]'", "'1'", "jsonb_build_object('x', repeat('x', 100000))"],
    "date": ["null", "'-infinity'", "'infinity'", "'2026-01-01'", "'2026-02-28'"],
    "timestamp with time zone": ["null", "'-infinity'", "'infinity'", "now()", "'epoch'"],
    "interval": ["null", "'0'", "'-1 day'", "'1 microsecond'", "'10000 years'"],
    "regclass": ["null", "'public.tenants'", "'private.encryption_keys'", "'public.tenants_pkey'", "0::regclass"],
    "private.jobs": ["null", "(select j from private.jobs as j limit 1)"],
    "private.job_runs": ["null", "(select r from private.job_runs as r order by job_run_id limit 1)"],
}


@dataclass(frozen=True)
class _Signature:
    """A function's name and the types of what it is given."""

    name: str
    types: list[str]

    def calls(self, ids: dict[str, object], *, verb: str = "select") -> list[bytes]:
        """Return calls: all NULL, then as many drawn ones, the same in every run."""
        random = Random(self.name)
        drawn = [["null"] * len(self.types)]
        drawn += [[random.choice(_POOLS[kind]) for kind in self.types] for _ in range(_TRIES if self.types else 0)]
        return [self._call(verb, arguments, ids) for arguments in drawn]

    def _call(self, verb: str, arguments: list[str], ids: dict[str, object]) -> bytes:
        cast = [f"({value.format(**ids)})::{kind}" for value, kind in zip(arguments, self.types, strict=True)]
        return f"{verb} {self.name}({', '.join(cast)})".replace("%%", "%").encode()


def _signature(db: psycopg.Connection[Any], name: str) -> _Signature:
    query = """
        select array(
            select format_type(t.kind, null)
            from unnest(p.proargtypes::oid[]) with ordinality as t (kind, place) order by t.place
        ) from pg_catalog.pg_proc as p where p.pronamespace::regnamespace || '.' || p.proname = %s
    """
    row = db.execute(query, [name]).fetchone()
    assert row is not None
    return _Signature(name, row[0])


@pytest.fixture
def ids(db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]) -> dict[str, object]:
    """Ids to put into calls: of the caller's tenant and of another one."""
    return {
        "nil": UUID(int=0),
        "own": tenants[0],
        "foreign": tenants[1],
        "row": values(db, tenants[0])["row"],
        "foreign_row": values(db, tenants[1])["row"],
    }


@pytest.mark.parametrize("name", _API)
def test_member_gets_an_answer_or_a_refusal_and_nothing_of_another_tenant(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    strangers = f"tenant_id = '{tenants[1]}'"
    before = rows(db, strangers, without=())
    secrets = {str(key) for key in _ids_of(db, tenants[1])} - {str(value) for value in ids.values()}
    for call in _signature(db, name).calls(ids):
        answer, sqlstate = _try(db, acting_as, member(tenants[0]), call)
        assert rows(db, strangers, without=()) == before, call
        assert sqlstate is None or sqlstate == "42501" or sqlstate.startswith("SP"), (sqlstate, call)
        assert not [secret for secret in secrets if secret in answer], call


@pytest.mark.parametrize("name", _API)
def test_back_end_gets_an_answer_or_a_refusal(
    db: psycopg.Connection[Any], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    for call in _signature(db, name).calls(ids):
        _, sqlstate = _try(db, acting_as, service(), call)
        assert sqlstate is None or sqlstate == "42501" or sqlstate.startswith("SP"), (sqlstate, call)


@pytest.mark.parametrize("name", _INTERNAL)
def test_internal_function_fails_on_its_arguments_and_never_in_itself(
    db: psycopg.Connection[Any], acting_as: ActingAs, ids: dict[str, object], name: str
) -> None:
    """A syntax error would be an injection, an undefined object a wrong search_path, XX000 a bug."""
    for call in _signature(db, name).calls(ids):
        _, sqlstate = _try(db, acting_as, Identity("postgres", "postgres"), call)
        assert sqlstate is None or sqlstate[:2] in ("SP", "22", "23"), (sqlstate, call)


@pytest.mark.parametrize("name", _PROCEDURES)
def test_procedure_refuses_or_runs(
    db: psycopg.Connection[Any], sampled_db: Database, ids: dict[str, object], name: str
) -> None:
    calls = set(_signature(db, name).calls(ids, verb="call"))
    with sampled_db.connect(role="postgres") as connection:
        for call in calls:
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
            return str(connection.execute(call).fetchall()), None
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
