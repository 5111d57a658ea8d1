"""Whatever is wrong with a model is told with its file, line and key, before or while it is loaded."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from schemaproof.database import Database
from schemaproof.errors import UsageError
from schemaproof.volume import Model, load, load_model, open_streams
from schemaproof.volume.facts import take_facts
from schemaproof.volume.space import needed_bytes

ModelWith = Callable[..., Model]

UNREADABLE = {
    "not TOML": ({'main = "public.orders"': "main = "}, 1, "not TOML"),
    "unknown key": ({'main = "public.orders"': 'main = "public.orders"\nmian = 1'}, 2, "Did you mean `main`"),
    "unknown table key": ({"rows = { share = 0.1 }": "row = { share = 0.1 }"}, 14, "Did you mean `rows`"),
    "unknown recipe": ({"name = { pool": "name = { pol"}, 11, "has no recipe"),
    "two recipes": ({"name = { pool": "name = { uuid = true, pool"}, 11, "uuid"),
    "unknown pool": ({'pool = "company"': 'pool = "companies"'}, 11, "no pool companies"),
    "shares that do not add up": ({"paid = 0.8, lost": "paid = 0.7, lost"}, 36, "add up to 0.9"),
    "share above one": ({"share = 0.25": "share = 1.25"}, 23, "0 to 1"),
    "skew of one": ({"skew = 0.8": "skew = 1.0"}, 28, "below 1"),
    "no interval": ({'"-100 days"': '"-100 dys"'}, 41, "no interval"),
    "backward": ({'["-100 days", "0 days"]': '["0 days", "-1 days"]'}, 41, "forward"),
    "unknown reference": (
        {'from = "shop.shop_id" }\narticle_id': 'from = "shoq.shop_id" }\narticle_id'},
        18,
        "shoq.shop_id",
    ),
    "unknown column": ({'from = "placed_at" }': 'from = "placed" }'}, 42, "placed is no column"),
    "unknown table": ({'to = "public.shops", skew = 0.8': 'to = "public.shop", skew = 0.8'}, 28, "public.shop"),
    "unknown main": ({'main = "public.orders"': 'main = "public.order"'}, 1, "none of the model's tables"),
    "no size": ({"rows = { share = 1.0 }": ""}, 25, "`rows`"),
    "unknown times": ({'times = "lines"': 'times = "many"'}, 46, "no column many"),
    "needs itself": (
        {'placed_at = { arrival = ["-100 days", "0 days"] }': 'placed_at = { from = "placed_on" }'},
        41,
        "itself",
    ),
    "too wide": ({"{row:d6}": "{row:d60}"}, 20, "too wide"),
    "nth of no driver": ({'nth = "order"': 'nth = "orders"'}, 50, "orders"),
}


@pytest.mark.parametrize(("changes", "line", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_model_that_makes_no_sense_is_refused_with_its_line(
    model_with: ModelWith, changes: dict[str, str], line: int, told: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        model_with(changes)
    assert refusal.value.exit_code == 2
    assert told in str(refusal.value)
    assert re.search(rf"volume\.toml:{line}:|line {line}\b", str(refusal.value)), refusal.value


UNFIT = {
    "unknown table": (
        {'[tables."public.lines"]': '[tables."public.line"]\nrows = 1\n[tables."public.lines"]'},
        "public.lines",
    ),
    "unknown column": ({"price = {": "prise = {"}, "Did you mean `price`"),
    "column without a value": ({"code = {": "tags2 = {"}, "tags2"),
    "generated column": ({"lines = { number": "total = 1\nlines = { number"}, "generated"),
    "text that is no number": ({"price = { number = [1, 500], skew = 0.5 }": 'price = "cheap"'}, "cheap"),
    "kind of value": ({"placed_on = { from": "paid_at2 = { from"}, "paid_at2"),
    "domain": ({"AB{row:d6}": "ab{row:d6}"}, "code"),
    "check": (
        {'{ when = { status = "paid" }, from': '{ when = { status = "lost" }, from'},
        "paid_orders_have_their_time in row 1",
    ),
    "not null": ({"name = { pool": "name = { share = 0.5, pool"}, "name"),
    "unique index": (
        {
            "AB{row:d6}": "AB{random:d6}",
            '"public.articles"]\nrows = { share = 0.1 }': '"public.articles"]\nrows = 20000',
        },
        "articles_live_code_key",
    ),
    "foreign key": ({'from = "article.article_id"': "uuid = true"}, "orders_articles_fkey"),
    "time in a number": ({"line = { nth": 'line = { from = "order.placed_at" }\nlin2 = { nth'}, "lin2"),
}


@pytest.mark.parametrize(("changes", "told"), UNFIT.values(), ids=UNFIT)
def test_model_that_the_schema_does_not_take_is_refused_by_name(
    database: Database, model_with: ModelWith, changes: dict[str, str], told: str
) -> None:
    if "AB{random:d6}" in changes.values():  # a million codes, so that some of 20,000 are the same
        changes = {**changes, "skew = 0.5, cover = true": "skew = 0.98"}
    with pytest.raises(UsageError) as refusal:
        load(database, model_with(changes), "tiny")
    assert told in str(refusal.value)
    assert re.search(r"volume\.toml:\d+: tables\.", str(refusal.value)), refusal.value


def test_orphan_is_named_with_its_values(database: Database, model_with: ModelWith) -> None:
    with pytest.raises(UsageError, match=r"no row of public\.articles has shop_id = .*, article_id = [0-9a-f-]{36}"):
        load(database, model_with({'from = "article.article_id"': "uuid = true"}), "tiny")


def test_unknown_profile_is_refused_with_the_nearest(database: Database, model_with: ModelWith) -> None:
    with pytest.raises(UsageError, match="100k"):
        load(database, model_with(), "1000k")


def test_table_with_rows_is_refused(database: Database, model_with: ModelWith) -> None:
    with database.connect() as connection:
        connection.execute("insert into public.shops values (gen_random_uuid(), 'old')")
    with pytest.raises(UsageError, match="holds rows already"):
        load(database, model_with(), "tiny")


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        load_model(tmp_path / "none.toml")


def test_disk_that_is_too_small_is_told_before_anything_is_loaded(database: Database, model_with: ModelWith) -> None:
    model = model_with({'main = "public.orders"': 'main = "public.orders"\nprofiles.all = 100_000_000_000'})
    with pytest.raises(UsageError, match=r"needs about [0-9.]+ GB, and .* left"):
        load(database, model, "all")
    with database.connect() as connection:
        assert connection.execute("select count(*) from public.shops").fetchone() == (0,)


def test_need_of_space_is_about_what_a_load_takes(database: Database, model_with: ModelWith) -> None:
    model = model_with()
    with open_streams(database, model, "10k") as streams, database.connect() as connection:
        facts = take_facts(connection, ["public"])
        needed = sum(needed_bytes(facts[name], each.source.rows, each.size) for name, each in streams.items())
    size = "select sum(pg_total_relation_size(name::regclass)) from unnest(%s::text[]) as name"
    load(database, model, "10k")
    with database.connect() as connection:
        found = connection.execute(size, [list(model.tables)]).fetchone()
    assert found is not None
    assert 0.7 < needed / found[0] < 1.5
