"""After a rotation everything is encrypted anew, in committed batches, beside whoever writes."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from fixtures import factories as make
from fixtures import sample
from schemaproof.database import Database
from suites.dictionary.declared import table, tables
from suites.encryption.sealed import value
from suites.waiting import await_value

pytestmark = pytest.mark.req("7.2")

_ENCRYPTED = [name for name in tables() if table(name).of_type("private.ciphertext")]
_VIEWS = {
    "decrypted_slack_connections": ("slack_connection_id", "bot_token"),
    "decrypted_communication_logs": ("communication_log_id", "phone_number"),
    "decrypted_webhook_deliveries": ("webhook_delivery_id", "signature"),
}


def _versions(connection: psycopg.Connection[Any], name: str) -> set[int]:
    query = sql.SQL("select distinct key_version from {} where key_version is not null")
    return {found for (found,) in connection.execute(query.format(sql.Identifier(*name.split("."))))}


def _plain(connection: psycopg.Connection[Any]) -> set[tuple[Any, ...]]:
    found: set[tuple[Any, ...]] = set()
    for view, columns in _VIEWS.items():
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        found |= set(connection.execute(sql.SQL("select {} from public.{}").format(names, sql.Identifier(view))))
    return found


@pytest.mark.parametrize("batch_size", [1, 7, 100_000])
def test_everything_is_encrypted_anew_and_reads_as_before(sampled_db: Database, batch_size: int) -> None:
    with sampled_db.connect() as connection:
        before = _plain(connection)
        codes = _versions(connection, "public.whatsapp_verifications")
        connection.execute("select private.rotate_encryption_key()")
        connection.execute("call private.reencrypt(%s)", [batch_size])
        assert {name: _versions(connection, name) for name in _ENCRYPTED} == {name: {3} for name in _ENCRYPTED}
        assert _plain(connection) == before
        assert _versions(connection, "public.whatsapp_verifications") == codes, "nobody knows the codes"


@pytest.mark.req("7.4")
def test_numbers_are_found_before_and_after_they_are_encrypted_anew(sampled_db: Database) -> None:
    find = "select count(*) from public.find_communication_logs_by_phone_number(%s, %s)"
    tenant, number = sample.tenant_id(1), "+4915112345678"
    with sampled_db.connect() as connection:
        make.make_whatsapp_log(connection, tenant, phone_number=number)
        connection.execute("select private.rotate_encryption_key()")
        make.make_whatsapp_log(connection, tenant, phone_number=number)
        assert value(connection, find, tenant, number) == 2
        connection.execute("call private.reencrypt()")
        assert value(connection, find, tenant, number) == 2
        connection.execute("delete from public.whatsapp_verifications")
        for version in (1, 2):
            connection.execute("select private.retire_encryption_key(%s)", [version])
            connection.execute("select private.remove_encryption_key(%s)", [version])
        assert value(connection, find, tenant, number) == 2


@pytest.mark.parametrize("batch_size", [1, 3, 1000])
@pytest.mark.parametrize("name", _ENCRYPTED)
def test_damaged_row_is_named_and_stops_no_other(sampled_db: Database, name: str, batch_size: int) -> None:
    key, ciphertext = table(name).primary_key[1], table(name).of_type("private.ciphertext")[0]
    names = {
        "name": sql.Identifier(*name.split(".")),
        "key": sql.Identifier(key),
        "ciphertext": sql.Identifier(ciphertext),
    }
    damage = """
        update {name} set {ciphertext} = set_byte({ciphertext}, 30, get_byte({ciphertext}, 30) # 1)
        where {key} in (select {key} from {name} where key_version is not null order by {key} limit 2)
        returning tenant_id || '/' || {key}
    """
    with sampled_db.connect() as connection:
        damaged = {f"{row}" for (row,) in connection.execute(sql.SQL(damage).format(**names))}
        connection.execute("select private.rotate_encryption_key()")
        with pytest.raises(psycopg.Error) as refusal:
            connection.execute("call private.reencrypt(%s)", [batch_size])
        assert refusal.value.sqlstate == "SP101"
        assert all(row in str(refusal.value.diag.message_detail) for row in damaged)
        left = sql.SQL("select tenant_id || '/' || {key} from {name} where key_version < 3").format(**names)
        assert {row for (row,) in connection.execute(left)} == damaged
        assert len(damaged) == 2
        for other in _ENCRYPTED:
            assert _versions(connection, other) == ({2, 3} if other == name else {3})
        assert value(connection, "select count(*) from private.audit_logs where action = 'reencrypt'") == 1
        connection.execute(sql.SQL("delete from {name} where key_version < 3").format(**names))
        connection.execute("call private.reencrypt(%s)", [batch_size])


def test_row_whose_key_is_lost_stops_no_other(sampled_db: Database) -> None:
    with sampled_db.connect() as connection:
        connection.execute("select private.rotate_encryption_key()")
        lost = make.make_whatsapp_log(connection, sample.tenant_id(1))["communication_log_id"]
        connection.execute("select private.rotate_encryption_key()")
        connection.execute("delete from vault.secrets where name = 'encryption_key_3'")
        with pytest.raises(psycopg.Error) as refusal:
            connection.execute("call private.reencrypt()")
        assert refusal.value.sqlstate == "SP101"
        left = "select array_agg(communication_log_id) from public.communication_logs where key_version < 4"
        assert value(connection, left) == [lost]


@pytest.mark.parametrize("batch_size", [None, 0, -1, 100_001])
def test_batch_is_bounded(fresh_db: Database, batch_size: int | None) -> None:
    with fresh_db.connect() as connection, pytest.raises(psycopg.Error) as refusal:
        connection.execute("call private.reencrypt(%s)", [batch_size])
    assert refusal.value.sqlstate == "SP001"


def test_without_a_key_there_is_nothing_to_do(fresh_db: Database) -> None:
    with fresh_db.connect() as connection:
        connection.execute("call private.reencrypt()")
        assert value(connection, "select count(*) from private.encryption_keys") == 0


def test_row_that_somebody_has_locked_is_left_to_the_next_run(sampled_db: Database) -> None:
    with sampled_db.connect() as operator, sampled_db.connect(autocommit=False) as writer:
        operator.execute("select private.rotate_encryption_key()")
        log_id = value(
            writer,
            """
            select communication_log_id from public.communication_logs
            where key_version is not null limit 1 for update
            """,
        )
        operator.execute("set lock_timeout = '1s'")
        operator.execute("call private.reencrypt(3)")
        left = "select array_agg(communication_log_id) from public.communication_logs where key_version < 3"
        assert value(operator, left) == [log_id]
        writer.commit()
        operator.execute("call private.reencrypt(3)")
        assert value(operator, left) is None


def test_run_that_is_killed_loses_no_batch_and_is_taken_up(sampled_db: Database) -> None:
    old = "select count(*) from public.communication_logs where key_version = 2"
    with sampled_db.connect() as connection, ThreadPoolExecutor(1) as pool:
        _fill(connection, 600)
        before = _plain(connection)
        total = value(connection, old)
        connection.execute("select private.rotate_encryption_key()")
        killed = sampled_db.connect()
        run = pool.submit(killed.execute, "call private.reencrypt(1)")
        await_value(connection, f"select ({old}) < %s", total - 20)
        connection.execute("select pg_terminate_backend(%s, 10000)", [killed.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            run.result(timeout=30)
        killed.close()
        assert 0 < value(connection, old) < total - 20
        assert _plain(connection) == before, "of two versions at once"
        connection.execute("call private.reencrypt()")
        assert value(connection, old) == 0
        assert _plain(connection) == before


def _fill(connection: psycopg.Connection[Any], rows: int) -> None:
    query = "select public.log_communication(%s, 'whatsapp', 'inbound', 'received', '+49151' || n) "
    connection.execute(f"{query} from generate_series(1000000, 1000000 + %s) as n", [sample.tenant_id(1), rows - 1])


def test_two_runs_at_once_share_the_work(sampled_db: Database) -> None:
    with sampled_db.connect() as first, sampled_db.connect() as second, ThreadPoolExecutor(2) as pool:
        _fill(first, 200)
        before = _plain(first)
        first.execute("select private.rotate_encryption_key()")
        list(pool.map(lambda connection: connection.execute("call private.reencrypt(5)"), (first, second)))
        first.execute("call private.reencrypt()")  # what each skipped because the other had it
        assert {name: _versions(first, name) for name in _ENCRYPTED} == {name: {3} for name in _ENCRYPTED}
        assert _plain(first) == before


def test_writers_go_on_while_keys_rotate_and_nothing_of_theirs_is_lost(sampled_db: Database) -> None:
    stop = Event()

    def write(number: int) -> dict[UUID, str]:
        written: dict[UUID, str] = {}
        with sampled_db.connect() as connection:
            while not stop.is_set():
                phone = f"+4916{number}{len(written):07d}"
                query = "select public.log_communication(%s, 'whatsapp', 'inbound', 'received', %s)"
                written[value(connection, query, sample.tenant_id(1), phone)] = phone
                connect = "select public.connect_slack_workspace(%s, 'T0SHARED', 'Shared', 'U0BOT', %s)"
                connection.execute(connect, [sample.tenant_id(1 + number % 2), f"xoxb-{phone}"])
        return written

    with sampled_db.connect() as operator, ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, number) for number in range(3)]
        for _ in range(4):
            operator.execute("select private.rotate_encryption_key()")
            operator.execute("call private.reencrypt(10)")
        stop.set()
        written = {row: phone for writer in writers for row, phone in writer.result(timeout=30).items()}
        operator.execute("call private.reencrypt()")
        assert {name: _versions(operator, name) for name in _ENCRYPTED} == {name: {6} for name in _ENCRYPTED}
        query = "select communication_log_id, phone_number from public.decrypted_communication_logs"
        found: dict[UUID, str] = dict(operator.execute(query).fetchall())
        assert len(written) > 10
        assert {row: found[row] for row in written} == written
