"""Roles: attributes, settings and memberships as a Supabase project has them."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from schemaproof.errors import ServerError
from schemaproof.platform import load_platform, roles
from schemaproof.server import Server, ServerSpec
from tests.installed import open_or_skip
from tests.platform.statements import SUPABASE, sqlstate, value

ATTRIBUTES = "select rolsuper, rolcreatedb, rolcreaterole, rolcanlogin, rolinherit, rolbypassrls, rolreplication"


@pytest.mark.parametrize(
    ("role", "attributes"),
    [
        ("supabase_admin", "sdcl ibr"),
        ("postgres", "-dcl ibr"),
        ("anon", "---- i--"),
        ("authenticated", "---- i--"),
        ("service_role", "---- ib-"),
        ("authenticator", "---l ---"),
        ("supabase_auth_admin", "--cl ---"),
        ("dashboard_user", "-dc- i-r"),
    ],
)
def test_role_has_the_platforms_attributes(superuser: psycopg.Connection, role: str, attributes: str) -> None:
    row = superuser.execute(f"{ATTRIBUTES} from pg_roles where rolname = %s", (role,)).fetchone()
    assert row == tuple(mark != "-" for mark in attributes.replace(" ", ""))


@pytest.mark.parametrize(
    ("role", "settings"),
    [
        ("anon", {"statement_timeout=3s"}),
        ("authenticated", {"statement_timeout=8s"}),
        ("authenticator", {"statement_timeout=8s", "lock_timeout=8s"}),
        ("postgres", {'search_path="$user", public, extensions'}),
        ("supabase_auth_admin", {"search_path=auth", "idle_in_transaction_session_timeout=60000"}),
    ],
)
def test_role_has_the_platforms_settings(superuser: psycopg.Connection, role: str, settings: set[str]) -> None:
    config = value(superuser, "select rolconfig from pg_roles where rolname = %s", role)
    assert isinstance(config, list)
    assert set(config) == settings


def test_login_of_postgres_searches_public_then_extensions(migrator: psycopg.Connection) -> None:
    assert value(migrator, "show search_path") == '"$user", public, extensions'


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_authenticator_and_postgres_can_become_each_api_role(superuser: psycopg.Connection, role: str) -> None:
    for member in ("authenticator", "postgres"):
        assert value(superuser, "select pg_has_role(%s, %s, 'member')", member, role) is True


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_postgres_can_grant_each_api_role_to_a_role_of_its_own(migrator: psycopg.Connection, role: str) -> None:
    assert sqlstate(migrator, f"create role worker; grant {role} to worker") is None


def test_postgres_can_set_session_replication_role(migrator: psycopg.Connection) -> None:
    assert sqlstate(migrator, "set session_replication_role = replica") is None


def test_postgres_cannot_make_itself_superuser(migrator: psycopg.Connection) -> None:
    assert sqlstate(migrator, "alter role postgres superuser") == "42501"
    assert sqlstate(migrator, "set role supabase_admin") == "42501"


def test_no_role_is_missing_once_they_are_created(superuser: psycopg.Connection) -> None:
    assert SUPABASE.missing_roles(superuser) == ()


@pytest.fixture(scope="module")
def bare_server() -> Iterator[Server]:
    """Without the platform's roles, administered by another superuser than Supabase's."""
    with open_or_skip(ServerSpec(superuser="root_of_tests")) as running:
        yield running


@pytest.fixture
def bare(bare_server: Server) -> Iterator[psycopg.Connection]:
    with bare_server.connect(autocommit=False) as connection:
        connection.execute("select")
        yield connection
        connection.rollback()


def test_missing_roles_are_named_before_any_is_created(bare: psycopg.Connection) -> None:
    missing = SUPABASE.missing_roles(bare)
    assert {"supabase_admin", "postgres", "anon", "authenticated", "service_role", "authenticator"} < set(missing)
    SUPABASE.create_roles(bare)
    assert SUPABASE.missing_roles(bare) == ()


def test_role_that_exists_is_never_altered(bare: psycopg.Connection) -> None:
    bare.execute("create role anon login; create role authenticated; grant authenticated to anon")
    bare.execute("alter role anon set statement_timeout = '1s'")
    SUPABASE.create_roles(bare)
    SUPABASE.create_roles(bare)
    assert value(bare, "select rolcanlogin from pg_roles where rolname = 'anon'") is True
    assert value(bare, "select rolconfig from pg_roles where rolname = 'anon'") == ["statement_timeout=1s"]
    assert value(bare, "select rolconfig from pg_roles where rolname = 'authenticated'") is None


def test_server_whose_postgres_is_superuser_is_refused_with_a_remedy(bare: psycopg.Connection) -> None:
    bare.execute("create role postgres superuser login")
    with pytest.raises(ServerError) as caught:
        SUPABASE.create_roles(bare)
    assert caught.value.exit_code == 2
    assert "`postgres` is a superuser" in caught.value.message
    assert "supabase_admin" in caught.value.remedy
    assert "anon" in roles.missing_roles(bare)


def test_superuser_postgres_is_refused_even_where_no_role_is_missing(bare: psycopg.Connection) -> None:
    for role in SUPABASE.missing_roles(bare):
        bare.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
    SUPABASE.refuse_unfit(bare)
    bare.execute("alter role postgres superuser")
    assert SUPABASE.missing_roles(bare) == ()
    with pytest.raises(ServerError) as caught:
        SUPABASE.refuse_unfit(bare)
    assert "supabase_admin" in caught.value.remedy


def test_plain_platform_takes_a_superuser_postgres(bare: psycopg.Connection) -> None:
    bare.execute("create role postgres superuser login")
    load_platform("plain").refuse_unfit(bare)


def test_connection_that_is_no_superusers_is_refused(bare: psycopg.Connection) -> None:
    bare.execute("create role somebody; set role somebody")
    with pytest.raises(ServerError) as caught:
        SUPABASE.create_roles(bare)
    assert "superuser" in caught.value.message
