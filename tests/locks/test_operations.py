"""What each operation locks, rewrites, reads and builds of tables that were there before, and what that is worth."""

import pytest

from schemaproof.locks import findings
from tests.locks.conftest import Traced, last, told

ORDERS, SHOPS = "public.orders", "public.shops"
EXCLUSIVE, SHARE, SHARE_ROW, SHARE_UPDATE = (
    f"{mode}Lock" for mode in ("AccessExclusive", "Share", "ShareRowExclusive", "ShareUpdateExclusive")
)


@pytest.mark.parametrize(
    ("sql", "relation"),
    [
        ("alter table orders alter amount type bigint", ORDERS),
        ("alter table orders add seen timestamptz default clock_timestamp()", ORDERS),
        ("alter table orders add twice int generated always as (amount * 2) stored", ORDERS),
        ("alter table orders add number serial", ORDERS),
        ("alter table orders set unlogged", ORDERS),
        ("cluster orders using orders_pkey", ORDERS),
        ("vacuum full orders", ORDERS),
        ("refresh materialized view totals", "public.totals"),
        ("do $$ begin alter table orders alter amount type bigint; end $$", ORDERS),
    ],
)
def test_rewrite_under_access_exclusive_is_an_error(traced: Traced, sql: str, relation: str) -> None:
    found = traced(sql)
    assert last(found).rewritten == (relation,)
    assert (relation, EXCLUSIVE) in {(lock.relation, lock.mode) for lock in last(found).taken}
    assert told(found) == {("rewrite", relation, "error")}


@pytest.mark.parametrize(
    ("sql", "scanned", "mode"),
    [
        ("alter table orders alter shop_id set not null", {ORDERS}, EXCLUSIVE),
        ("alter table orders add check (note <> '')", {ORDERS}, EXCLUSIVE),
        ("alter table orders add kind text check (kind <> '')", {ORDERS}, EXCLUSIVE),
        ("alter table orders add foreign key (shop_id) references shops", {ORDERS}, SHARE_ROW),
    ],
)
def test_validation_by_a_scan_is_an_error(traced: Traced, sql: str, scanned: set[str], mode: str) -> None:
    found = traced(sql)
    assert scanned <= set(last(found).scanned)
    assert mode in {lock.mode for lock in last(found).taken}
    assert told(found) == {("scan", ORDERS, "error")}


def test_attached_partition_that_has_to_be_read_is_an_error(traced: Traced) -> None:
    found = traced("alter table events attach partition events_of_may for values from ('2026-05-01') to ('2026-06-01')")
    assert told(found) == {("scan", "public.events_of_may", "error")}


@pytest.mark.parametrize(
    ("sql", "mode"),
    [
        ("create index on orders (amount)", SHARE),
        ("create unique index on orders (amount)", SHARE),
        ("alter table orders add unique (amount)", EXCLUSIVE),
        ("reindex table orders", SHARE),
    ],
)
def test_index_built_while_writers_wait_is_an_error(traced: Traced, sql: str, mode: str) -> None:
    found = traced(sql)
    assert mode in {lock.mode for lock in last(found).taken if lock.relation == ORDERS}
    assert told(found) == {("build", ORDERS, "error")}


@pytest.mark.parametrize(
    ("sql", "mode"),
    [
        ("alter table orders alter note type text", EXCLUSIVE),
        ("alter table orders alter note type varchar(20)", EXCLUSIVE),
        ("alter table orders add kind text", EXCLUSIVE),
        ("alter table orders add kind text not null default 'new'", EXCLUSIVE),
        ("alter table orders add seen timestamptz not null default now()", EXCLUSIVE),
        ("alter table orders drop amount", EXCLUSIVE),
        ("alter table orders rename amount to sum", EXCLUSIVE),
        ("alter table orders add check (note <> '') not valid", EXCLUSIVE),
        ("alter table orders add foreign key (shop_id) references shops not valid", SHARE_ROW),
        ("alter table orders validate constraint amount_is_positive", SHARE_UPDATE),
        ("alter table orders enable row level security", EXCLUSIVE),
        ("create policy seen on orders for select using (true)", EXCLUSIVE),
        ("comment on table orders is 'what was ordered'", SHARE_UPDATE),
        (
            "create trigger same before update on orders"
            " for each row execute function suppress_redundant_updates_trigger()",
            SHARE_ROW,
        ),
        ("truncate orders", EXCLUSIVE),
        ("do $$ begin truncate orders; end $$", EXCLUSIVE),
        ("drop table orders cascade", EXCLUSIVE),
    ],
)
def test_change_of_the_catalogue_alone_is_no_error(traced: Traced, sql: str, mode: str) -> None:
    found = traced(sql)
    assert mode in {lock.mode for lock in last(found).taken if lock.relation == ORDERS}
    assert (last(found).rewritten, told(found)) == ((), set())


def test_not_null_with_a_validated_check_reads_nothing(traced: Traced) -> None:
    found = traced(
        "alter table orders validate constraint amount_is_given", "alter table orders alter amount set not null"
    )
    assert (last(found).scanned, told(found)) == ((), set())


def test_validation_behind_the_statement_that_holds_the_table_is_an_error(traced: Traced) -> None:
    found = traced(
        "alter table orders add constraint c check (note <> '') not valid; alter table orders validate constraint c"
    )
    assert [lock.line for lock in last(found).held] == [1]
    assert told(found) == {("scan", ORDERS, "error")}


def test_index_built_concurrently_is_seen_and_no_error(traced: Traced) -> None:
    found = traced("create index concurrently on orders (amount)")
    assert (last(found).alone, [each.relation for each in last(found).built]) == (True, [ORDERS])
    assert told(found) == set()


def test_index_taken_over_by_a_constraint_is_no_error(traced: Traced) -> None:
    found = traced(
        "create unique index concurrently orders_amount_key on orders (amount)",
        "alter table orders add constraint orders_amount_key unique using index orders_amount_key",
    )
    assert (last(found).built, told(found)) == ((), set())


def test_backfill_behind_an_alter_table_is_an_error_and_alone_it_is_none(traced: Traced) -> None:
    assert told(traced("update orders set amount = 1")) == set()
    found = traced("alter table orders add kind text;\nupdate orders set kind = 'old'")
    assert told(found) == {("backfill", ORDERS, "error")}


def test_backfill_that_only_writers_wait_for_is_a_warning_unless_the_table_is_large(traced: Traced) -> None:
    found = traced(
        "create trigger same before update on orders for each row execute function"
        " suppress_redundant_updates_trigger(); update orders set amount = 1"
    )
    assert told(found) == {("backfill", ORDERS, "warning")}
    assert told(found, orders=200_000) == {("backfill", ORDERS, "error")}


def test_constraint_of_a_domain_reads_the_tables_that_use_it(traced: Traced) -> None:
    base = "create domain sum as int; create table orders (id int primary key, amount sum)"
    found = traced("alter domain sum add check (value > 0)", base=base)
    assert told(found) == {("scan", ORDERS, "error")}
    assert told(traced("alter domain sum add check (value > 1) not valid", base=base)) == set()


def test_file_that_begins_and_commits_itself_is_traced_in_its_transactions(traced: Traced) -> None:
    found = traced(
        "begin;\nalter table orders add kind text;\nupdate orders set kind = '';\ncommit;\nupdate orders set kind = 'a'"
    )
    assert [[lock.line for lock in step.held] for step in found.steps] == [[], [2], []]
    assert told(found) == {("backfill", ORDERS, "error")}


def test_first_statement_may_set_the_transaction(traced: Traced) -> None:
    found = traced("set transaction isolation level serializable; alter table orders add kind text")
    assert [step.operations for step in found.steps] == [("variable set",), ("add column",)]


def test_procedure_that_commits_runs_untraced(traced: Traced) -> None:
    found = traced("create procedure p() language plpgsql as $$ begin commit; end $$", "call p()")
    assert found.steps == ()


def test_each_operation_on_a_table_is_told_with_its_own_remedy(traced: Traced) -> None:
    found = findings(
        traced(
            "set local lock_timeout = '1s'; alter table orders alter shop_id set not null;"
            " alter table orders add foreign key (shop_id) references shops"
        )
    )
    assert [each.key for each in found] == [
        f"locks:2:scan_set_not_null:{ORDERS}",
        f"locks:2:scan_add_foreign_key:{ORDERS}",
    ]
    assert ["NOT VALID" in each.remedy for each in found] == [True, True]
    assert found[0].remedy != found[1].remedy


def test_rows_asked_for_by_their_key_are_no_backfill(traced: Traced) -> None:
    assert told(traced("alter table orders add kind text; update orders set kind = 'old' where id = 7")) == set()


def test_backfill_of_another_table_while_a_view_is_held_is_an_error(traced: Traced) -> None:
    found = traced("create or replace view open_orders as select id, amount from orders; delete from shops")
    assert told(found) == {("backfill", SHOPS, "error")}


def test_reading_of_a_query_while_a_table_is_held_is_a_warning_unless_the_table_is_large(traced: Traced) -> None:
    found = traced("alter table orders add kind text; create table copies as select * from shops")
    assert told(found) == {("scan", SHOPS, "warning")}
    assert told(found, shops=1_000_000) == {("scan", SHOPS, "error")}


def test_what_the_change_makes_itself_is_nobodys(traced: Traced) -> None:
    found = traced(
        """
        create table lines (id int primary key, order_id int references orders, price int);
        insert into lines select g from generate_series(1, 100) as g;
        create index on lines (order_id);
        alter table lines alter price type bigint;
        alter table lines add check (price > 0);
        update lines set price = 1;
        """
    )
    assert {lock.relation for step in found.steps for lock in step.taken} == {ORDERS}
    assert told(found) == set()


def test_foreign_key_is_found_where_indexes_serve_its_proof(traced: Traced) -> None:
    """PostgreSQL then reads two indexes side by side, and neither table."""
    full = """
        create table shops (id int primary key); create table orders (id int primary key, shop_id int);
        create index on orders (shop_id);
        insert into shops select g from generate_series(1, 20000) as g;
        insert into orders select g, g from generate_series(1, 20000) as g; analyze
    """
    found = traced(
        "set enable_hashjoin = off; alter table orders add foreign key (shop_id) references shops", base=full
    )
    assert told(found) == {("scan", ORDERS, "error")}


def test_row_asked_for_by_its_key_is_no_reading_of_the_whole_where_the_table_is_a_page(traced: Traced) -> None:
    """The planner would read the page; the table in use has more of them."""
    base = "create table shops (id int primary key, n int); insert into shops values (1), (2); analyze"
    found = traced("alter table shops add kind text; update shops set kind = 'old' where id = 1", base=base)
    assert (last(found).scanned, last(found).written, told(found)) == ((), ("public.shops",), set())
