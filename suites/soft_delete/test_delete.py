"""Deleting softly: what goes, for whom it is gone, and who is refused without learning anything."""

import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from schemaproof.identity import Identity, anon, member, service
from suites.audit.trail import Trail
from suites.dictionary.declared import table
from suites.fixture_types import ActingAs, Refused
from suites.soft_delete.deletion import DELETABLE, PUBLIC, deleter, id_column, live_row, live_rows, rows, soft_delete

pytestmark = pytest.mark.req("6.1")

_MEMBERS = [name for name in DELETABLE if deleter(name, uuid4()).role == "authenticated"]
_MARKS = ("updated_at", "deleted_at", "deletion_id")
_HOSTILE_TABLES = [
    *(None, "", " ", "nothing", "tenants ", "TENANTS", '"tenants"', "x" * 10_000),
    *("public.slack_connections", "private.encryption_keys", "encryption_keys", "audit_logs", "jobs", "pg_class"),
    *("users", "auth.users", "secrets", "webhook_attempts", "current_verifications", "slack_connections_pkey"),
    *("slack_connections; drop table public.tenants", "slack_connections as t set name = 'x' --", "%I", "$1"),
]


def test_tables_are_those_that_the_dictionary_gives_a_deletion(db: psycopg.Connection[Any]) -> None:
    found = db.execute("select 'public.' || table_name, id_column, has_workspace from private.deletable_tables()")
    assert {tuple(row) for row in found} == {
        (name, id_column(name) if name in DELETABLE else None, "workspace_id" in table(name).columns) for name in PUBLIC
    }


@pytest.mark.parametrize("name", DELETABLE)
def test_what_goes_is_what_would_go_for_good(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    """The oracle is a DELETE of the same row, rolled back: the live rows that it takes."""
    before, together = rows(db, "deleted_at is null", without=_MARKS), 0
    for row_id in live_rows(db, name, tenants[0]):
        with db.transaction(force_rollback=True):
            _delete_for_good(db, name, tenants[0], row_id)
            left = {_key(*row) for row in rows(db, "deleted_at is null")}
        gone = {row for row in before if _key(*row) not in left}
        with db.transaction(force_rollback=True), acting_as(deleter(name, tenants[0])) as connection:
            deletion = soft_delete(connection, name, row_id, tenants[0])
            connection.execute("reset role")
            assert rows(db, f"deletion_id = '{deletion}'", without=_MARKS) == gone != set()
            assert rows(db, "deleted_at is null", without=_MARKS) == before - gone
        together = max(together, len(gone))
    cascades = [r for child in PUBLIC for r in table(child).references if (r.parent, r.actions[0]) == (name, "cascade")]
    assert (together > 1) == bool(cascades), "the sample has rows that hang on one of this table"


@pytest.mark.parametrize("name", DELETABLE)
def test_what_was_deleted_before_keeps_its_own_deletion(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    row_id, before = live_row(db, name, tenants[0]), rows(db, "deleted_at is not null", without=())
    with acting_as(deleter(name, tenants[0])) as connection:
        soft_delete(connection, name, row_id, tenants[0])
    assert rows(db, "deleted_at is not null", without=()) > before != set()


@pytest.mark.parametrize("name", _MEMBERS)
def test_row_is_gone_for_members_in_tables_and_views(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    row_id = live_row(db, name, tenants[0])
    relations = [name, *_views_with(db, id_column(name))]
    with acting_as(member(tenants[0])) as connection:
        assert all(_sees(connection, relation, id_column(name), row_id) for relation in relations), "the control"
        soft_delete(connection, name, row_id)
        assert not any(_sees(connection, relation, id_column(name), row_id) for relation in relations)


@pytest.mark.req("5.2")
@pytest.mark.parametrize("name", DELETABLE)
def test_each_row_that_went_is_audited(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    row_id, trail = live_row(db, name, tenants[0]), Trail(db)
    identity = deleter(name, tenants[0])
    with acting_as(identity) as connection:
        deletion = soft_delete(connection, name, row_id, tenants[0])
    entries = trail.entries()
    assert len(entries) == len(rows(db, f"deletion_id = '{deletion}'"))
    assert {(entry.action, entry.actor_role, entry.tenant_id) for entry in entries} == {
        ("soft_delete", identity.role, tenants[0])
    }


@pytest.mark.req("3.2", "3.5")
@pytest.mark.parametrize("name", DELETABLE)
def test_foreign_missing_and_deleted_rows_get_the_same_answer(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    before = rows(db, without=())
    foreign = live_row(db, name, tenants[1])
    deleted = _deleted_row(db, name, tenants[0]) if name != "public.tenants" else uuid4()
    answers = set()
    for row_id, *tenant in [
        *((foreign,), (foreign, tenants[1]), (foreign, tenants[0]), (foreign, None)),
        *((uuid4(),), (deleted,), (None,), (UUID(int=0),), (foreign, uuid4())),
    ]:
        with pytest.raises(psycopg.Error) as refusal, db.transaction(), acting_as(member(tenants[0])) as connection:
            soft_delete(connection, name, row_id, *tenant)
        diagnosis = refusal.value.diag
        answers.add((refusal.value.sqlstate, diagnosis.message_primary, diagnosis.message_detail, diagnosis.context))
    assert len(answers) == 1
    assert {sqlstate for sqlstate, *_ in answers} == {"SP401"}
    assert rows(db, without=()) == before


@pytest.mark.parametrize("name", _HOSTILE_TABLES, ids=lambda name: ascii(name)[:40])
def test_table_that_is_not_the_apis_is_refused_to_everyone(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, name: str | None
) -> None:
    row_id = live_row(db, "public.slack_connections", tenants[0])
    for identity in (member(tenants[0]), service()):
        for function in (b"soft_delete", b"restore"):
            with refused("SP401"), acting_as(identity) as connection:
                connection.execute(b"select public.%b(%%s, %%s, %%s)" % function, [name, row_id, tenants[0]])


@pytest.mark.parametrize("name", ["public.tenants", "public.usage_statistics"])
def test_member_ends_no_tenant_and_deletes_no_usage(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, name: str
) -> None:
    row_id = live_row(db, name, tenants[0])
    with refused("SP401"), acting_as(member(tenants[0])) as connection:
        soft_delete(connection, name, row_id)
    with acting_as(service()) as connection:
        assert soft_delete(connection, name, row_id, tenants[0])


@pytest.mark.parametrize("name", DELETABLE)
def test_service_names_the_tenant(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, name: str
) -> None:
    row_id = live_row(db, name, tenants[0])
    wrong: list[tuple[object, ...]] = [(tenants[1],), (uuid4(),)]
    # A tenant is its own tenant; of any other row, the id says nothing about whose it is.
    for tenant in wrong if name == "public.tenants" else [*wrong, (), (None,)]:
        with refused("SP401"), acting_as(service()) as connection:
            soft_delete(connection, name, row_id, *tenant)
    with acting_as(service()) as connection:
        assert soft_delete(connection, name, row_id, tenants[0])


@pytest.mark.req("3.2")
@pytest.mark.parametrize(
    "claims",
    ["", "{}", "null", "[]", '{"tenant_id": null}', '{"tenant_id": ""}', '{"tenant_id": "x"}', '{"tenant_id": [1]}'],
)
def test_token_without_a_tenant_deletes_nothing(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, claims: str
) -> None:
    row_id = live_row(db, "public.slack_connections", tenants[0])
    for tenant in ((), (None,), (tenants[0],)):
        with refused("SP401"), acting_as(Identity("nobody", "authenticated", claims)) as connection:
            soft_delete(connection, "public.slack_connections", row_id, *tenant)


@pytest.mark.req("3.3")
def test_visitor_may_not_call_it(tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused) -> None:
    for function in (b"soft_delete", b"restore"):
        with refused("42501"), acting_as(anon()) as connection:
            connection.execute(b"select public.%b('tenants', %%s)" % function, [tenants[0]])


def test_role_that_merely_inherits_the_members_rights_is_a_member(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused
) -> None:
    """Whoever is not known to bypass row-level security is held to the token, whatever the role is called."""
    db.execute("create role partner in role authenticated")
    db.execute("grant partner to postgres")
    claims = json.dumps({"tenant_id": str(tenants[0]), "role": "service_role"})
    row_id = live_row(db, "public.slack_connections", tenants[1])
    with refused("SP401"), acting_as(Identity("partner", "partner", claims)) as connection:
        soft_delete(connection, "public.slack_connections", row_id, tenants[1])
    for role, bypasses in (("partner", False), ("authenticated", False), ("service_role", True), ("postgres", True)):
        found = _scope(db, role, claims, tenants[1])
        assert found == (bypasses, tenants[1] if bypasses else None), role


@pytest.mark.req("3.4")
@pytest.mark.parametrize("name", [name for name in _MEMBERS if "workspace_id" in table(name).columns])
def test_member_of_a_workspace_deletes_in_that_workspace_only(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, refused: Refused, name: str
) -> None:
    row_id = live_row(db, name, tenants[0], "workspace_id = 'T0SHARED'")
    other = live_row(db, name, tenants[0], "workspace_id is distinct from 'T0SHARED'")
    for workspace, target in (
        ("T0SHARED", other),
        ("T0NOBODYS", row_id),
        ("", row_id),
        (None, row_id),
        (["T0SHARED"], row_id),
    ):
        with refused("SP401"), acting_as(member(tenants[0], workspace_id=workspace)) as connection:
            soft_delete(connection, name, target)
    with acting_as(member(tenants[0], workspace_id="T0SHARED")) as connection:
        assert soft_delete(connection, name, row_id)


def _scope(db: psycopg.Connection[Any], role: str, claims: str, tenant: UUID) -> Any:
    """What the helpers of the definer functions make of a request."""
    with db.transaction(force_rollback=True):
        db.execute(
            "grant usage on schema private to public; grant execute on all functions in schema private to public"
        )
        db.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        db.execute("select set_config('request.jwt.claims', %s, true)", [claims])
        return db.execute("select private.request_bypasses(), private.request_tenant_id(%s)", [tenant]).fetchone()


def _sees(connection: psycopg.Connection[Any], relation: str, column: str, row_id: object) -> bool:
    query = sql.SQL("select from {} where {} = %s").format(sql.Identifier(*relation.split(".")), sql.Identifier(column))
    return connection.execute(query, [row_id]).rowcount > 0


def _views_with(db: psycopg.Connection[Any], column: str) -> list[str]:
    """Views of the API that members read and that show a column."""
    query = """
        select 'public.' || c.relname from pg_catalog.pg_class as c
        join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = %s
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
        and has_column_privilege('authenticated', c.oid, a.attnum, 'select')
        and (select count(*) from pg_catalog.pg_attribute where attrelid = c.oid and attname = 'tenant_id') = 1
    """
    return [view for (view,) in db.execute(query, [column])]


def _deleted_row(db: psycopg.Connection[Any], name: str, tenant: UUID) -> Any:
    query = sql.SQL("select {} from {} where tenant_id = {} and deleted_at is not null limit 1")
    row = db.execute(
        query.format(sql.Identifier(id_column(name)), sql.Identifier(*name.split(".")), sql.Literal(tenant))
    ).fetchone()
    assert row is not None
    return row[0]


def _delete_for_good(db: psycopg.Connection[Any], name: str, tenant: UUID, row_id: object) -> None:
    statement = sql.SQL("delete from {} where tenant_id = %s and {} = %s")
    statement_of = statement.format(sql.Identifier(*name.split(".")), sql.Identifier(id_column(name)))
    assert db.execute(statement_of, [tenant, row_id]).rowcount == 1


def _key(name: str, text: str) -> tuple[object, ...]:
    """The table and primary key of a row as `rows` gives it."""
    row = json.loads(text)
    return name, *(row[column] for column in table(name).primary_key)
