"""Partitioned tables, inheritance, and tables at the limits."""

from collections.abc import Callable
from typing import Any

import psycopg

from schemaproof.rows import Filling, Guidance


def _leaves(connection: "psycopg.Connection[Any]", filling: Filling, table: str) -> set[str]:
    """The partitions in which a table's rows lie."""
    places = [row.place.split("(")[0] for row in filling.of(table)]
    return {name for (name,) in connection.execute("select unnest(%s::oid[])::regclass::text", [places])}


def test_every_partition_gets_a_row(connection: "psycopg.Connection[Any]", filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table days (id int, day date not null, primary key (id, day)) partition by range (day);
        create table days_1 partition of days for values from ('2026-01-01') to ('2026-02-01');
        create table days_2 partition of days for values from ('2026-02-01') to ('2026-03-01');
        create table days_rest partition of days default;
        create table kinds (kind text not null, n int) partition by list (kind);
        create table kinds_a partition of kinds for values in ('a', 'b');
        create table kinds_c partition of kinds for values in ('c') partition by range (n);
        create table kinds_c_low partition of kinds_c for values from (minvalue) to (10);
        create table kinds_c_high partition of kinds_c for values from (10) to (20);
        create table hashes (id uuid primary key) partition by hash (id);
        create table hashes_0 partition of hashes for values with (modulus 3, remainder 0);
        create table hashes_1 partition of hashes for values with (modulus 3, remainder 1);
        create table hashes_2 partition of hashes for values with (modulus 3, remainder 2);
        create table pages (id int primary key, hash_id uuid not null references hashes);
        """
    )
    assert filling.unfilled == ()
    assert _leaves(connection, filling, "public.days") == {"days_1", "days_2", "days_rest"}
    assert _leaves(connection, filling, "public.kinds") == {"kinds_a", "kinds_c_low", "kinds_c_high"}
    assert _leaves(connection, filling, "public.hashes") == {"hashes_0", "hashes_1", "hashes_2"}
    assert len(filling.of("public.pages")) == 4


def test_row_that_fits_no_partition_is_reported(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table t (tenant_id uuid not null) partition by list (tenant_id);
        create table t_1 partition of t for values in ('00000000-0000-4000-8000-000000000001');
        """,
        Guidance({("public.t", "tenant_id"): "tenant"}),
    )
    assert {(item.relation, item.sqlstate) for item in filling.unfilled} == {("public.t", "23514")}
    assert filling.rows == ()


def test_inheritance_children_have_rows_of_their_own(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table parent (id int not null, a text);
        create table child (b text not null) inherits (parent);
        """
    )
    assert filling.unfilled == ()
    assert len(filling.of("public.child")) == 4
    assert len({row.place for row in filling.of("public.child")}) == 4


def test_odd_names_and_widths(filled: Callable[..., Filling]) -> None:
    long = "ß" * 31
    filling = filled(
        f"""
        create table "select" ("from" int primary key, "a b" text not null check ("a b" in ('it''s', 'q"q', 'b\\b')));
        create table "Ünïcode" (
            "{long}" int primary key references "select", "%s {{}}" text not null check ("%s {{}}" ~ '^\\w+$')
        );
        create table "{long}" (id int primary key);
        create table nothing ();
        create table wide ({", ".join(f"c{n} int" for n in range(1590))});
        create table wider ({", ".join(f"c{n} text" for n in range(1600))});
        create view looks as select 1 as one;
        """
    )
    assert filling.unfilled == ()
    expected = {
        'public."select"': 4,
        'public."Ünïcode"': 4,
        f'public."{long}"': 4,
        "public.nothing": 4,
        "public.wide": 4,
        "public.wider": 4,
    }
    assert {relation: len(filling.of(relation)) for relation in filling.relations} == expected
