"""What the canonical schema's functions cost over the bare statements that they cannot do without, per round trip."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from fixtures import factories
from schemaproof.config import load_target
from schemaproof.database import Database
from schemaproof.server import ServerSpec
from schemaproof.session import open_session

ROOT = Path(__file__).parent.parent
TOKEN = "xoxb-" + "0123456789" * 5
IV = b"i" * 16
CALLS = 200
# A key must come from Vault on every call: there is no place in a session that API roles could not read.
_KEY = """(
    select decode(s.decrypted_secret, 'hex') from vault.decrypted_secrets as s
    join private.encryption_keys as k on k.vault_secret_id = s.id where k.state = 'current'
)"""
Connection = psycopg.Connection[Any]
Measure = Callable[..., None]


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with open_session(load_target(ROOT), ServerSpec(kind="embedded")) as session:
        yield session.fresh()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect() as opened:
        yield opened


@pytest.fixture
def tenant(connection: Connection) -> UUID:
    found: UUID = factories.make_tenant(connection)["tenant_id"]
    return found


def test_right_code_against_what_it_must_write(measure: Measure, connection: Connection) -> None:
    """The floor writes what a right code leaves behind, in one statement: the code's new state and the number."""
    measure(
        lambda: _check(connection, _requested(connection, CALLS)), lambda: _write_bare(connection, CALLS), limit=3.0
    )


def test_wrong_code_against_an_update_by_primary_key(measure: Measure, connection: Connection) -> None:
    def ours() -> float:
        codes = [(tenant, number, "none") for tenant, number, _ in _requested(connection, CALLS)]
        return _check(connection, codes, answer="rejected")

    measure(ours, lambda: _update(connection, CALLS), limit=3.0)


def test_encrypting_a_token_against_pgcrypto_with_a_key_from_vault(
    measure: Measure, connection: Connection, tenant: UUID
) -> None:
    ours = "select private.encrypt_text(%(token)s, %(tenant)s, 'public.t', 'token', %(tenant)s)"
    bare = f"select extensions.encrypt_iv(convert_to(%(token)s, 'UTF8'), {_KEY}, %(iv)s, 'aes')"
    _measure_query(measure, connection, ours, bare, tenant=tenant)


def test_decrypting_a_token_against_pgcrypto_with_a_key_from_vault(
    measure: Measure, connection: Connection, tenant: UUID
) -> None:
    sealed = "select private.encrypt_text(%s, %s, 'public.t', 'token', %s)"
    ours_sealed = _one(connection, sealed, [TOKEN, tenant, tenant])
    bare_sealed = _one(
        connection, f"select extensions.encrypt_iv(convert_to(%s, 'UTF8'), {_KEY}, %s, 'aes')", [TOKEN, IV]
    )
    ours = "select private.decrypt_text(%(sealed)s, %(tenant)s, 'public.t', 'token', %(tenant)s)"
    bare = f"select convert_from(extensions.decrypt_iv(%(bare_sealed)s, {_KEY}, %(iv)s, 'aes'), 'UTF8')"
    _measure_query(measure, connection, ours, bare, tenant=tenant, sealed=ours_sealed, bare_sealed=bare_sealed)


def test_cleanup_of_ten_thousand_rows_against_the_bare_delete(
    measure: Measure, connection: Connection, tenant: UUID
) -> None:
    delete = "delete from public.communication_logs where tenant_id = %s and created_at < now() - interval '180 days'"

    def ours() -> float:
        _age(connection, tenant, 10_000)
        return _timed(lambda: connection.execute("call private.purge_communication_logs(10000)"))

    def bare() -> float:
        _age(connection, tenant, 10_000)
        return _timed(lambda: connection.execute(delete, [tenant]))

    measure(ours, bare, limit=1.5)
    assert _one(connection, "select count(*) from public.communication_logs where tenant_id = %s", [tenant]) == 0


def test_eight_connections_check_no_slower_in_all_than_one(
    measure: Measure, database: Database, connection: Connection
) -> None:
    """The floor is the same number of calls on one connection: a collapse under contention would take longer."""

    def eight() -> float:
        shares = [_requested(connection, CALLS // 8) for _ in range(8)]
        connections = [database.connect() for _ in shares]
        threads = [threading.Thread(target=_check, args=pair) for pair in zip(connections, shares, strict=True)]
        seconds = _timed(lambda: _run_all(threads))
        for opened in connections:
            opened.close()
        return seconds

    measure(eight, lambda: _check(connection, _requested(connection, CALLS)), limit=1.2)


def _run_all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _requested(connection: Connection, count: int) -> list[tuple[UUID, str, str]]:
    """Request a code for each of `count` new numbers of a new tenant."""
    tenant = factories.make_tenant(connection)["tenant_id"]
    numbers = [f"+4915{number:08d}" for number in range(count)]
    ask = "select code from public.request_verification_code(%s, %s)"
    return [(tenant, number, _one(connection, ask, [tenant, number])) for number in numbers]


def _check(connection: Connection, codes: list[tuple[UUID, str, str]], *, answer: str = "verified") -> float:
    def run() -> set[str]:
        query = "select public.check_verification_code(%s, %s, %s)"
        return {_one(connection, query, list(code)) for code in codes}

    started = time.perf_counter()
    answers = run()
    seconds = time.perf_counter() - started
    assert answers == {answer}
    return seconds


def _update(connection: Connection, count: int) -> float:
    """Update `count` rows by primary key, a transaction each, in a table as wide in keys as the real one."""
    tenant = factories.make_tenant(connection)["tenant_id"]
    rows = [factories.make_verification(connection, tenant) for _ in range(count)]
    query = """
        update public.whatsapp_verifications set failed_attempts = failed_attempts + 1
        where tenant_id = %s and whatsapp_verification_id = %s
    """
    keys = [[row["tenant_id"], row["whatsapp_verification_id"]] for row in rows]
    return _timed(lambda: [connection.execute(query, key) for key in keys])


def _write_bare(connection: Connection, count: int) -> float:
    tenant = factories.make_tenant(connection)["tenant_id"]
    rows = [factories.make_verification(connection, tenant) for _ in range(count)]
    query = """
        with code as (
            update public.whatsapp_verifications set status = 'verified', verified_at = clock_timestamp()
            where tenant_id = %s and whatsapp_verification_id = %s
            returning tenant_id, phone_number, verified_at
        )
        insert into public.verified_whatsapp_numbers (tenant_id, phone_number, verified_at) select * from code
    """
    keys = [[row["tenant_id"], row["whatsapp_verification_id"]] for row in rows]
    return _timed(lambda: [connection.execute(query, key) for key in keys])


def _measure_query(measure: Measure, connection: Connection, ours: str, bare: str, **values: object) -> None:
    parameters = {"token": TOKEN, "iv": IV} | values
    measure(
        lambda: _timed(lambda: [connection.execute(ours, parameters) for _ in range(CALLS)]),
        lambda: _timed(lambda: [connection.execute(bare, parameters) for _ in range(CALLS)]),
        limit=2.0,
    )


def _age(connection: Connection, tenant: UUID, count: int) -> None:
    """Log `count` messages that are past their retention."""
    connection.execute(
        """
        insert into public.communication_logs (tenant_id, channel, direction, status, body, created_at)
        select %s, 'whatsapp', 'outbound', 'sent', 'text ' || i, now() - interval '181 days' - i * interval '1 second'
        from generate_series(1, %s) as i
        """,
        [tenant, count],
    )
    connection.execute("analyze public.communication_logs")


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _one(connection: Connection, query: str, parameters: list[Any]) -> Any:
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]
