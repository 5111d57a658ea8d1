"""A finding points at the statement that made its object, whatever happened to the object since."""

from dataclasses import dataclass
from pathlib import Path

import pglast
import pytest

from schemaproof.catalogue import ObjectKey
from schemaproof.origins import Origins, Touches

FILE = Path("migrations/1_first.sql")


@dataclass(frozen=True)
class Statement:
    sql: str
    path: Path
    line: int


def statements(text: str, path: Path = FILE) -> list[Statement]:
    slices = pglast.split(text, only_slices=True)
    return [Statement(text[each], path, text.count("\n", 0, each.start) + 1) for each in slices]


def line_of(text: str, kind: str, name: str, *, property_name: str | None = None) -> int | None:
    found = Origins.of(statements(text)).find(ObjectKey(kind, name), property_name=property_name)
    return found.line if found else None


TABLE = """create table app.tenants (
    tenant_id uuid primary key,
    name text
        constraint name_is_short check (length(name) < 9),
    owner_id bigint generated always as identity,
    unique (tenant_id, name),
    constraint tenants_owner_fkey foreign key (owner_id) references app.owners
);
create index tenants_name_idx on app.tenants (name);
alter table app.tenants enable row level security;
create policy select_member on app.tenants for select using (true);
create trigger touch before update on app.tenants for each row execute function app.touch();
create function app.f(a int, b app.pair[], variadic c timestamptz[], out d text) language sql as 'select 1';
create view app.names as select 1;
create type app.status as enum ('a');
create domain app.phone as text constraint phone_is_e164 check (value <> '');
create schema app;
create rule quiet as on delete to app.tenants do instead nothing;
create extension citext;
create publication changes for table app.tenants;
alter default privileges in schema app grant select on tables to anon;
"""


@pytest.mark.parametrize(
    ("kind", "name", "line"),
    [
        ("table", "app.tenants", 1),
        ("column", "app.tenants.tenant_id", 2),
        ("column", "app.tenants.name", 3),
        ("constraint", "app.tenants.tenants_pkey", 2),
        ("index", "app.tenants_pkey", 2),
        ("constraint", "app.tenants.name_is_short", 4),
        ("sequence", "app.tenants_owner_id_seq", 5),
        ("constraint", "app.tenants.tenants_tenant_id_name_key", 6),
        ("index", "app.tenants_tenant_id_name_key", 6),
        ("constraint", "app.tenants.tenants_owner_fkey", 7),
        ("index", "app.tenants_name_idx", 9),
        ("policy", "app.tenants.select_member", 11),
        ("trigger", "app.tenants.touch", 12),
        ("function", "app.f(integer,app.pair[],timestamp with time zone[])", 13),
        ("view", "app.names", 14),
        ("column", "app.names.a", 14),
        ("type", "app.status", 15),
        ("domain", "app.phone", 16),
        ("constraint", "app.phone.phone_is_e164", 16),
        ("schema", "app", 17),
        ("rule", "app.tenants.quiet", 18),
        ("extension", "citext", 19),
        ("publication", "changes", 20),
        ("default privileges", "app: tables of postgres", 21),
    ],
)
def test_object_comes_from_the_line_that_made_it(kind: str, name: str, line: int) -> None:
    assert line_of(TABLE, kind, name) == line


def test_part_without_an_origin_has_its_tables() -> None:
    assert line_of(TABLE, "policy", "app.tenants.delete_member") == 1
    assert line_of(TABLE, "column", "app.others.name") is None


def test_name_without_a_schema_is_of_public() -> None:
    assert line_of("create table t (a int)", "table", "public.t") == 1


def test_quoted_names_are_found() -> None:
    text = 'create table "Odd"."a.b" ("C ""d" int);'
    assert line_of(text, "column", '"Odd"."a.b"."C ""d"') == 1


def test_redefinition_is_the_origin() -> None:
    text = """create function f() returns int language sql as 'select 1';
create policy p on t using (true);
create or replace function f() returns int language sql as 'select 2';
alter policy p on t using (false);
alter function f stable;"""
    assert line_of(text, "function", "public.f()") == 5
    assert line_of(text, "policy", "public.t.p") == 4


@pytest.mark.parametrize(
    ("name", "line"), [("row_security", 2), ("force_row_security", 3), ("comment", 4), ("grants", 5), ("owner", 1)]
)
def test_property_comes_from_where_it_was_set(name: str, line: int) -> None:
    text = """create table t (a int);
alter table t enable row level security;
alter table t force row level security;
comment on table t is 'x';
revoke all on t from anon;"""
    assert line_of(text, "table", "public.t", property_name=name) == line


@pytest.mark.parametrize(
    "drop",
    [
        "drop table app.tenants",
        "drop policy select_member on app.tenants; drop table if exists app.other, app.tenants cascade",
        "drop schema app cascade",
    ],
)
def test_dropped_table_is_forgotten_with_its_parts(drop: str) -> None:
    assert line_of(f"{TABLE}{drop};", "table", "app.tenants") is None
    assert line_of(f"{TABLE}{drop};", "policy", "app.tenants.select_member") is None


@pytest.mark.parametrize(
    ("drop", "kind", "name"),
    [
        ("drop function app.f", "function", "app.f(integer,app.pair[],timestamp with time zone[])"),
        ("drop view app.names", "view", "app.names"),
        ("drop type app.status", "type", "app.status"),
        ("drop domain app.phone", "constraint", "app.phone.phone_is_e164"),
        ("drop index app.tenants_name_idx", "index", "app.tenants_name_idx"),
        ("drop extension citext", "extension", "citext"),
    ],
)
def test_dropped_object_is_forgotten(drop: str, kind: str, name: str) -> None:
    assert line_of(TABLE, kind, name) is not None
    assert line_of(f"{TABLE}{drop};", kind, name) is None


def test_dropped_part_has_its_tables_origin_again() -> None:
    assert line_of(f"{TABLE}alter table app.tenants drop column name;", "column", "app.tenants.name") == 1
    assert line_of(f"{TABLE}drop trigger touch on app.tenants;", "trigger", "app.tenants.touch") == 1


@pytest.mark.parametrize(
    ("rename", "kind", "name", "line"),
    [
        ("alter table app.tenants rename to clients", "policy", "app.clients.select_member", 11),
        ("alter table app.tenants set schema public", "column", "public.tenants.name", 3),
        ("alter schema app rename to api", "constraint", "api.phone.phone_is_e164", 16),
        ("alter table app.tenants rename column name to title", "column", "app.tenants.title", 3),
        ("alter policy select_member on app.tenants rename to p", "policy", "app.tenants.p", 11),
        ("alter function app.f rename to g", "function", "app.g(integer,app.pair[],timestamp with time zone[])", 13),
        ("alter type app.status rename to state", "type", "app.state", 15),
    ],
)
def test_renamed_object_keeps_its_origin(rename: str, kind: str, name: str, line: int) -> None:
    assert line_of(f"{TABLE}{rename};", kind, name) == line


def test_overloaded_functions_are_told_apart() -> None:
    text = """create function f(a int) returns int language sql as 'select 1';
create function f(a text) returns int language sql as 'select 1';"""
    assert line_of(text, "function", "public.f(integer)") == 1
    assert line_of(text, "function", "public.f(text)") == 2


def test_statement_that_the_parser_rejects_is_passed_over() -> None:
    history = [Statement("create tabel x", FILE, 1), Statement("create table t (a int)", FILE, 2)]
    found = Origins.of(history).find(ObjectKey("table", "public.t"))
    assert found is not None
    assert (found.path, found.line) == (FILE, 2)


def test_characters_of_several_bytes_do_not_move_the_line() -> None:
    assert line_of("create table t (\n    é int, -- …\n    ü int\n);", "column", "public.t.ü") == 3


GRANTS = """create table a (x int);
create table b (x int, y int);
grant select on a to anon, member;
grant all on b to member;
grant update (y) on b to anon;
grant insert on all tables in schema public to anon;
revoke insert on b from anon;
create function f() returns int language sql as 'select 1';
grant execute on all functions in schema public to public;"""


@pytest.mark.parametrize(
    ("kind", "name", "role", "privilege", "line"),
    [
        ("table", "public.a", "anon", "select", 3),
        ("table", "public.a", "member", None, 3),
        ("table", "public.b", "member", "TRUNCATE", 4),
        ("column", "public.b.y", "anon", "UPDATE", 5),
        ("table", "public.a", "anon", "INSERT", 6),
        ("table", "public.b", "anon", "SELECT", None),
        ("function", "public.f()", "public", "EXECUTE", 9),
        ("table", "public.c", "anon", None, None),
    ],
)
def test_grant_is_found_by_object_role_and_privilege(
    kind: str, name: str, role: str, privilege: str | None, line: int | None
) -> None:
    found = Origins.of(statements(GRANTS)).grant(ObjectKey(kind, name), role, privilege=privilege)
    assert (found.line if found else None) == line


def test_grant_on_all_tables_is_none_on_a_sequence() -> None:
    text = """create table t (id int);
create sequence s;
grant all on all tables in schema public to anon;
grant usage on all sequences in schema public to service;"""
    origins = Origins.of(statements(text))
    sequence, table = ObjectKey("sequence", "public.s"), ObjectKey("table", "public.t")
    assert origins.grant(sequence, "anon") is None
    assert origins.grant(table, "service") is None
    found = [origins.grant(table, "anon"), origins.grant(sequence, "service")]
    assert [each and each.line for each in found] == [3, 4]


CHANGE = """alter table app.rooms add column size int;
drop policy members_read on app.rooms;
alter table app.rooms set (fillfactor = 90);
create index on app.rooms (size);
create or replace function app.tenant() returns uuid language sql as 'select null';
grant select on all tables in schema other to anon;
alter view app.names rename to named;
drop function app.gone(int);
alter table app.rooms alter size set default 1, drop column old;
create function app.tenant_of(int) returns uuid language sql as 'select null';
"""


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("app.rooms", 2),  # what takes a guard away comes before what merely came last
        ("app.rooms.members_read", 2),
        ("app.rooms.size", 9),
        ("app.rooms.old", 9),
        ("app.rooms.another", 2),  # a part of its own that the change does not name has its table's
        ("app.tenant()", 5),
        ("other.members", 6),
        ("app.names", 7),
        ("app.named", 7),
        ("app.gone(integer)", 8),
        ("app.members", None),
        ("other", 6),
    ],
)
def test_change_is_told_by_its_last_statement_about_the_object(name: str, line: int | None) -> None:
    found = Touches.of(statements(CHANGE)).find(name)
    assert (found.line if found else None) == line


@pytest.mark.parametrize(
    ("expression", "line"), [("(tenant_id = app.tenant())", 5), ("app.tenant_of(1) = 1", 10), ("myapp.x()", None)]
)
def test_change_is_told_by_the_function_that_a_policy_calls(expression: str, line: int | None) -> None:
    found = Touches.of(statements(CHANGE)).called(expression)
    assert (found.line if found else None) == line
