"""Triggers that make rows, change them, refuse them, or sleep; and rows that are there before."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from schemaproof.rows import Filling, Guidance, World, fill
from tests.rows.worlds import TENANT, USERS, WORLDS

PROFILES = """
create table users (id uuid primary key, email text not null);
create table profiles (id uuid primary key references users, role text not null default 'member', note text);
create function make_profile() returns trigger language plpgsql as $$
begin
    insert into public.profiles (id) values (new.id);
    return new;
end
$$;
create trigger make_profile after insert on users for each row execute function make_profile();
"""
CLASSES = {("public.users", "id"): "user", ("public.profiles", "id"): "user"}


def test_row_that_a_trigger_made_is_adopted_and_guided(filled: Callable[..., Filling]) -> None:
    filling = filled(PROFILES, Guidance(CLASSES, {("public.profiles", "role"): ("admin", "member")}))
    assert filling.unfilled == ()
    for world in ("A", "B"):
        profiles = filling.of("public.profiles", world)
        assert {row.values["id"] for row in profiles} == set(USERS[world])
        assert {row.values["role"] for row in profiles} == {"admin", "member"}
        assert all(row.adopted for row in profiles)


def test_trigger_that_refuses_some_values_is_worked_around(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table t (id int primary key, state text not null default 'new' check (state in ('new', 'old')), n int);
        create function only_old() returns trigger language plpgsql as $$
        begin
            if new.state <> 'old' then raise exception 'no' using errcode = 'P0001'; end if;
            return new;
        end $$;
        create trigger only_old before insert on t for each row execute function only_old();
        """
    )
    assert filling.unfilled == ()
    assert [(row.values["state"], row.replica) for row in filling.of("public.t")] == [("old", False)] * 4


def test_trigger_that_refuses_for_good_is_named_and_passed_by(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table t (id int primary key);
        create table child (id int primary key, t_id int not null references t);
        create function refuse() returns trigger language plpgsql as $$
        begin raise exception 'never' using errcode = 'P0001'; end $$;
        create trigger no_rows before insert on t for each row execute function refuse();
        """
    )
    assert {(item.relation, item.name, item.sqlstate, item.replica) for item in filling.unfilled} == {
        ("public.t", "no_rows", "P0001", True)
    }
    assert [row.replica for row in filling.of("public.t")] == [True] * 4
    assert [row.replica for row in filling.of("public.child")] == [False] * 4


def test_trigger_that_fires_always_leaves_the_table_empty(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table t (id int primary key);
        create function refuse() returns trigger language plpgsql as $$ begin return null; end $$;
        create trigger swallow before insert on t for each row execute function refuse();
        alter table t enable always trigger swallow;
        """
    )
    assert {(item.relation, item.name, item.sqlstate, item.replica) for item in filling.unfilled} == {
        ("public.t", "swallow", "02000", False)
    }
    assert filling.rows == ()


def test_trigger_that_asks_who_does_it_finds_the_worlds_settings(connection: "psycopg.Connection[Any]") -> None:
    connection.execute(
        """
        create table t (id int primary key, tenant_id uuid not null);
        create function stamp() returns trigger language plpgsql as $$
        begin new.tenant_id := current_setting('app.tenant')::uuid; return new; end $$;
        create trigger stamp before insert on t for each row execute function stamp();
        """
    )
    worlds = [World(name, {}, {"app.tenant": tenant}) for name, tenant in TENANT.items()]
    filling = fill(connection, ["public"], worlds)
    assert filling.unfilled == ()
    assert {(row.world, row.values["tenant_id"]) for row in filling.rows} == set(TENANT.items())


def test_trigger_that_takes_a_row_away_from_its_world_is_named(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table t (id int primary key, tenant_id uuid);
        create function stamp() returns trigger language plpgsql as $$
        begin new.tenant_id := nullif(current_setting('app.tenant', true), '')::uuid; return new; end $$;
        create trigger stamp before insert on t for each row execute function stamp();
        """,
        Guidance({("public.t", "tenant_id"): "tenant"}),
    )
    assert {(item.name, item.sqlstate, item.replica) for item in filling.unfilled} == {("stamp", "02000", True)}
    assert {(row.world, row.values["tenant_id"]) for row in filling.rows} == set(TENANT.items())


@pytest.mark.parametrize("part", ["trigger", "check"])
def test_function_that_sleeps_is_reported(connection: "psycopg.Connection[Any]", part: str) -> None:
    connection.execute(
        """
        create table t (id int primary key);
        create table u (id int primary key);
        create function nap() returns int language sql as $$ select 1 from pg_sleep(60) $$;
        create function napping() returns trigger language plpgsql as $$ begin perform nap(); return new; end $$;
        """
    )
    how = {
        "trigger": "create trigger napping before insert on t for each row execute function napping()",
        "check": "alter table t add constraint napping check (nap() = id)",
    }
    connection.execute(how[part].encode())
    before = connection.execute("show statement_timeout").fetchone()
    filling = fill(connection, ["public"], WORLDS, timeout=0.2)
    assert connection.execute("show statement_timeout").fetchone() == before
    assert {(item.relation, item.sqlstate) for item in filling.unfilled} == {("public.t", "57014")}
    assert len(filling.of("public.u")) == 4


def test_seed_and_factories_come_first(filled: Callable[..., Filling]) -> None:
    def make_notes(connection: "psycopg.Connection[Any]", world: World | None) -> None:
        assert world
        connection.execute("insert into notes values (%s, 'by hand')", [world.keys["tenant"][0]])

    filling = filled(
        "create table tenants (id uuid primary key, name text); create table notes (tenant_id uuid, body text)",
        Guidance(
            {("public.tenants", "id"): "tenant", ("public.notes", "tenant_id"): "tenant"},
            seed=f"insert into tenants values ('{TENANT['A']}', 'seeded')",
            factories={"public.notes": make_notes},
        ),
    )
    assert filling.unfilled == ()
    assert [row.values["name"] for row in filling.of("public.tenants", "A")] == ["seeded"]
    assert [row.adopted for row in filling.of("public.notes", "B")] == [True, False]


def test_factory_that_fails_is_reported(filled: Callable[..., Filling]) -> None:
    def fail(connection: "psycopg.Connection[Any]", world: World | None) -> None:
        connection.execute("select 1 / 0")

    filling = filled("create table t (id int primary key)", Guidance(factories={"public.t": fail}))
    assert {(item.relation, item.name, item.sqlstate) for item in filling.unfilled} == {
        ("public.t", "factory", "22012")
    }
    assert len(filling.of("public.t")) == 4


def test_shared_tables_have_the_same_rows_for_all(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table plans (id int primary key);
        create table t (id int primary key, plan_id int not null references plans);
        """,
        Guidance(shared=frozenset({"public.plans"})),
    )
    assert [row.world for row in filling.of("public.plans")] == [None, None]
    chosen = [{row.values["plan_id"] for row in filling.of("public.t", world)} for world in ("A", "B")]
    assert chosen[0] == chosen[1] == {row.values["id"] for row in filling.of("public.plans")}


def test_values_that_policies_ask_for_appear(filled: Callable[..., Filling]) -> None:
    filling = filled(
        "create table t (id int primary key, role text not null, deleted_at timestamptz)",
        Guidance(pools={("public.t", "role"): ("admin", "member"), ("public.t", "deleted_at"): (None, "2026-01-01")}),
    )
    rows = filling.of("public.t", "A")
    assert {row.values["role"] for row in rows} == {"admin", "member"}
    assert [row.values["deleted_at"] is None for row in rows] == [True, False]
