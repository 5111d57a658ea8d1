"""The attacks: against the same statements sent bare, and against themselves on a schema of a quarter of the size."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from benchmarks.conftest import Measure
from schemaproof.attack import Arena, Attacker, Campaign, open_arena
from schemaproof.checks import select_checks
from schemaproof.config import load_target
from schemaproof.identity import acting_as
from schemaproof.run import run_checks
from schemaproof.server import ServerSpec
from schemaproof.session import open_session

ROOT = Path(__file__).parent.parent
_MINUTES = 240.0

_HEAD = """
create table public.orgs (id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
    org_id uuid not null references public.orgs on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    role text not null default 'member' check (role in ('owner', 'member')),
    primary key (org_id, user_id)
);
create function public.my_orgs() returns setof uuid language sql stable security definer set search_path = ''
as $$ select org_id from public.members where user_id = auth.uid() $$;
alter table public.orgs enable row level security;
alter table public.members enable row level security;
create policy read on public.orgs for select to authenticated using (id in (select public.my_orgs()));
create policy read on public.members for select to authenticated using (org_id in (select public.my_orgs()));
"""
_TABLE = """
create table public.t{n} (
    id uuid primary key default gen_random_uuid(), org_id uuid not null references public.orgs on delete cascade,
    parent uuid, title text not null, unique (org_id, id),
    foreign key (org_id, parent) references public.t{parent} (org_id, id) on delete cascade,
    amount numeric(10, 2) check (amount >= 0), status text not null default 'new' check (status in ('new', 'done')),
    created_at timestamptz not null default now()
);
alter table public.t{n} enable row level security;
create policy select_m on public.t{n} for select to authenticated using (org_id in (select public.my_orgs()));
create policy insert_m on public.t{n} for insert to authenticated with check (org_id in (select public.my_orgs()));
create policy update_m on public.t{n} for update to authenticated using (org_id in (select public.my_orgs()));
create policy delete_m on public.t{n} for delete to authenticated using (org_id in (select public.my_orgs()));
"""


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    with (
        open_session(load_target(ROOT), ServerSpec(kind="embedded")) as session,
        open_arena(session, ("public", "private")) as found,
    ):
        yield found


def test_probes_within_twice_the_same_statements_with_savepoints(measure: Measure, arena: Arena) -> None:
    """Judging included; at least 1,500 a second on one connection is what a user waits for."""
    campaign = Campaign.run(arena)
    statements: dict[Attacker, list[str]] = {}
    for cell in campaign.cells:
        statements.setdefault(cell.attacker, []).extend(outcome.form.statement for outcome in cell.outcomes)
    count = sum(map(len, statements.values()))

    def bare() -> None:
        for attacker, texts in statements.items():
            with arena.trial(), acting_as(arena.connection, attacker.identity):
                for text in texts:
                    _send(arena.connection, text)

    def probes() -> float:
        before, started = arena.wire.sent, time.perf_counter()
        Campaign.run(arena)
        return (time.perf_counter() - started) * count / (arena.wire.sent - before)

    measure(probes, bare, limit=2.0, pairs=3)
    assert count > 1_000


def test_five_hundred_tenant_tables_within_four_minutes(measure: Measure, tmp_path: Path) -> None:
    with _schema(tmp_path, 500) as path:
        measure(lambda: _seconds(path), lambda: _MINUTES, pairs=1)


def test_time_is_linear_in_tables(measure: Measure, tmp_path: Path) -> None:
    with _schema(tmp_path, 200) as large, _schema(tmp_path, 50) as small:
        measure(lambda: _seconds(large), lambda: 4 * _seconds(small), limit=1.3, pairs=2)


def _send(connection: psycopg.Connection, text: str) -> None:
    """A savepoint, the statement, and back: three round trips, and nobody looks at what it reached."""
    connection.execute("savepoint bare")
    try:
        if not text.startswith("copy "):
            connection.execute(text.encode())
    except psycopg.Error:
        pass
    connection.execute("rollback to savepoint bare")


@contextmanager
def _schema(folder: Path, tables: int) -> Iterator[Path]:
    path = folder / f"{tables}.sql"
    path.write_text(_HEAD + "".join(_TABLE.format(n=n, parent=n - n % 5) for n in range(tables)))
    yield path


def _seconds(path: Path) -> float:
    """All checks, without the start of a server."""
    target = load_target(path.parent, migrations=path)
    with open_session(target, ServerSpec(kind="embedded")) as session:
        session.template_name()
        started = time.perf_counter()
        results = run_checks(session, select_checks(()), lambda _: None)
        assert not any(found.level == "error" for found in results.findings)
        return time.perf_counter() - started
