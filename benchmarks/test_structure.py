"""All checks of the structure together, against reading the catalogue whole and following the migrations' text once."""

import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.conftest import Measure
from schemaproof.catalogue import take_catalogue
from schemaproof.checks import Check, Context, all_checks
from schemaproof.config import Target, load_target
from schemaproof.origins import Origins
from schemaproof.run import run_check
from schemaproof.server import ServerSpec
from schemaproof.session import Session, open_session

# What builds and compares; what attacks or executes says so in its source.
_BUILDING = {"build", "ledger", "stairway", "data_loss", "snapshot"}
_EXECUTING = re.compile(r"\b(arena|campaign|_evidence)\b")
_CANONICAL = load_target(Path(__file__).parent.parent)
_TABLE = """
create table public.t{n} (
    tenant_id uuid not null references public.tenants on delete cascade, id uuid default gen_random_uuid(),
    parent_id uuid, name text, meta jsonb, created_at timestamptz default now(), updated_at timestamptz,
    primary key (tenant_id, id), foreign key (tenant_id, parent_id) references public.t{parent} on delete cascade
);
create index t{n}_parent_idx on public.t{n} (tenant_id, parent_id);
create index t{n}_meta_idx on public.t{n} using gin (meta);
alter table public.t{n} enable row level security;
create policy select_m on public.t{n} for select to authenticated using (tenant_id = (select public.tenant()));
create policy update_m on public.t{n} for update to authenticated using (tenant_id = (select public.tenant()));
create policy delete_m on public.t{n} for delete to authenticated using (tenant_id = (select public.tenant()));
create policy insert_m on public.t{n} for insert to authenticated with check (tenant_id = (select public.tenant()));
create function public.f{n}() returns bigint language plpgsql security definer set search_path = ''
as $$ begin return (select count(*) from public.t{n} where tenant_id = public.tenant()); end $$;
"""
_HEAD = """
create table public.tenants (tenant_id uuid primary key);
create function public.tenant() returns uuid language sql stable set search_path = ''
as $$ select ((select auth.jwt()) ->> 'tenant_id')::uuid $$;
"""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """A schema of 500 tables, 2,000 policies and 500 functions."""
    folder = tmp_path_factory.mktemp("generated")
    text = _HEAD + "".join(_TABLE.format(n=n, parent=n - n % 5) for n in range(500))
    (folder / "migrations").mkdir()
    (folder / "migrations" / "1_schema.sql").write_text(text)
    (folder / "schemaproof.toml").write_text('migrations = "migrations"\n[tenancy]\ncolumn = "tenant_id"\n')
    return load_target(folder)


def test_structure_of_the_canonical_schema(measure: Measure) -> None:
    with _session(_CANONICAL) as session:
        measure(lambda: _check(session), lambda: _floor(session), limit=2.0)


def test_structure_of_500_tables(measure: Measure, generated: Target) -> None:
    with _session(generated) as session:
        measure(lambda: _check(session), lambda: _floor(session), limit=2.0, pairs=3)


@contextmanager
def _session(target: Target) -> Iterator[Session]:
    with open_session(target, ServerSpec(kind="embedded")) as session:
        session.template_name()
        yield session


def _check(session: Session) -> float:
    with Context(session) as context:
        assert context.connection  # the clone is no part of it
        results = [run_check(check, context)[0] for check in all_checks() if _is_structural(check)]
    assert len(results) > 30
    assert {result.status for result in results} <= {"passed", "failed", "not_applicable"}
    return sum(result.seconds for result in results)


def _is_structural(check: Check) -> bool:
    source = inspect.getsource(sys.modules[check.run.__module__])
    return check.name not in _BUILDING and not _EXECUTING.search(source)


def _floor(session: Session) -> None:
    with session.scratch(session.fresh) as database, database.connect() as connection:
        take_catalogue(connection)
        Origins.of(statement for migration in session.target.history for statement in migration.statements)
