"""Contents are the same for the same data, whatever its order, and differ in what and where the data differs."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from schemaproof.contents import Change, Contents, Kind, compare_contents, take_contents
from schemaproof.database import Database, unique_name
from schemaproof.server import Server

_SCHEMA = """
create type mood as enum ('good', 'bad');
create type pair as (a integer, b text);
create domain short as varchar(9);
create extension citext;
create table people (id integer primary key, name text, score numeric, email citext);
insert into people values (1, 'Ada', 1.5, 'A@x'), (2, 'Bob', 2.5, 'b@x'), (3, null, null, 'c@x'), (4, 'Bob', 4, null);
create table loose (a integer, b text);
insert into loose values (1, 'x'), (1, 'x'), (2, 'y'), (3, null);
create table parted (id integer, kind text) partition by list (kind);
create table parted_a partition of parted for values in ('a');
create table parted_b partition of parted for values in ('b');
insert into parted values (1, 'a'), (2, 'b');
create table bare ();
create table "Odd ""name" ("A ""b" integer);
insert into "Odd ""name" values (1);
create table twice (id integer primary key, twice integer generated always as (id * 2) stored);
insert into twice values (1);
create table kinds (
    id integer primary key, a mood, b short, c integer[], d int4range, e jsonb, f json, g bytea, h interval,
    i timestamptz, j point, k inet, l uuid, m money, n xml, o tsvector, p bit(3), q "char",
    r pair, s float8, t name, u regclass, v oid
);
insert into kinds select 1, 'good', 'short', '{1,2}', '[1,3)', '{"a":1}', '{"a":1}', '\\x01', '1 day', now(), '(1,2)',
    '10.0.0.1', gen_random_uuid(), 5, '<a/>', 'a b', B'101', 'c', row(1, 'x')::pair, 0.1, 'n', 'people', 5;
create sequence numbers;
select nextval('numbers');
"""


@dataclass(frozen=True)
class Place:
    """A database with data, and what it held at first."""

    connection: psycopg.Connection
    before: Contents

    def changes(self, sql: str) -> set[tuple[str, Kind, int | None]]:
        """Run something, tell what differs, and undo it."""
        return {(change.name, change.kind, change.rows) for change in self.all_changes(sql)}

    def all_changes(self, sql: str) -> tuple[Change, ...]:
        with self.connection.transaction(force_rollback=True):
            self.connection.execute(sql.encode())
            return compare_contents(self.before, take_contents(self.connection, like=self.before))


@pytest.fixture(scope="module")
def place(plain_server: Server) -> Iterator[Place]:
    database = Database.create(plain_server, unique_name("contents"))
    with database.connect() as connection:
        connection.execute(_SCHEMA.encode())
        yield Place(connection, take_contents(connection))
    database.drop()


def test_every_table_is_counted_once_and_every_type_is_hashed(place: Place) -> None:
    counts = {name: held.rows for name, held in place.before.tables.items()}
    assert counts == {
        "public.people": 4,
        "public.loose": 4,
        "public.parted": 2,
        "public.bare": 0,
        'public."Odd ""name"': 1,
        "public.twice": 1,
        "public.kinds": 1,
    }
    assert place.before.tables["public.kinds"].filled == (1,) * 23
    assert place.before.sequences == {"public.numbers": 1}


def test_order_of_rows_and_columns_and_settings_of_the_session_do_not_count(place: Place) -> None:
    again = "create table other as select * from {0} order by 1 desc; truncate {0}; insert into {0} select * from other"
    assert place.changes(again.format("people")) == set()
    assert (
        place.changes("alter table loose rename a to c; alter table loose add a integer; update loose set a = c")
        == set()
    )
    assert place.changes("set local time zone 'Asia/Tokyo'; set local datestyle to 'German'") == set()


@pytest.mark.parametrize(
    ("sql", "changes"),
    [
        ("update people set name = upper(name)", {("public.people.name", Kind.CHANGED, 3)}),
        ("update people set email = lower(email)", {("public.people.email", Kind.CHANGED, 1)}),
        ("update people set score = round(score)", {("public.people.score", Kind.CHANGED, 2)}),
        ("update people set name = null where id < 3", {("public.people.name", Kind.EMPTIED, 2)}),
        ("update people set name = 'Eve' where name is null", {("public.people.name", Kind.FILLED, 1)}),
        (
            "update people set name = case id when 1 then 'Bob' else 'Ada' end where id < 3",
            {("public.people.name", Kind.MOVED, 2)},
        ),
        ("delete from people where id = 2", {("public.people", Kind.ROWS, 1)}),
        ("insert into people values (9)", {("public.people", Kind.ADDED, 1)}),
        ("update people set id = id + 10", {("public.people.id", Kind.CHANGED, 4)}),
        ("alter table people drop name", {("public.people.name", Kind.GONE, 3)}),
        ("drop table loose", {("public.loose", Kind.GONE, 4)}),
        ("drop table bare", set()),
        ("update loose set b = 'z' where b = 'x'", {("public.loose.b", Kind.CHANGED, 2)}),
        ("update loose set b = case a when 1 then 'y' when 2 then 'x' end", {("public.loose.b", Kind.CHANGED, 1)}),
        ("delete from loose where a = 1", {("public.loose", Kind.ROWS, 2)}),
        ("delete from loose where b is null", {("public.loose", Kind.ROWS, 1)}),
        ("update loose set b = 'q' where b is null", {("public.loose.b", Kind.FILLED, 1)}),
        ("delete from parted_a", {("public.parted", Kind.ROWS, 1)}),
        ("update twice set id = 7", {("public.twice.id", Kind.CHANGED, 1), ("public.twice.twice", Kind.CHANGED, 1)}),
        ('delete from "Odd ""name"', {('public."Odd ""name"', Kind.ROWS, 1)}),
        ("update people set score = score::numeric(9, 4)", set()),
        ("alter table people add remark text default 'new'", set()),
    ],
)  # fmt: skip
def test_difference_is_told_with_its_rows(place: Place, sql: str, changes: set[tuple[str, Kind, int | None]]) -> None:
    assert place.changes(sql) == changes


def test_values_that_change_places_are_seen_without_a_key(place: Place) -> None:
    swapped = place.changes("update loose set b = case a when 2 then null when 3 then 'y' else b end")
    assert swapped == {("public.loose", Kind.MOVED, None)}


def test_what_is_added_or_filled_is_no_loss(place: Place) -> None:
    changes = place.all_changes("insert into people values (9); update people set name = 'Eve' where id = 3")
    assert [change.loses for change in changes] == [False, False]


def test_large_table_is_compared_by_a_sample_and_by_its_hashes(place: Place) -> None:
    with place.connection.transaction(force_rollback=True):
        place.connection.execute(
            "create table big (id integer primary key, label text);"
            "insert into big select n, 'label ' || n from generate_series(1, 40000) as n"
        )
        before = take_contents(place.connection)
        held = before.tables["public.big"]
        assert held.mask > 0
        assert 0 < len(held.sample) < 12_000
        place.connection.execute("update big set label = upper(label)")
        (every,) = compare_contents(before, take_contents(place.connection, like=before))
        assert (every.name, every.kind, every.about) == ("public.big.label", Kind.CHANGED, True)
        place.connection.execute("update big set label = lower(label); delete from big where id = 77")
        (one,) = compare_contents(before, take_contents(place.connection, like=before))
        assert one.kind is Kind.ROWS


def test_one_value_of_a_large_table_outside_of_the_sample_is_seen(place: Place) -> None:
    with place.connection.transaction(force_rollback=True):
        place.connection.execute(
            "create table big (id integer primary key, label text);"
            "insert into big select n, 'label ' || n from generate_series(1, 40000) as n"
        )
        before = take_contents(place.connection)
        for number in range(1, 6):
            place.connection.execute("update big set label = 'other' where id = %s", [number])
            changes = compare_contents(before, take_contents(place.connection, like=before))
            assert [(change.name, change.kind) for change in changes] == [("public.big.label", Kind.CHANGED)]
