"""Findings' remedies and statements run as they stand, whatever the names in them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pglast import parse_sql

from schemaproof.checks._paste import named
from schemaproof.results import Results
from schemaproof.server import Server

NAMES = [
    "plain",
    "a_1$",
    "Upper",
    "with space",
    "select",
    "left",
    "between",
    "1st",
    "a.b",
    "it's",
    'a"b',
    "größe",
    "name",
]

# Every name needs its quotes; the table is granted, open and owned in the ways that give remedies which name a role.
AWKWARD = """
    create role "Lab App" nologin;
    create role "Lab Owner" nologin;
    create schema "Lab";
    grant usage on schema "Lab" to "Lab App", "Lab Owner";
    create table "Lab"."Samples" ("Tenant" uuid not null, "Id" int primary key, "Updated At" timestamptz, "Body" text);
    create table "Lab"."Notes" ("Tenant" uuid not null, "Id" int primary key, "Body" text, updated_at timestamptz);
    create function "Lab"."Touch"() returns trigger language plpgsql
    as $$ begin new.updated_at = now(); return new; end $$;
    create trigger "Touch" before update on "Lab"."Notes" for each row execute function "Lab"."Touch"();
    alter table "Lab"."Samples" enable row level security;
    create policy "See" on "Lab"."Samples" for select to "Lab App"
    using ("Tenant" = nullif(current_setting('lab.tenant', true), '')::uuid or "Id" > 0);
    create policy "Write" on "Lab"."Notes" to "Lab App" using ("Tenant" = current_setting('lab.tenant', true)::uuid);
    grant select, update on "Lab"."Samples" to "Lab App";
    grant all on "Lab"."Notes" to "Lab App";
    create view "Lab"."All" as select * from "Lab"."Samples";
    grant select on "Lab"."All" to "Lab App";
    alter default privileges in schema "Lab" grant select on tables to "Lab App";
    alter table "Lab"."Samples" owner to "Lab Owner";
"""


@pytest.mark.parametrize("name", NAMES)
def test_name_is_quoted_where_the_server_would(plain_server: Server, name: str) -> None:
    with plain_server.connect() as connection:
        assert connection.execute("select quote_ident(%s)", [name]).fetchone() == (named(name),)


def test_remedies_and_statements_quote_what_must_be_quoted(tmp_path: Path, checked: Callable[..., Results]) -> None:
    (tmp_path / "1_lab.sql").write_text(AWKWARD)
    (tmp_path / "schemaproof.toml").write_text('platform = "plain"\nmigrations = "1_lab.sql"\n')
    results = checked(tmp_path)
    roles = [found for found in results.findings if "Lab App" in found.remedy]
    assert {found.check for found in roles} >= {"dead_grants", "default_privileges", "isolation", "unguarded_views"}
    for found in results.findings:
        for statement in re.findall(r"(?:alter|create|drop|revoke|grant) [^;…]*;", found.remedy):
            parse_sql(statement)
        bare = re.search(
            r'(?<!["\w])(Lab|Lab App|Lab Owner|Samples|Notes|Updated At|set_Updated At)(?!["\w])', found.remedy
        )
        assert bare is None, (found.key, found.remedy)
        if found.detail.startswith("begin;"):
            parse_sql(found.detail)


REFUSED = """
    create table public.authors (author_id uuid primary key);
    create table public.letters (
        letter_id uuid primary key,
        author_id uuid not null references public.authors on delete set null
    );
    create table public.places (place_id uuid primary key);
    create table public.marks (
        mark_id uuid primary key,
        place_id uuid references public.places on delete set null,
        constraint a_mark_has_a_place check (place_id is not null)
    );
    create table public.copies (copy_id uuid primary key);
    create table public.loans (
        loan_id uuid primary key,
        copy_id uuid not null default gen_random_uuid() references public.copies on delete set default
    );
"""


def test_refusal_of_an_action_shows_the_statement_that_was_refused(
    tmp_path: Path, checked: Callable[..., Results]
) -> None:
    (tmp_path / "1_books.sql").write_text(REFUSED)
    (tmp_path / "schemaproof.toml").write_text('platform = "plain"\nmigrations = "1_books.sql"\n')
    details = {found.object: found.detail for found in checked(tmp_path, "cascades").findings}
    for child, parent in (
        ("letters.letters_author_id", "authors"),
        ("marks.marks_place_id", "places"),
        ("loans.loans_copy_id", "copies"),
    ):
        detail = details[f"public.{child}_fkey"]
        assert f"delete from public.{parent} where" in detail
        assert detail.count("begin;") == detail.count("rollback;") == 1
        parse_sql(detail)
    assert "-- 23514" in details["public.marks.marks_place_id_fkey"]
    assert "-- 23503" in details["public.loans.loans_copy_id_fkey"]
