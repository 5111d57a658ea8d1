"""`schema.ts` says what the migrations made: as text, and as the tables that drizzle-kit would make of it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schema.drizzle.generate import PACKAGE, generate, pull
from schemaproof.catalogue import Catalogue, ObjectKey, compare, render, take_catalogue
from schemaproof.database import Database
from schemaproof.session import Session
from suites.typescript_access.node import run, url_of

pytestmark = pytest.mark.req("1.4")

_KINDS = {"column", "constraint", "index", "policy"}
# Comments are compared as text; who may do what, and who owns it, Drizzle does not say.
_ELSEWHERE = {"comment", "grants", "owner"}

# What drizzle-kit gets wrong of each, and Drizzle can or cannot say.
_ODD = """
    create table public.notes (
        note_id uuid constraint notes_pkey primary key,
        word text not null default 'it''s' constraint word_has_a_digit check (word ~ '^\\d`$'),
        seal private.ciphertext,
        tags text[] not null default '{a,b}',
        number integer generated always as identity,
        constraint notes_word_key unique nulls not distinct (word, seal),
        constraint notes_only exclude using btree (word with =)
    );
    create index notes_included_idx on public.notes (word desc) include (seal, tags);
    create index notes_expressed_idx on public.notes (lower(word), word nulls first);
    create unique index notes_same_key on public.notes (seal) nulls not distinct;
    alter table public.notes enable row level security;
    create policy one on public.notes for select to anon, authenticated using (word = 'one');
    create policy two on public.notes as restrictive for all to authenticated using (word = 'two') with check (false);
    create view public.noted with (security_invoker = true) as
        select note_id, tags, seal, lower(word) as low from public.notes
"""


def _shape(database: Database) -> Catalogue:
    """Return the columns, constraints, indexes and policies of the tables of `public`."""
    with database.connect() as connection:
        found = take_catalogue(connection, schemas=("public",)).objects
        views = {f"public.{row[0]}" for row in connection.execute("select viewname from pg_views").fetchall()}
    return Catalogue(
        {
            key: {name: _sayable(value) for name, value in properties.items() if name not in _ELSEWHERE}
            for key, properties in found.items()
            if key.kind in _KINDS and key.name.rpartition(".")[0] not in {*views, "public.e164"}
        }
    )


def _sayable(value: Any) -> Any:
    """Leave out the columns of SET NULL, which Drizzle has no word for; they are a comment in `schema.ts`."""
    return re.sub(r"(SET NULL) \([^)]*\)", r"\1", value) if isinstance(value, str) else value


def _make(database: Database, ddl: str) -> None:
    """Make the tables anew of drizzle-kit's DDL, which quotes a domain's schema and name as one."""
    with database.connect(role="postgres") as connection:
        for (table,) in connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall():
            connection.execute(f"drop table public.{table} cascade".encode())
        connection.execute(re.sub(r'"(private|public)\.(\w+)"', r"\1.\2", ddl).encode())


def _export(folder: Path = PACKAGE) -> str:
    return run(
        "drizzle-kit", "export", f"--config={folder / 'drizzle.config.ts'}", cwd=folder, DATABASE_URL="postgresql://x"
    )


@pytest.fixture(scope="module")
def pulled(schemaproof_session: Session) -> str:
    """What drizzle-kit writes of what the migrations made."""
    with schemaproof_session.scratch(schemaproof_session.fresh) as database:
        return pull(url_of(database))


@pytest.fixture(scope="module")
def declared(schemaproof_session: Session) -> Iterator[Catalogue]:
    """What `schema.ts` would make."""
    with schemaproof_session.scratch(schemaproof_session.fresh) as database:
        _make(database, _export())
        yield _shape(database)


def test_committed_modules_are_what_is_generated(pulled: str, fresh_db: Database) -> None:
    with fresh_db.connect() as connection:
        generated = generate(connection, pulled)
    for path, source in generated.items():
        assert (PACKAGE / path).read_text(encoding="utf-8") == source, "run python -m suites.typescript_access.renew"


def test_tables_that_drizzle_would_make_are_those_of_the_migrations(declared: Catalogue, fresh_db: Database) -> None:
    migrated = _shape(fresh_db)
    assert {key.kind for key in migrated.objects} == _KINDS
    differences = compare(migrated, declared)
    assert not differences, render(differences)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("alter table public.tenants add extra integer", ("column", "public.tenants.extra")),
        ("alter table public.tenants alter name drop not null", ("column", "public.tenants.name")),
        ("alter table public.tenants alter name set default 'x'", ("column", "public.tenants.name")),
        (
            "alter table public.tenants drop constraint tenant_id_is_not_nil",
            ("constraint", "public.tenants.tenant_id_is_not_nil"),
        ),
        (
            "alter policy select_member on public.tenants using (true)",
            ("policy", "public.tenants.select_member"),
        ),
        (
            "drop index public.slack_user_mappings_created_at_idx; create index slack_user_mappings_created_at_idx"
            " on public.slack_user_mappings (created_at, tenant_id) where deleted_at is null",
            ("index", "public.slack_user_mappings_created_at_idx"),
        ),
    ],
)
def test_change_that_schema_ts_lacks_is_a_difference(
    declared: Catalogue, fresh_db: Database, change: str, place: tuple[str, str]
) -> None:
    with fresh_db.connect() as connection:
        connection.execute(change.encode())
    assert ObjectKey(*place) in {difference.key for difference in compare(_shape(fresh_db), declared)}


def test_what_drizzle_kit_gets_wrong_is_mended(
    fresh_db: Database, tmp_path: Path, schemaproof_session: Session
) -> None:
    with fresh_db.connect() as connection:
        connection.execute(_ODD.encode())
        source = generate(connection, pull(url_of(fresh_db)))[Path("schema.ts")]
    for said in (
        "// notes_only: EXCLUDE USING btree (word WITH =)",
        "// Includes seal, tags.",
        "// NULLs are not distinct.",
        "low: text(),",
    ):
        assert said in source
    for name in ("src", "node_modules"):
        (tmp_path / name).symlink_to(PACKAGE / name)
    for name in ("tsconfig.json", "drizzle.config.ts", "package.json"):
        (tmp_path / name).write_bytes((PACKAGE / name).read_bytes())
    (tmp_path / "schema.ts").write_text(source, encoding="utf-8")
    run("tsc", "--strict", "--noEmit", "-p", str(tmp_path), cwd=tmp_path)
    with schemaproof_session.scratch(schemaproof_session.fresh) as database:
        _make(database, _export(tmp_path))
        differing = {difference.key.name for difference in compare(_shape(fresh_db), _shape(database))}
    unsayable = {"notes.notes_only", "notes_only", "notes_included_idx", "notes_same_key"}
    assert differing == {f"public.{name}" for name in unsayable}


@pytest.mark.parametrize(
    "change",
    [
        "comment on column public.tenants.name is 'Another.'",
        "grant select (bot_token_ciphertext) on public.slack_connections to authenticated",
        "create function public.f(one uuid, two text default 'x') returns uuid language sql as 'select one'",
    ],
)
def test_change_that_the_pull_does_not_show_gives_other_modules(pulled: str, fresh_db: Database, change: str) -> None:
    with fresh_db.connect() as connection:
        before = generate(connection, pulled)
        connection.execute(change.encode())
        assert generate(connection, pulled) != before


def test_table_that_the_pull_does_not_show_is_told(pulled: str, fresh_db: Database) -> None:
    with fresh_db.connect() as connection:
        connection.execute("create table public.unseen (one integer)")
        with pytest.raises(ValueError, match="unseen"):
            generate(connection, pulled)


def test_type_that_the_generator_does_not_know_is_refused(fresh_db: Database) -> None:
    with fresh_db.connect() as connection:
        connection.execute("create domain public.odd as text; alter table public.tenants add odd public.odd")
        with pytest.raises(NotImplementedError):
            generate(connection, pull(url_of(fresh_db)))


def test_pull_that_fails_is_told_without_the_password() -> None:
    with pytest.raises(RuntimeError) as failure:
        pull("postgresql://someone:secret@localhost:1/nowhere")
    assert "secret" not in str(failure.value)
