"""The snapshot is whole, consistent, the same for every session, and grows with what there is to see."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from schemaproof.catalogue import Catalogue, ObjectKey, compare, take_catalogue
from schemaproof.catalogue.sections import presence, statement
from schemaproof.server import Server
from tests.catalogue.conftest import BASE_SQL

pytestmark = pytest.mark.req("10.1")

SETTINGS = ("search_path", "timezone", "datestyle", "quote_all_identifiers", "jit")


@pytest.fixture
def elsewhere(server: Server) -> Iterator[psycopg.Connection]:
    """A database of its own, empty, with autocommit."""
    with server.connect() as connection:
        connection.execute("create database elsewhere")
    with server.connect("elsewhere") as connection:
        yield connection
    with server.connect() as connection:
        connection.execute("drop database elsewhere with (force)")


def settings(connection: psycopg.Connection) -> list[str]:
    return [connection.execute("select current_setting(%s)", [name]).fetchall()[0][0] for name in SETTINGS]


def test_snapshot_leaves_a_transaction_as_it_was(base: psycopg.Connection) -> None:
    base.execute("set local search_path = app, other; set local timezone = 'Asia/Tokyo'")
    before = settings(base)
    take_catalogue(base)
    assert settings(base) == before
    assert base.info.transaction_status == TransactionStatus.INTRANS


def test_snapshot_leaves_a_session_with_autocommit_as_it_was(server: Server) -> None:
    with server.connect("rolled_back") as connection:
        connection.execute("set search_path = app, other; set jit = on")
        before = settings(connection)
        take_catalogue(connection)
        assert settings(connection) == before
        assert connection.info.transaction_status == TransactionStatus.IDLE
        assert connection.execute("show transaction_isolation").fetchone() == ("read committed",)


def test_snapshot_ends_the_transaction_that_it_began(base: psycopg.Connection) -> None:
    take_catalogue(base)
    assert base.info.transaction_status == TransactionStatus.IDLE


def test_settings_of_the_session_do_not_show_in_the_snapshot(base: psycopg.Connection) -> None:
    plain = take_catalogue(base)
    base.execute("set local search_path = app, other; set local timezone = 'Asia/Tokyo'")
    base.execute("set local quote_all_identifiers = on; set local datestyle = 'SQL, DMY'")
    assert compare(plain, take_catalogue(base)) == ()


def test_temporary_table_named_as_a_catalogue_misleads_nobody(base: psycopg.Connection) -> None:
    plain = take_catalogue(base)
    base.execute("create temporary table pg_class (oid oid); create temporary table pg_policy (oid oid)")
    assert compare(plain, take_catalogue(base)) == ()


def test_rows_of_the_session_come_in_any_form(server: Server) -> None:
    with psycopg.connect(server.conninfo("rolled_back"), row_factory=psycopg.rows.dict_row) as connection:
        assert ObjectKey("table", "app.tenants") in take_catalogue(connection).objects


def test_oids_do_not_show_in_the_snapshot(server: Server, base: psycopg.Connection) -> None:
    """The same objects at other OIDs, in another database, are the same catalogue."""
    with server.connect() as connection:
        connection.execute("create database shifted")
    try:
        with server.connect("shifted") as connection:
            connection.execute("create table public.filler (a serial primary key); drop table public.filler")
            connection.execute(BASE_SQL)
            assert compare(take_catalogue(base), take_catalogue(connection)) == ()
    finally:
        with server.connect() as connection:
            connection.execute("drop database shifted with (force)")


def test_restriction_to_schemas_is_the_subset_of_the_whole(base: psycopg.Connection) -> None:
    restricted = take_catalogue(base, schemas=["app"])
    assert restricted == take_catalogue(base).subset(["app"])
    assert {key.kind for key in restricted.objects}.isdisjoint({"role", "database", "extension", "publication"})
    assert ObjectKey("policy", "app.tenants.select_member") in restricted.objects


def test_json_gives_the_catalogue_back(base: psycopg.Connection) -> None:
    catalogue = take_catalogue(base)
    assert Catalogue.from_json(catalogue.to_json()) == catalogue
    assert json.loads(catalogue.to_json())["column"]["app.tenants.note"]["type"] == "character varying(40)"


def test_members_of_extensions_are_left_out(base: psycopg.Connection) -> None:
    catalogue = take_catalogue(base)
    assert "citext" in catalogue.of_kind("extension")
    assert not [key for key in catalogue.objects if key.name.startswith("other.citext")]


def test_absent_list_of_privileges_is_spelled_out(base: psycopg.Connection) -> None:
    owner = base.info.user
    functions = take_catalogue(base).of_kind("function")
    assert functions["app.tenant()"]["grants"] == [f"EXECUTE to public by {owner}", f"EXECUTE to {owner} by {owner}"]


def test_secrets_of_user_mappings_are_not_read(base: psycopg.Connection) -> None:
    mappings = take_catalogue(base).of_kind("user mapping")
    assert mappings["base_reader on base_server"]["options"] == ["user=u", "password=***"]


def test_security_labels_are_seen(base: psycopg.Connection) -> None:
    plain = take_catalogue(base)
    base.execute("set local allow_system_table_mods = on")
    base.execute(
        "insert into pg_seclabel values ('app.tenants'::regclass, 'pg_class'::regclass, 0, 'labels', 'secret')"
    )
    (difference,) = compare(plain, take_catalogue(base))
    assert (difference.change, difference.key.name) == ("added", "labels on table app.tenants")


def test_role_without_privileges_gets_what_it_may_see(base: psycopg.Connection) -> None:
    base.execute("set local role base_writer")
    catalogue = take_catalogue(base)
    assert "app.tenants" in catalogue.of_kind("table")
    assert catalogue.of_kind("cron job") == {}


def test_names_that_need_quotes_have_them(base: psycopg.Connection) -> None:
    base.execute('create table app."Odd ""one" ("a.b" int, constraint "c d" check ("a.b" > 0))')
    objects = take_catalogue(base).objects
    assert ObjectKey("column", 'app."Odd ""one"."a.b"') in objects
    assert ObjectKey("constraint", 'app."Odd ""one"."c d"') in objects


def test_work_grows_linearly_with_the_tables(elsewhere: psycopg.Connection) -> None:
    """Rows that the plan's nodes handle (kept or filtered away), not time, by table: it is 313 on 17 at any size."""
    rows = {}
    for tables in (50, 100, 300):
        make_tables(elsewhere, tables)
        rows[tables] = rows_handled(elsewhere)
    first, last = (rows[100] - rows[50]) / 50, (rows[300] - rows[100]) / 200
    assert last < 1.1 * first
    assert last < 500  # what looks at all of pg_class once a table has 3,000


def make_tables(connection: psycopg.Connection, count: int) -> None:
    """Bring the database to `count` tables with all that a table has."""
    connection.execute("""
        create table if not exists public.t0 (a integer primary key);
        create or replace function public.touch() returns trigger language plpgsql as 'begin return new; end'
    """)
    made = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchall()[0][0]
    for number in range(made, count):
        connection.execute(f"""
            create table public.t{number} (a integer primary key, b text default 'x', c integer references public.t0);
            create index on public.t{number} (b);
            alter table public.t{number} enable row level security;
            create policy p on public.t{number} using (a > 0);
            create trigger touch before update on public.t{number} execute function public.touch();
            grant select (a), update on public.t{number} to base_reader;
            comment on table public.t{number} is 'a table';
            create view public.v{number} as select a from public.t{number};
        """)
    connection.execute("analyze")


def rows_handled(connection: psycopg.Connection) -> float:
    version = connection.info.server_version
    with psycopg.RawCursor(connection) as cursor:
        present = cursor.execute(presence(version)).fetchall()[0]
        explain = "explain (analyze, format json, timing off) " + statement(version, present)
        ((plans,),) = cursor.execute(explain, [None]).fetchall()
    return sum(map(rows_of_node, nodes(plans[0]["Plan"])))


def nodes(plan: dict[str, object]) -> Iterator[dict[str, object]]:
    yield plan
    children = plan.get("Plans", [])
    assert isinstance(children, list)
    for child in children:
        yield from nodes(child)


def rows_of_node(node: dict[str, object]) -> float:
    kept = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")
    return sum(float(str(node.get(name, 0))) for name in kept) * float(str(node["Actual Loops"]))
