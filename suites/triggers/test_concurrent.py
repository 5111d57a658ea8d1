"""updated_at follows the order of the writes, not the order in which the transactions began."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import psycopg
import pytest

from fixtures import factories as make
from schemaproof.database import Database

pytestmark = pytest.mark.req("5.1")

_WRITERS = 8
_WRITES = 10


@pytest.fixture
def tenant(fresh_db: Database) -> str:
    """A tenant that every connection sees."""
    with fresh_db.connect() as connection:
        return str(make.make_tenant(connection)["tenant_id"])


def _touch(connection: psycopg.Connection[Any], tenant: str) -> datetime:
    row = connection.execute(
        "update public.tenants set name = name where tenant_id = %s returning updated_at", [tenant]
    ).fetchone()
    assert row is not None
    stamp = row[0]
    assert isinstance(stamp, datetime)
    return stamp


def test_transaction_that_began_first_and_writes_last_is_stamped_last(fresh_db: Database, tenant: str) -> None:
    with fresh_db.connect(autocommit=False) as early, fresh_db.connect(autocommit=False) as late:
        early.execute("select now()")
        late.execute("select now()")
        first = _touch(late, tenant)
        late.commit()
        assert _touch(early, tenant) > first


def test_writer_that_waited_for_the_row_is_stamped_after_the_one_it_waited_for(fresh_db: Database, tenant: str) -> None:
    with (
        fresh_db.connect(autocommit=False) as holder,
        fresh_db.connect(autocommit=False) as waiter,
        fresh_db.connect() as watcher,
        ThreadPoolExecutor(1) as pool,
    ):
        _touch(holder, tenant)
        waiting = pool.submit(_touch, waiter, tenant)
        _await_lock(watcher, waiter.info.backend_pid)
        last = _touch(holder, tenant)
        holder.commit()
        assert waiting.result(timeout=30) > last


def test_stamps_of_many_writers_are_all_different_and_the_last_one_stays(fresh_db: Database, tenant: str) -> None:
    def write(_: int) -> list[datetime]:
        with fresh_db.connect() as connection:
            return [_touch(connection, tenant) for _ in range(_WRITES)]

    with ThreadPoolExecutor(_WRITERS) as pool:
        stamps = [stamp for written in pool.map(write, range(_WRITERS)) for stamp in written]
    with fresh_db.connect() as connection:
        row = connection.execute("select updated_at from public.tenants where tenant_id = %s", [tenant]).fetchone()
    assert len(set(stamps)) == _WRITERS * _WRITES
    assert row == (max(stamps),)


def _await_lock(watcher: psycopg.Connection[Any], pid: int) -> None:
    """Return once the backend waits for a lock."""
    deadline = time.monotonic() + 30
    while watcher.execute("select cardinality(pg_blocking_pids(%s))", [pid]).fetchone() == (0,):
        assert time.monotonic() < deadline, "the second writer never had to wait"
        time.sleep(0.005)
