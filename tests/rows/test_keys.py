"""Keys: unique, exclusion and foreign keys of every form, and the worlds that they keep apart."""

from collections.abc import Callable

from schemaproof.rows import Filling, Guidance
from tests.rows.worlds import TENANT, USERS


def test_child_refers_to_a_parent_of_its_own_world(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table parent (id uuid primary key);
        create table child (id int primary key, parent_id uuid not null references parent);
        """
    )
    for world in ("A", "B"):
        own = {row.values["id"] for row in filling.of("public.parent", world)}
        assert {row.values["parent_id"] for row in filling.of("public.child", world)} == own
    assert filling.unfilled == ()


def test_composite_keys_are_taken_whole(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table tenants (id uuid primary key);
        create table projects (tenant_id uuid references tenants, id int, primary key (tenant_id, id));
        create table members (tenant_id uuid references tenants, user_id uuid, primary key (tenant_id, user_id));
        create table tasks (
            tenant_id uuid not null, project_id int not null, assignee uuid, reviewer uuid not null, id int primary key,
            foreign key (tenant_id, project_id) references projects match full,
            foreign key (tenant_id, assignee) references members, foreign key (tenant_id, reviewer) references members
        );
        """,
        Guidance(
            {
                ("public.projects", "tenant_id"): "tenant",
                ("public.members", "user_id"): "user",
            }
        ),
    )
    assert filling.unfilled == ()
    for world in ("A", "B"):
        tasks = filling.of("public.tasks", world)
        assert {row.values["tenant_id"] for row in tasks} == {TENANT[world]}
        assert {row.values["reviewer"] for row in tasks} == set(USERS[world])
        assert None not in {row.values["assignee"] for row in tasks}


def test_parents_of_one_child_agree_without_guidance(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table rooms (hotel_id uuid, number text, primary key (hotel_id, number));
        create table guests (hotel_id uuid, id uuid, primary key (hotel_id, id));
        create table stays (
            hotel_id uuid, room text, guest uuid, primary key (hotel_id, room, guest),
            foreign key (hotel_id, room) references rooms, foreign key (hotel_id, guest) references guests
        );
        """
    )
    assert (len(filling.of("public.stays")), filling.unfilled) == (4, ())


def test_match_full_is_null_as_a_whole_or_not_at_all(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table parent (a int, b int, unique (a, b));
        create table child (a int, b int, foreign key (a, b) references parent (a, b) match full, check (a is null));
        """
    )
    assert filling.unfilled == ()
    assert {(row.values["a"], row.values["b"]) for row in filling.of("public.child")} == {(None, None)}


def test_tree_has_a_root_and_children(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table folders (id int primary key, parent_id int references folders);
        create table rings (id int primary key, next int not null references rings);
        """,
        rows=3,
    )
    for world in ("A", "B"):
        parents = [row.values["parent_id"] for row in filling.of("public.folders", world)]
        roots = {row.values["id"] for row in filling.of("public.folders", world) if row.values["parent_id"] is None}
        assert parents.count(None) == 1
        assert set(parents) - {None} == roots
        ids = {row.values["id"] for row in filling.of("public.rings", world)}
        assert {row.values["next"] for row in filling.of("public.rings", world)} <= ids
    assert filling.unfilled == ()


def test_cycles_are_closed(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table accounts (id uuid primary key, owner_id uuid);
        create table users (id uuid primary key, account_id uuid not null references accounts);
        alter table accounts add foreign key (owner_id) references users;
        create table eggs (id int primary key, hen_id int not null);
        create table hens (id int primary key, egg_id int not null references eggs);
        alter table eggs add foreign key (hen_id) references hens deferrable initially deferred;
        create table yin (id int primary key, yang_id int not null);
        create table yang (id int primary key, yin_id int not null references yin);
        alter table yin add foreign key (yang_id) references yang;
        """
    )
    assert filling.unfilled == ()
    assert {
        len(filling.of(f"public.{name}", "A")) for name in ("accounts", "users", "eggs", "hens", "yin", "yang")
    } == {2}
    for world in ("A", "B"):
        users = {row.values["id"] for row in filling.of("public.users", world)}
        assert {row.values["owner_id"] for row in filling.of("public.accounts", world)} <= users
        yang = {row.values["id"] for row in filling.of("public.yang", world)}
        assert {row.values["yang_id"] for row in filling.of("public.yin", world)} <= yang


def test_unique_keys_of_every_form_are_met(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table t (
            a text unique, b bool not null, c int, d text not null, e smallint unique,
            unique nulls not distinct (c), constraint one check (c > 0)
        );
        create unique index on t (lower(d));
        create unique index on t (b) where b;
        create table flags (on_off bool primary key);
        """,
        rows=3,
    )
    assert filling.unfilled == ()
    assert len(filling.of("public.t")) == 6
    # A key of two values has room for one row of each world.
    assert {len(filling.of("public.flags", world)) for world in ("A", "B")} == {1}


def test_key_without_room_for_a_world_is_named(filled: Callable[..., Filling]) -> None:
    filling = filled("create table single (one bool primary key default true check (one))")
    assert len(filling.of("public.single", "A")) == 1
    assert [(item.world, item.name, item.sqlstate) for item in filling.unfilled] == [("B", "single_pkey", "23505")]


def test_excluded_ranges_do_not_overlap(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create extension btree_gist;
        create table rooms (id int primary key);
        create table bookings (
            room_id int not null references rooms, during tstzrange not null,
            exclude using gist (room_id with =, during with &&)
        );
        create table shifts (during tsrange not null, exclude using gist (during with &&));
        create table seasons (
            of int4range not null, until daterange not null, exclude using gist (of with &&, until with &&)
        );
        """,
        rows=6,
    )
    assert filling.unfilled == ()
    assert {len(filling.of(f"public.{name}")) for name in ("bookings", "shifts", "seasons")} == {12}


def test_one_row_for_each_parent(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table users (id uuid primary key);
        create table profiles (user_id uuid primary key references users, name text not null);
        create table likes (
            user_id uuid references users, profile_id uuid references profiles, primary key (user_id, profile_id)
        );
        """
    )
    assert filling.unfilled == ()
    assert {len(filling.of(f"public.{name}", "A")) for name in ("users", "profiles", "likes")} == {2}


def test_foreign_key_to_another_unique_key_and_outside_the_schemas(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create schema other;
        create table other.countries (id int primary key, code text not null unique check (code ~ '^[A-Z]{2}$'));
        create table other.never (id int primary key);
        create table cities (id int primary key, country text not null references other.countries (code));
        """
    )
    assert filling.unfilled == ()
    assert set(filling.relations) == {"other.countries", "public.cities"}
    codes = {row.values["code"] for row in filling.of("other.countries", "A")}
    assert {row.values["country"] for row in filling.of("public.cities", "A")} == codes


def test_exactly_one_of_several_parents(filled: Callable[..., Filling]) -> None:
    filling = filled(
        """
        create table a (id int primary key);
        create table b (id int primary key);
        create table c (id int primary key);
        create table notes (
            id int primary key, a_id int references a, b_id int references b, c_id int references c,
            constraint one_parent check (num_nonnulls(a_id, b_id, c_id) = 1)
        );
        """
    )
    assert (len(filling.of("public.notes")), filling.unfilled) == (4, ())
