"""What is asserted of a plan holds, or fails with what speaks against it and the plan itself."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from schemaproof.database import Database, unique_name
from schemaproof.identity import Identity, member
from schemaproof.plan import PINNED, Plans
from schemaproof.server import Server

_SCHEMA = """
    create table public.notes (tenant_id int not null, note_id int not null, at int not null, body text, tags jsonb);
    insert into public.notes select n % 50, n, n, repeat('x', 50), jsonb_build_object('n', n)
    from generate_series(1, 20000) as n;
    create index notes_at_idx on public.notes (tenant_id, at);
    create unique index notes_note_id_key on public.notes (note_id);
    create table public.parts (note_id int references public.notes (note_id) on delete cascade);
    insert into public.parts select n from generate_series(1, 20000) as n;
    create function public.notes_of(tenant int) returns setof public.notes language plpgsql stable as
    $$ begin return query select n.* from public.notes as n where n.tenant_id = tenant and n.at < 100; end $$;
"""


@pytest.fixture(scope="module")
def database(supabase_server: Server) -> Iterator[Database]:
    found = Database.create(supabase_server, unique_name("plans"))
    with found.connect() as connection:
        connection.execute(_SCHEMA)
        connection.execute("analyze public.notes, public.parts")
        connection.execute(
            """
            grant usage on schema public to authenticated;
            grant select on public.notes to authenticated;
            create policy once on public.notes to authenticated
                using (tenant_id = (select (current_setting('request.jwt.claims')::json ->> 'tenant_id')::int));
            alter table public.notes enable row level security;
            """
        )
    yield found
    found.drop()


@pytest.fixture
def db(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with database.connect(autocommit=False) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def plans(db: psycopg.Connection[Any]) -> Plans:
    return Plans(db, ("public",))


_BY_TENANT = "select * from public.notes where tenant_id = :tenant and at > :at order by at"
_GIVEN = {"tenant": 7, "at": 19000}


def test_index_is_used_and_its_columns_are_looked_up(plans: Plans) -> None:
    asked = plans.ask(_BY_TENANT, _GIVEN).uses("notes_at_idx", "tenant_id", "at").no_sort().no_seq_scan_above(0)
    assert asked.plan.rows == 20
    assert asked.plan.indexes == ("notes_at_idx",)


def test_column_that_is_filtered_afterwards_is_not_looked_up(plans: Plans) -> None:
    asked = plans.ask("select * from public.notes where tenant_id = 7 and body = 'y'")
    with pytest.raises(AssertionError, match="does not look up body in it"):
        asked.uses("notes_at_idx", "tenant_id", "body")
    with pytest.raises(AssertionError, match="400 rows for 0"):
        asked.discarded_per_row_at_most(10)


def test_index_that_is_read_whole_is_not_looked_up(plans: Plans, db: psycopg.Connection[Any]) -> None:
    db.execute("set local enable_seqscan = off; set local enable_bitmapscan = off")
    asked = plans.ask("select tenant_id from public.notes where at = 7")
    asked.uses("notes_at_idx")
    with pytest.raises(AssertionError, match="reads all of it: does not look up tenant_id, with which it begins"):
        asked.uses("notes_at_idx", "at")


def test_failure_names_what_is_used_instead_and_shows_the_tree(plans: Plans) -> None:
    with pytest.raises(AssertionError) as failure:
        plans.ask(_BY_TENANT, _GIVEN).uses("notes_body_idx")
    first, *tree = str(failure.value).splitlines()
    assert first == "does not use notes_body_idx, but notes_at_idx"
    assert "Index Scan using notes_at_idx on public.notes" in tree[0]
    assert "20 actual" in tree[0]


def test_sequential_scan_is_told_with_its_rows(plans: Plans) -> None:
    asked = plans.ask("select count(*) from public.notes where body = 'y'").no_seq_scan_above(20000)
    with pytest.raises(AssertionError, match=r"20000 rows of public\.notes"):
        asked.no_seq_scan_above(19999)


def test_sort_and_spill_are_told(plans: Plans) -> None:
    small = plans.ask("select * from public.notes where note_id < 100 order by body")
    small.no_spill()
    with pytest.raises(AssertionError, match="sorts: Sort"):
        small.no_sort()
    large = plans.ask("select a.* from public.notes as a, generate_series(1, 5) order by a.body, a.tags")
    with pytest.raises(AssertionError, match="spills: Sort"):
        large.no_spill()


def test_spills_of_a_materialised_cte_and_an_incremental_sort_are_told(plans: Plans) -> None:
    held = "with held as materialized (select * from public.notes, generate_series(1, {})) select count(*) from held"
    plans.ask(held.format(1)).no_spill()
    with pytest.raises(AssertionError, match="spills: CTE Scan on held"):
        plans.ask(held.format(5)).no_spill()
    presorted = """
        select * from (
            select tenant_id / 25 as half, n.* from public.notes as n, generate_series(1, 10) order by 1
        ) as a
        order by half, body, note_id desc
    """
    with pytest.raises(AssertionError, match="spills: Incremental Sort"):
        plans.ask(presorted).no_spill()


def test_buffers_are_counted_and_the_same_each_time(plans: Plans) -> None:
    first, second = plans.ask(_BY_TENANT, _GIVEN), plans.ask(_BY_TENANT, _GIVEN)
    assert first.buffers == second.buffers > 0
    first.buffers_at_most(first.buffers)
    with pytest.raises(AssertionError, match="at most 1 are allowed"):
        first.buffers_at_most(1)


def test_estimates_skip_what_a_limit_cuts_short(plans: Plans) -> None:
    query = "select * from public.notes where at % 2 = 0"
    with pytest.raises(AssertionError, match="expects 100 rows where 10000 come"):
        plans.ask(query).estimate_within(10)
    plans.ask(f"{query} limit 5").estimate_within(10)


def test_index_is_needed_by_the_factor_that_it_saves(plans: Plans) -> None:
    asked = plans.ask(_BY_TENANT, _GIVEN).needs("public.notes_at_idx", 5)
    with pytest.raises(AssertionError, match=r"times as much without public\.notes_at_idx, not 100000"):
        asked.needs("public.notes_at_idx", 100_000)
    plans.ask(_BY_TENANT, _GIVEN).uses("notes_at_idx")  # it is back


def test_upsert_is_impossible_without_the_index_that_decides_its_conflicts(plans: Plans) -> None:
    query = "insert into public.notes values (1, 1, 1) on conflict (note_id) do update set at = 2"
    plans.ask(query).uses("notes_note_id_key").needs("public.notes_note_id_key", 1e9)


def test_statement_within_a_function_is_planned_too(plans: Plans) -> None:
    asked = plans.ask("select * from public.notes_of(:tenant)", {"tenant": 7})
    asked.uses("notes_at_idx", "tenant_id", "at").needs("public.notes_at_idx", 2)
    (inner,) = asked.probe.nested
    assert inner.calls == 1
    assert inner.plan.rows == asked.plan.rows == 2


def test_call_counts_what_runs_within_and_not_the_catalogue(plans: Plans) -> None:
    asked = plans.ask("select * from public.notes_of(:tenant)", {"tenant": 7})
    (inner,) = asked.probe.nested
    assert asked.buffers == inner.buffers
    assert 0 < inner.buffers <= asked.plan.buffers


def test_what_a_foreign_key_does_is_planned_and_counted_too(plans: Plans) -> None:
    asked = plans.ask("delete from public.notes where note_id = 5")
    (inner,) = asked.probe.nested
    assert inner.text.startswith('DELETE FROM ONLY "public"."parts"')
    assert asked.buffers > asked.plan.buffers
    assert asked.probe.wal > 0
    with pytest.raises(AssertionError, match=r"20000 rows of public\.parts"):
        asked.no_seq_scan_above(100)


def test_what_is_asked_is_undone(plans: Plans, db: psycopg.Connection[Any]) -> None:
    plans.ask("delete from public.notes where note_id = 5")
    assert db.execute("select count(*) from public.notes where note_id = 5").fetchone() == (1,)


def test_generic_plan_is_for_all_values(plans: Plans) -> None:
    asked = plans.ask(_BY_TENANT, _GIVEN, generic=True).uses("notes_at_idx")
    (node,) = [node for node in asked.plan.nodes if node.index]
    assert "$1" in node.index_condition


def test_shape_is_of_no_value_and_no_cost(plans: Plans) -> None:
    one, other = plans.ask(_BY_TENANT, _GIVEN).plan, plans.ask(_BY_TENANT, {"tenant": 8, "at": 18000}).plan
    assert one.fingerprint == other.fingerprint
    assert one.shape == other.shape
    assert plans.ask("select * from public.notes where body = 'y'").plan.fingerprint != one.fingerprint


def test_claims_in_an_init_plan_are_read_once(plans: Plans) -> None:
    asked = plans.ask("select count(*) from public.notes", identity=member(7))
    assert asked.probe.claim_reads == 1
    asked.claims_read_at_most(1).uses("notes_at_idx", "tenant_id")


def test_claims_that_are_read_for_each_row_are_told(plans: Plans, db: psycopg.Connection[Any]) -> None:
    db.execute("drop policy once on public.notes")
    db.execute(
        "create policy each on public.notes to authenticated "
        "using (tenant_id::text = current_setting('request.jwt.claims')::json ->> 'tenant_id')"
    )
    asked = plans.ask("select count(*) from public.notes", identity=member(7))
    with pytest.raises(AssertionError, match="claims 20000 times, at most 2"):
        asked.claims_read_at_most(2)


def test_settings_are_pinned_and_told(plans: Plans, db: psycopg.Connection[Any]) -> None:
    asked = plans.ask("select 1")
    assert asked.plan.facts["Settings"]["jit"] == "off"
    found = {name: db.execute("select current_setting(%s)", [name]).fetchone() for name in PINNED}
    assert found == {name: (value,) for name, value in PINNED.items()}


def test_role_that_may_not_is_refused_and_the_connection_stays_usable(plans: Plans) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        plans.ask("delete from public.notes", identity=Identity("reader", "authenticated", "{}"))
    with pytest.raises(psycopg.errors.UndefinedColumn):
        plans.ask("select nothing from public.notes")
    plans.ask("select 1")
