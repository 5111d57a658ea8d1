"""Sensitive operations leave an entry: who, what, which row, which columns, when; and never a value."""

import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql

from fixtures import factories as make
from schemaproof.identity import service
from suites.audit.trail import SYSTEM, Entry, Trail
from suites.dictionary.declared import table, tables
from suites.fixture_types import ActingAs, Refused

pytestmark = pytest.mark.req("5.2")

_PUBLIC = [name for name in tables() if name.startswith("public.")]
# What is written to these is audited row by row; the other tables are logs themselves, or have actions of their own.
_WRITTEN = [
    "public.tenants",
    "public.verified_whatsapp_numbers",
    "public.slack_connections",
    "public.slack_user_mappings",
]
_PERSON = UUID("5ca1ab1e-0000-4000-8000-000000000001")


def _identifier(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


def _id_column(name: str) -> str:
    """The column that tells rows of a tenant apart; of an attempt, that tells its delivery."""
    key = table(name).primary_key
    return key[min(1, len(key) - 1)]


def _columns(name: str) -> list[str]:
    return [column for column in table(name).columns if column != "updated_at"]


@pytest.mark.parametrize("name", _WRITTEN)
def test_insert_names_the_row_and_who(db: psycopg.Connection[Any], acting_as: ActingAs, name: str) -> None:
    row = _take_row(db, name)
    trail = Trail(db)
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    with acting_as(service()) as connection:
        connection.execute(
            sql.SQL("insert into {} ({}) values ({})").format(
                _identifier(name), names, sql.SQL(", ").join(map(sql.Literal, row.values()))
            )
        )
    (entry,) = trail.entries()
    assert entry == Entry(row["tenant_id"], "service_role", None, "insert", name, str(row[_id_column(name)]), [])


@pytest.mark.parametrize("name", _WRITTEN)
def test_update_names_each_column_that_changed_and_no_other(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    query = sql.SQL("select {} from {} where tenant_id = {} and deleted_at is null limit 1")
    row = db.execute(
        query.format(sql.Identifier(_id_column(name)), _identifier(name), sql.Literal(tenants[0]))
    ).fetchone()
    assert row is not None
    trail = Trail(db)
    with acting_as(service()) as connection:
        connection.execute(
            sql.SQL(
                "update {} set created_at = 'epoch', updated_at = 'epoch', tenant_id = tenant_id where {} = {}"
            ).format(_identifier(name), sql.Identifier(_id_column(name)), sql.Literal(row[0]))
        )
    assert trail.entries() == [Entry(tenants[0], "service_role", None, "update", name, str(row[0]), ["created_at"])]


@pytest.mark.parametrize("name", _WRITTEN)
def test_update_that_changes_nothing_leaves_none(db: psycopg.Connection[Any], name: str) -> None:
    trail = Trail(db)
    assert db.execute(sql.SQL("update {} set created_at = created_at").format(_identifier(name))).rowcount > 0
    assert trail.entries() == []


@pytest.mark.req("6.3")
@pytest.mark.parametrize("name", _PUBLIC)
def test_soft_delete_and_restore_are_told_row_by_row(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    where = sql.SQL("tenant_id = {} and deleted_at is null").format(sql.Literal(tenants[0]))
    select = sql.SQL("select {}::text from {} where {}").format(
        sql.Identifier(_id_column(name)), _identifier(name), where
    )
    rows = sorted(row for (row,) in db.execute(select))
    trail = Trail(db)
    deletion = uuid4()
    with acting_as(service()) as connection:
        delete = sql.SQL("update {} set deleted_at = now(), deletion_id = {} where {}")
        connection.execute(delete.format(_identifier(name), sql.Literal(deletion), where))
        restore = sql.SQL("update {} set deleted_at = null, deletion_id = null where deletion_id = {}")
        connection.execute(restore.format(_identifier(name), sql.Literal(deletion)))
    entries = trail.entries()
    for action in ("soft_delete", "restore"):
        assert sorted(str(entry.row_id) for entry in entries if entry.action == action) == rows != []
    assert len(entries) == 2 * len(rows)
    assert {(entry.table_name, *entry.changed_columns) for entry in entries} == {(name, "deleted_at", "deletion_id")}


@pytest.mark.req("2.4")
@pytest.mark.parametrize("name", _PUBLIC)
def test_delete_for_good_by_a_request_is_told_row_by_row(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, name: str
) -> None:
    select = sql.SQL("select {}::text from {} where tenant_id = {}")
    rows = sorted(
        row
        for (row,) in db.execute(
            select.format(sql.Identifier(_id_column(name)), _identifier(name), sql.Literal(tenants[0]))
        )
    )
    trail = Trail(db)
    with acting_as(service()) as connection:
        connection.execute("delete from public.tenants where tenant_id = %s", [tenants[0]])
    told = [entry for entry in trail.entries() if (entry.action, entry.table_name) == ("delete", name)]
    assert sorted(str(entry.row_id) for entry in told) == rows != []
    assert {(entry.tenant_id, entry.actor_role) for entry in told} == {(tenants[0], "service_role")}


@pytest.mark.parametrize("name", _PUBLIC)
def test_delete_by_the_owner_is_told_row_by_row(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], name: str
) -> None:
    select = sql.SQL("select {}::text from {} where tenant_id = {}").format(
        sql.Identifier(_id_column(name)), _identifier(name), sql.Literal(tenants[0])
    )
    doomed = sorted(row for (row,) in db.execute(select))
    db.execute("set local role postgres")
    trail = Trail(db)
    db.execute(sql.SQL("delete from {} where tenant_id = %s").format(_identifier(name)), [tenants[0]])
    told = [entry for entry in trail.entries() if entry.table_name == name]
    assert {(entry.tenant_id, entry.actor_role, entry.action) for entry in told} == {(tenants[0], "postgres", "purge")}
    assert sorted(str(entry.row_id) for entry in told) == doomed != []


@pytest.mark.req("9.2")
@pytest.mark.parametrize(("rows", "entries"), [(100, 100), (101, 2)])
def test_more_rows_than_a_person_deletes_are_told_once_a_tenant(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], rows: int, entries: int
) -> None:
    db.execute("delete from public.verified_whatsapp_numbers")
    insert = """
        insert into public.verified_whatsapp_numbers (tenant_id, phone_number, verified_at)
        select (array[%s, %s]::uuid[])[1 + n %% 2], '+49151' || 1000000 + n, now() from generate_series(1, %s) as n
    """
    db.execute(insert, [*tenants, rows])
    db.execute("set local role postgres")
    trail = Trail(db)
    db.execute("delete from public.verified_whatsapp_numbers")
    told = trail.entries()
    assert len(told) == entries
    assert {(entry.tenant_id, entry.action) for entry in told} == {(tenant, "purge") for tenant in tenants}
    assert [entry.row_id is None for entry in told] == [rows > 100] * entries


@pytest.mark.parametrize("rows", [100, 101])
def test_request_is_told_row_by_row_however_many(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], acting_as: ActingAs, rows: int
) -> None:
    insert = """
        insert into public.verified_whatsapp_numbers (tenant_id, phone_number, verified_at, label)
        select %s, '+49151' || 1000000 + n, now(), 'doomed' from generate_series(1, %s) as n
    """
    db.execute(insert, [tenants[0], rows])
    trail = Trail(db)
    with acting_as(service()) as connection:
        connection.execute("delete from public.verified_whatsapp_numbers where label = 'doomed'")
    assert len({entry.row_id for entry in trail.entries() if entry.action == "delete"}) == rows


@pytest.mark.parametrize("name", _PUBLIC)
def test_delete_of_nothing_leaves_no_entry(db: psycopg.Connection[Any], acting_as: ActingAs, name: str) -> None:
    trail = Trail(db)
    with acting_as(service()) as connection:
        connection.execute(sql.SQL("delete from {} where false").format(_identifier(name)))
    assert trail.entries() == []


@pytest.mark.parametrize(
    "name", [name for name in _PUBLIC if name not in _WRITTEN and name != "public.whatsapp_verifications"]
)
def test_progress_of_what_is_a_log_itself_leaves_no_entry(db: psycopg.Connection[Any], name: str) -> None:
    trail = Trail(db)
    assert db.execute(sql.SQL("update {} set created_at = created_at + interval '0.1 s'").format(_identifier(name)))
    assert trail.entries() == []


@pytest.mark.req("7.2")
def test_keys_and_jobs_are_the_systems(db: psycopg.Connection[Any]) -> None:
    version = make.current_key_version(db)
    trail = Trail(db)
    db.execute("update private.encryption_keys set created_at = 'epoch' where key_version = %s", [version])
    db.execute("update private.jobs set retention = '1 second' where job_name = 'purge_soft_deleted'")
    db.execute("delete from private.jobs where job_name = 'purge_soft_deleted'")
    told = [(e.tenant_id, e.action, e.table_name, e.row_id, e.changed_columns) for e in trail.entries()]
    assert told == [
        (SYSTEM, "update", "private.encryption_keys", str(version), ["created_at"]),
        (SYSTEM, "update", "private.jobs", None, ["retention"]),
        (SYSTEM, "delete", "private.jobs", None, []),
    ]


def test_entry_is_lost_with_what_it_tells_and_with_nothing_else(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID]
) -> None:
    trail = Trail(db)
    with db.transaction(force_rollback=True):
        db.execute("update public.tenants set name = 'Renamed' where tenant_id = %s", [tenants[0]])
        assert len(trail.entries()) == 1
    assert trail.entries() == []


@pytest.mark.parametrize("mode", ["origin", "replica"])
@pytest.mark.parametrize("name", _PUBLIC)
def test_postgres_escapes_no_entry_by_replica_mode(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], name: str, mode: str
) -> None:
    db.execute("set local role postgres")
    db.execute(sql.SQL("set local session_replication_role = {}").format(sql.Literal(mode)))
    trail = Trail(db)
    where = sql.SQL("tenant_id = {} and deleted_at is null").format(sql.Literal(tenants[0]))
    delete = sql.SQL("update {} set deleted_at = now(), deletion_id = gen_random_uuid() where {}")
    count = db.execute(delete.format(_identifier(name), where)).rowcount
    assert [entry.action for entry in trail.entries()] == ["soft_delete"] * count != []


@pytest.mark.parametrize("name", tables())
def test_no_value_of_a_personal_or_secret_column_is_in_the_trail(db: psycopg.Connection[Any], name: str) -> None:
    """The whole sample was written with the triggers on; then every row is changed and deleted."""
    hidden = [column for kind in ("personal", "secret") for column in table(name).of_class(kind)]
    values = {
        text
        for column in hidden
        for (text,) in db.execute(
            sql.SQL("select distinct {}::text from {}").format(sql.Identifier(column), _identifier(name))
        )
        if text and text != "{}"
    }
    if name.startswith("public."):
        db.execute(sql.SQL("update {} set created_at = created_at + interval '1 us'").format(_identifier(name)))
        db.execute(sql.SQL("delete from {}").format(_identifier(name)))
    row = db.execute("select coalesce(string_agg(a::text, ' '), '') from private.audit_logs as a").fetchone()
    assert row is not None
    assert {value for value in values if value in row[0]} == set()
    assert len(row[0]) > 1000


@pytest.mark.parametrize(
    ("arguments", "sqlstate"),
    [
        pytest.param((None, "rotate", "private.encryption_keys", "1", ["state"]), None, id="the system's"),
        pytest.param((_PERSON, "export", "public.communication_logs", None, None), None, id="about no row"),
        pytest.param((_PERSON, None, "public.tenants", None, None), "23502", id="no action"),
        pytest.param((_PERSON, "update", None, None, None), "23502", id="no table"),
        pytest.param((_PERSON, "peek", "public.tenants", None, None), "23514", id="unknown action"),
        pytest.param((_PERSON, "update", "auth.users", None, None), "23514", id="a table of the platform"),
        pytest.param((_PERSON, "update", "public.tenants", "jane@example.com", None), "23514", id="an address"),
        pytest.param((_PERSON, "update", "public.tenants", "", None), "23514", id="an empty row"),
        pytest.param((_PERSON, "update", "public.tenants", None, ["x" * 10_000, "Jane Doe"]), "23514", id="a value"),
        pytest.param((_PERSON, "update", "public.tenants", None, ["a"] * 101), "23514", id="too many columns"),
    ],
)
def test_explicit_entry_takes_names_and_ids_only(
    db: psycopg.Connection[Any], refused: Refused, arguments: tuple[object, ...], sqlstate: str | None
) -> None:
    trail = Trail(db)
    statement = "select private.audit(%s, %s, %s, %s, %s)"
    if sqlstate is None:
        db.execute(statement, arguments)
        assert [entry.tenant_id for entry in trail.entries()] == [arguments[0] or SYSTEM]
    else:
        with refused(sqlstate):
            db.execute(statement, arguments)
        assert trail.entries() == []


def _take_row(db: psycopg.Connection[Any], name: str) -> dict[str, Any]:
    """Take a row out of the table, with what hangs on it, and return its values to be written again."""
    columns = _columns(name)
    query = sql.SQL("select {} from {} where deleted_at is null limit 1")
    found = db.execute(query.format(sql.SQL(", ").join(map(sql.Identifier, columns)), _identifier(name))).fetchone()
    assert found is not None
    row = dict(zip(columns, found, strict=True))
    delete = sql.SQL("delete from {} where tenant_id = {} and {} = {}")
    key = _id_column(name)
    db.execute(
        delete.format(_identifier(name), sql.Literal(row["tenant_id"]), sql.Identifier(key), sql.Literal(row[key]))
    )
    return {
        column: json.dumps(value) if isinstance(value, dict) else value
        for column, value in row.items()
        if value is not None
    }
