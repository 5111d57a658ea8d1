"""What running clients meet: the longest stall, breakages, the queue behind a long reader, and an end to a wait."""

import json
import threading
from dataclasses import asdict

import psycopg
import pytest

from schemaproof.findings import Level
from schemaproof.locks import findings, prove_locks, queue_behind, trace, under_fire
from schemaproof.migrations import MigrationError
from tests.locks.conftest import Project, Traced

ADD = "alter table orders add kind text"
ORDERS = "public.orders"


def test_stall_is_told_with_the_lock_the_table_and_the_statement(project: Project) -> None:
    session = project(
        "alter table orders alter note type text;\nselect pg_sleep(0.5)",
        downs=("alter table orders drop amount cascade",),
    )
    fire = under_fire(session, 1, rows=2_000)
    assert fire.rows[ORDERS] >= 2_000
    assert fire.up is not None
    assert fire.up.stall is not None
    assert (fire.up.stall.table, fire.up.stall.relation, fire.up.stall.line) == (ORDERS, ORDERS, 2)
    assert fire.up.stall.mode in ("AccessShareLock", "RowExclusiveLock")
    assert fire.down is not None
    assert {(each.table, each.sqlstate) for each in fire.down.breakages} == {(ORDERS, "42703")}
    assert json.loads(json.dumps(asdict(fire)))["up"]["stall"]["line"] == 2


def test_column_gone_and_type_changed_break_a_running_client(project: Project) -> None:
    changes = "alter table orders drop amount cascade;\ncomment on table shops is '';\n"
    fire = under_fire(project(f"{changes}alter table shops alter name type text"), 1, rows=100)
    assert [(each.object, each.level, each.location and each.location.line) for each in fire.findings] == [
        (ORDERS, Level.WARNING, 1),
        ("public.shops", Level.WARNING, 3),
    ]
    assert fire.up is not None
    assert {(each.table, each.sqlstate) for each in fire.up.breakages} == {(ORDERS, "42703"), ("public.shops", "0A000")}


def test_added_column_breaks_no_client_and_its_rollback_the_new_ones(project: Project) -> None:
    fire = under_fire(project(ADD, downs=("alter table orders drop kind",)), 1, rows=100)
    assert fire.up is not None
    assert fire.down is not None
    assert (fire.findings, fire.up.breakages) == ([], ())
    assert {each.sqlstate for each in fire.down.breakages} == {"42703"}


def test_migration_of_new_tables_alone_has_nobody_to_stop(project: Project) -> None:
    fire = under_fire(project("create table lines (id int)"), 1)
    assert (fire.rows, fire.up, fire.down) == ({}, None, None)


def test_without_a_limit_a_new_reader_waits_behind_the_migration_until_the_long_one_ends(project: Project) -> None:
    queue = queue_behind(project(ADD), 1)
    assert queue is not None
    assert (queue.relation, queue.reader_waited, queue.gave_up, queue.reader_went_on) == (ORDERS, True, False, False)


@pytest.mark.parametrize("own", [False, True])
def test_with_a_limit_the_migration_gives_up_and_the_new_reader_goes_on(project: Project, own: bool) -> None:
    session = project(f"set local lock_timeout = '300ms'; {ADD}" if own else ADD)
    queue = queue_behind(session, 1, lock_timeout=None if own else "300ms")
    assert queue is not None
    assert (queue.gave_up, queue.reader_went_on) == (True, True)


def test_nothing_queues_behind_a_migration_that_wants_no_table_for_itself(project: Project) -> None:
    assert queue_behind(project("comment on table orders is ''"), 1) is None


def test_missing_limit_is_one_warning_a_migration(traced: Traced) -> None:
    found = findings(traced(f"{ADD}; alter table shops add kind text"))
    assert [(each.level, each.key) for each in found] == [(Level.WARNING, f"locks:2:lock_timeout:{ORDERS}")]
    assert findings(traced(f"set local lock_timeout = '2s'; {ADD}; alter table shops add kind text")) == []


def test_statement_that_waits_forever_is_ended_and_named(project: Project) -> None:
    """The lock is held by a session of the migration's own, as dblink opens one."""
    session = project("select pg_advisory_xact_lock(7);")
    made = threading.Event()
    at = session.at

    def held(number: int):  # type: ignore[no-untyped-def]
        database = at(number)
        holder = database.connect()
        holder.execute("select pg_advisory_lock(7)")
        holders.append(holder)
        made.set()
        return database

    holders: list[psycopg.Connection] = []
    session.at = held  # type: ignore[method-assign]
    with pytest.raises(MigrationError) as ended:
        trace(session, 1, timeout=0.5)
    assert (ended.value.sqlstate, ended.value.line, made.is_set()) == ("57014", 1, True)
    assert "pg_advisory_lock(7)" in ended.value.remedy
    _, found = prove_locks(session, [1], timeout=0.5)
    assert [each.key for each in found] == ["locks:2:fails"]
    for holder in holders:
        holder.close()


def test_tables_of_earlier_new_migrations_are_nobodys_either(project: Project) -> None:
    session = project("create table lines (id int)", "create index on lines (id)", "create index on orders (amount)")
    traces, found = prove_locks(session, range(1, 4))
    assert [each.version for each in traces] == ["2", "3", "4"]
    assert [(each.key, each.location and each.location.line) for each in found] == [
        (f"locks:4:build_create_index:{ORDERS}", 1)
    ]
    assert json.dumps([asdict(each) for each in traces])


def test_small_table_is_told_and_no_error(project: Project) -> None:
    session = project("create index on orders (amount)")
    _, found = prove_locks(session, [1], rows={ORDERS: 12})
    assert [(each.key, each.level) for each in found] == [(f"locks:2:build_create_index:{ORDERS}", Level.NOTE)]


def test_database_that_holds_a_volume_is_taken_at_its_word(project: Project) -> None:
    base = """
        create table shops (id int); insert into shops select generate_series(1, 20);
        create table orders (id int); insert into orders select generate_series(1, 20000);
    """
    session = project("create index on shops (id); create index on orders (id)", base=base)
    _, found = prove_locks(session, [1])
    assert {(each.object, each.level) for each in found} == {("public.shops", Level.NOTE), (ORDERS, Level.ERROR)}
