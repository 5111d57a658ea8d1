import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from schemaproof.catalogue import compare, take_catalogue
from schemaproof.database import Database
from schemaproof.server import ServerSpec, open_server
from schemaproof.volume import Loaded, Model, load, open_streams, row_of, tenant_sizes

ModelWith = Callable[..., Model]
Filled = tuple[Database, Loaded]


def _one(database: Database, query: str) -> Any:
    with database.connect() as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def _digests(database: Database, model: Model, seed: int) -> dict[str, str]:
    with open_streams(database, model, "tiny", seed=seed) as streams:
        return {
            name: hashlib.sha256(b"".join(block.data for block in stream.blocks())).hexdigest()
            for name, stream in streams.items()
        }


def test_tables_hold_what_the_profile_says(filled: Filled) -> None:
    database, loaded = filled
    assert loaded.rows["public.orders"] == 1_000
    assert loaded.rows["public.shops"] == 10
    for table, rows in loaded.rows.items():
        assert _one(database, f"select count(*) from {table}") == rows


def test_children_are_as_many_as_their_parents_say(filled: Filled) -> None:
    database, _ = filled
    wrong = """
        select count(*) from public.orders as o
        where lines <> (select count(*) from public.lines as l where (l.shop_id, l.order_id) = (o.shop_id, o.order_id))
    """
    assert _one(database, wrong) == 0
    assert _one(database, "select max(line) from public.lines") == 3


def test_tenants_follow_a_power_law(filled: Filled) -> None:
    database, _ = filled
    counts = _one(
        database,
        "select array_agg(n order by n desc) from (select count(*) as n from public.orders group by shop_id) as c",
    )
    assert counts[0] > 5 * counts[len(counts) // 2]
    assert len(counts) == 10


def test_a_child_of_two_parents_is_of_one_tenant(filled: Filled) -> None:
    database, _ = filled
    assert _one(
        database, "select count(*) filter (where article_id is null), count(article_id) > 800 from public.orders"
    )[1]
    joined = "select count(*) from public.orders join public.articles using (shop_id, article_id)"
    assert _one(database, joined) == _one(database, "select count(article_id) from public.orders")


def test_order_of_arrival_is_the_order_on_disk(filled: Filled) -> None:
    database, _ = filled
    correlation = "select correlation from pg_stats where tablename = 'orders' and attname = 'placed_at'"
    assert _one(database, correlation) == pytest.approx(1.0)


def test_status_goes_with_age_and_shares_hold(filled: Filled) -> None:
    database, _ = filled
    youngest = "select min(placed_at) > '2026-10-30' from public.orders where status = 'open'"
    assert _one(database, youngest) is True
    paid = _one(database, "select avg((status = 'paid')::integer) from public.orders where placed_at < '2026-10-30'")
    assert 0.75 < paid < 0.85
    assert 0.85 < _one(database, "select avg((article_id is not null)::integer) from public.orders") < 0.95


def test_same_seed_gives_the_same_bytes_in_another_database(
    database: Database, shops: Database, model_with: ModelWith
) -> None:
    model = model_with()
    assert _digests(database, model, 7) == _digests(shops, model, 7)
    other = _digests(database, model, 8)
    assert all(other[name] != digest for name, digest in _digests(database, model, 7).items() if name != "public.lines")


def test_bytes_do_not_depend_on_the_size_of_blocks(database: Database, model_with: ModelWith) -> None:
    with open_streams(database, model_with(), "tiny") as streams, pytest.MonkeyPatch.context() as patch:
        stream = streams["public.orders"]
        whole = b"".join(block.data for block in stream.blocks())
        patch.setattr("schemaproof.volume.stream._BLOCK_ROWS", 1_000)
        patch.setattr("schemaproof.volume.world._KEPT_ROWS", 5)
    with open_streams(database, model_with(), "tiny") as streams, pytest.MonkeyPatch.context() as patch:
        patch.setattr("schemaproof.volume.world._KEPT_ROWS", 5)
        assert b"".join(block.data for block in streams["public.orders"].blocks()) == whole


def test_load_changes_no_object_of_the_schema(database: Database, shops: Database, model_with: ModelWith) -> None:
    """Indexes, triggers and constraints are what they were; only what is declared of distinct values comes to it."""
    load(database, model_with(), "tiny")
    with shops.connect() as one, database.connect() as other:
        differences = compare(take_catalogue(one), take_catalogue(other))
    told = [each for each in differences if "n_distinct" not in str(each.after) and each.key.kind != "database"]
    assert told == []


def test_indexes_are_whole_and_always_triggers_are_back(filled: Filled) -> None:
    database, _ = filled
    assert _one(database, "select count(*) from pg_index where not (indisvalid and indisready)") == 0
    assert _one(database, "select tgenabled from pg_trigger where tgname = 'audited'") == "A"
    assert _one(database, "select count(*) from public.audit") == 0
    with database.connect() as connection:
        connection.execute("set enable_seqscan = off")
        query = "select count(*) from public.orders where shop_id = %s and placed_at > '2026-10-01'"
        sizes = tenant_sizes(connection, "public.orders", "shop_id")
        plan = "\n".join(row[0] for row in connection.execute("explain " + query, [sizes.largest]))
        assert "orders_placed_at_idx" in plan
        with_index = connection.execute(query, [sizes.largest]).fetchone()
        connection.execute("set enable_seqscan = on; set enable_indexscan = off; set enable_bitmapscan = off")
        assert connection.execute(query, [sizes.largest]).fetchone() == with_index


def test_identity_goes_on_after_the_last_row(filled: Filled) -> None:
    database, _ = filled
    with database.connect(autocommit=False) as connection:
        connection.execute("set session_replication_role = replica")
        shop = tenant_sizes(connection, "public.orders", "shop_id").smallest
        query = """
            insert into public.orders (shop_id, status, lines, placed_at, placed_on)
            values (%s, 'open', 1, now(), now()) returning order_id
        """
        assert connection.execute(query, [shop]).fetchone() == (1_001,)
        connection.rollback()


def test_statistics_are_of_all_rows_and_pages_are_visible(filled: Filled) -> None:
    database, _ = filled
    distinct = "select n_distinct from pg_stats where tablename = 'orders' and attname = '{}'"
    assert _one(database, distinct.format("order_id")) == -1
    assert _one(database, distinct.format("status")) == 3
    assert _one(database, "select relpages = relallvisible and relpages > 0 from pg_class where relname = 'orders'")


def test_distinct_values_that_grow_are_declared(filled: Filled) -> None:
    """So a table whose length is only pretended is planned as if it had as many of them as it would have."""
    database, _ = filled
    options = "select attoptions from pg_attribute where attrelid = 'public.orders'::regclass and attname = '{}'"
    assert _one(database, options.format("order_id")) == ["n_distinct=-1"]
    assert _one(database, options.format("status")) is None
    share = float(_one(database, options.format("article_id"))[0].removeprefix("n_distinct="))
    articles = _one(database, "select count(distinct article_id) from public.orders")
    assert share == pytest.approx(-articles / 1_000, abs=1e-3)


def test_samples_for_parameters_are_of_the_data(filled: Filled) -> None:
    database, _ = filled
    with database.connect() as connection:
        sizes = tenant_sizes(connection, "public.orders", "shop_id")
        count = "select count(*) from public.orders where shop_id = %s"
        most, middle, fewest, none = (
            (connection.execute(count, [shop]).fetchone() or (None,))[0]
            for shop in (sizes.largest, sizes.median, sizes.smallest, sizes.missing)
        )
        assert most > middle >= fewest > none == 0
        row = row_of(connection, "public.orders", condition="shop_id = %(shop)s", order="order_id", shop=sizes.largest)
        assert row is not None
        assert row["shop_id"] == sizes.largest
        again = row_of(
            connection, "public.orders", condition="shop_id = %(shop)s", order="order_id", shop=sizes.largest
        )
        assert again == row
        assert row_of(connection, "public.orders", condition="lines = 99") is None


def test_progress_is_told_to_the_end(database: Database, model_with: ModelWith) -> None:
    told: list[tuple[str, int, int]] = []
    load(database, model_with(), "tiny", progress=lambda *what: told.append(what))
    assert ("public.orders", 0, 1_000) in told
    assert ("public.orders", 1_000, 1_000) in told
    assert {what for what, now, everything in told if now == everything} >= {"indexes", "foreign keys", "statistics"}


def test_partitioned_tables_are_filled_and_indexed(database: Database, model_with: ModelWith) -> None:
    with database.connect() as connection:
        connection.execute("drop table public.lines")
        connection.execute("""
            create table public.lines (
                shop_id uuid not null, order_id bigint not null, line smallint not null,
                primary key (shop_id, order_id, line)
            ) partition by hash (shop_id);
            create table public.lines_0 partition of public.lines for values with (modulus 2, remainder 0);
            create table public.lines_1 partition of public.lines for values with (modulus 2, remainder 1);
        """)
    loaded = load(database, model_with(), "tiny")
    assert _one(database, "select count(*) from public.lines") == loaded.rows["public.lines"]
    assert _one(database, "select count(*) from pg_index where not (indisvalid and indisready)") == 0


def test_a_server_that_is_named_is_loaded_through_its_connection_alone(
    database: Database, model_with: ModelWith
) -> None:
    with open_server(ServerSpec(kind="dsn", dsn=database.server.loopback_conninfo())) as server:
        named = Database(server, database.name)
        loaded = load(named, model_with(), "tiny")
    assert _one(database, "select count(*) from public.lines") == loaded.rows["public.lines"]
