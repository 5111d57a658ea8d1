"""Which roles a history makes, and which it changes without having made them."""

from pathlib import Path

import pytest

from schemaproof.migrations import RoleUse
from schemaproof.migrations.statement import split


def use(text: str) -> tuple[set[str], set[str], set[str]]:
    found = RoleUse.of(split(text, Path("1_a.sql")))
    return set(found.created), set(found.ensured), set(found.changed)


@pytest.mark.parametrize(
    ("text", "created"),
    [
        ("create role a; create user b; create group c", {"a", "b", "c"}),
        ('create role "A b"; alter role "A b" login; drop role "A b"', {"A b"}),
        ("create role a; grant a to authenticator; grant anon to a; revoke a from authenticator", {"a"}),
        ("create role a; comment on role a is 'x'; drop owned by a", {"a"}),
    ],
)
def test_role_that_is_made_is_no_foreign_one(text: str, created: set[str]) -> None:
    assert use(text) == (created, set(), set())


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("alter role a set statement_timeout = '3s'", {"a"}),
        ("alter user a rename to b", {"a"}),
        ("alter role all set work_mem = '1MB'", {"a role that is not named"}),
        ("drop role if exists a, b", {"a", "b"}),
        ("grant a to b, c", {"b", "c"}),
        ("revoke a from b", {"b"}),
        ("reassign owned by a to b", {"a"}),
        ("do $$ begin alter role a login; execute 'drop owned by b'; end $$", {"a", "a role that is not named"}),
        ("do $$ begin execute format('create role %I', 'a'); end $$", {"a role that is not named"}),
        ("do 'begin grant a to b; end'", {"b"}),
    ],
)
def test_role_that_is_not_made_here_is_changed(text: str, changed: set[str]) -> None:
    assert use(text) == (set(), set(), changed)


def test_role_made_in_a_block_may_be_there_before() -> None:
    text = "do $$ begin if true then CREATE ROLE App; end if; grant app to authenticator; end $$; alter role app login"
    assert use(text) == (set(), {"app"}, set())


@pytest.mark.parametrize(
    "text",
    [
        "grant select on a to b; revoke all on schema s from public",
        "alter table a owner to b",
        "alter default privileges for role a grant select on tables to b",
        "create user mapping for a server s; drop user mapping if exists for a server s",
        "set role a; reset role",
        "create function f() returns void language sql as 'create role a'",
        "do $$ begin grant select on a to b; end $$",
        "create table roles (role text); drop table roles",
        "create role",
    ],
)
def test_what_stays_within_the_database_is_left_out(text: str) -> None:
    assert use(text) == (set(), set(), set())
    assert not RoleUse.of(split(text, Path("1_a.sql")))
