from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from schemaproof.config import load_target
from schemaproof.database import Database
from schemaproof.server import Server
from schemaproof.session import Session
from tests.sessions import session_on

MIGRATION = """
create table public.countries (code text primary key, name text not null, remark text);
alter table public.countries enable row level security;
create policy select_everybody on public.countries for select to anon using (true);
revoke all on public.countries from anon, authenticated;
grant select (code, name) on public.countries to anon;

create table public.notes (note_id int primary key, body text, "Odd, name" text);
alter table public.notes enable row level security;
revoke all on public.notes from anon;

create table public.wishes (wish text primary key);
alter table public.wishes enable row level security;
revoke all on public.wishes from anon;
grant insert on public.wishes to anon;

create view public.note_bodies with (security_invoker = true) as select body from public.notes;  -- nobody's
create view public.country_names with (security_invoker = true) as select code, name from public.countries;

create function public.greeting(name text) returns text language sql stable as $$ select 'hello ' || name $$;
create function public.unnamed(int, int) returns int language sql as $$ select $1 + $2 $$;
create function public.wipe() returns void language sql as $$ delete from public.notes $$;
revoke execute on function public.wipe() from public, anon;
create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with relations and functions that visitors see, and others that they do not."""
    path = tmp_path_factory.mktemp("project")
    (path / "migrations").mkdir()
    (path / "migrations" / "20250101000000_all.sql").write_text(MIGRATION)
    (path / "schemaproof.toml").write_text('platform = "supabase"\nmigrations = "migrations"\n')
    return path


@pytest.fixture(scope="module")
def session(supabase_server: Server, folder: Path) -> Iterator[Session]:
    opened = session_on(supabase_server, load_target(folder))
    yield opened
    opened.drop_all()


@pytest.fixture
def deployed(session: Session) -> Iterator[Callable[[str], Database]]:
    """A database that the migrations made, and in which somebody did something by hand."""
    with ExitStack() as stack:

        def of(by_hand: str = "") -> Database:
            database = stack.enter_context(session.scratch(session.fresh))
            with database.connect() as connection:
                connection.execute(by_hand)
            return database

        yield of
