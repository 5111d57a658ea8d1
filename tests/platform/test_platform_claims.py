"""auth.jwt(), uid(), role() and email(): what they make of the request's settings, as the platform documents it."""

import psycopg
import pytest

from tests.platform.statements import sqlstate, value

UID = "5d2d9a3c-8c5e-4d53-9a4f-2f0a4a1f3f11"
FUNCTIONS = ("jwt", "uid", "role", "email")


def _claim(connection: psycopg.Connection, name: str, text: str) -> None:
    connection.execute("select set_config(%s, %s, true)", (name, text))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_absent_claims_are_null(migrator: psycopg.Connection, function: str) -> None:
    assert value(migrator, f"select auth.{function}()") is None


@pytest.mark.parametrize("function", FUNCTIONS)
def test_empty_claims_as_a_pooled_connection_leaves_them_are_null(migrator: psycopg.Connection, function: str) -> None:
    _claim(migrator, "request.jwt.claims", "")
    _claim(migrator, "request.jwt.claim.sub", "")
    assert value(migrator, f"select auth.{function}()") is None


def test_claims_are_read_from_the_token(migrator: psycopg.Connection) -> None:
    _claim(migrator, "request.jwt.claims", f'{{"sub": "{UID}", "role": "authenticated", "email": "a@example.org"}}')
    query = "select auth.uid()::text, auth.role(), auth.email(), auth.jwt() ->> 'sub'"
    assert migrator.execute(query).fetchone() == (UID, "authenticated", "a@example.org", UID)


def test_legacy_settings_come_before_the_token(migrator: psycopg.Connection) -> None:
    _claim(migrator, "request.jwt.claims", '{"sub": "not a uuid", "role": "anon"}')
    _claim(migrator, "request.jwt.claim.sub", UID)
    _claim(migrator, "request.jwt.claim.role", "authenticated")
    _claim(migrator, "request.jwt.claim", '{"a": 1}')
    query = "select auth.uid()::text, auth.role(), auth.jwt()"
    assert migrator.execute(query).fetchone() == (UID, "authenticated", {"a": 1})


@pytest.mark.req("3.2")
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("claims", ["{", "not json", "{'sub': 1}"])
def test_claims_that_are_not_json_raise_22p02(migrator: psycopg.Connection, function: str, claims: str) -> None:
    _claim(migrator, "request.jwt.claims", claims)
    assert sqlstate(migrator, f"select auth.{function}()") == "22P02"


@pytest.mark.parametrize("claims", ['{"sub": "x"}', '{"sub": 1}', '{"sub": {}}'])
def test_subject_that_is_no_uuid_raises_22p02(migrator: psycopg.Connection, claims: str) -> None:
    _claim(migrator, "request.jwt.claims", claims)
    assert sqlstate(migrator, "select auth.uid()") == "22P02"


@pytest.mark.parametrize("claims", ["null", "[]", "1", '"text"', "{}"])
def test_json_without_the_claim_is_null(migrator: psycopg.Connection, claims: str) -> None:
    _claim(migrator, "request.jwt.claims", claims)
    assert migrator.execute("select auth.uid(), auth.role(), auth.email()").fetchone() == (None, None, None)


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_every_api_role_may_ask_who_it_is(migrator: psycopg.Connection, role: str) -> None:
    migrator.execute(f"set local role {role}")
    assert sqlstate(migrator, "select auth.jwt(), auth.uid(), auth.role(), auth.email()") is None
