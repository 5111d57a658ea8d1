"""The emulated vault: the surface of supabase_vault 0.3, encrypted at rest under a key outside the data directory."""

import stat
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.server import Server
from tests.platform.statements import sqlstate, value

SECRET = "xoxb-51-a-token-that-must-not-be-found"


@pytest.mark.parametrize("secret", [SECRET, "", "ä€😀" * 1000, "\n", "x" * 15, "x" * 16, "x" * 17])
def test_secret_comes_back_as_it_went_in(migrator: psycopg.Connection, secret: str) -> None:
    created = value(migrator, "select vault.create_secret(%s, 'token', 'of a bot')", secret)
    row = migrator.execute("select id, name, description, decrypted_secret from vault.decrypted_secrets").fetchone()
    assert row == (created, "token", "of a bot", secret)


def test_update_changes_what_is_given_and_leaves_the_rest(migrator: psycopg.Connection) -> None:
    created = value(migrator, "select vault.create_secret('first', 'token', 'of a bot')")
    migrator.execute("select vault.update_secret(%s, new_secret => 'second')", (created,))
    query = "select decrypted_secret, name, description from vault.decrypted_secrets"
    assert migrator.execute(query).fetchone() == ("second", "token", "of a bot")
    migrator.execute("select vault.update_secret(%s, new_name => 'other')", (created,))
    assert migrator.execute(query).fetchone() == ("second", "other", "of a bot")


def test_name_is_unique_and_may_be_absent(migrator: psycopg.Connection) -> None:
    migrator.execute("select vault.create_secret('a'), vault.create_secret('b'), vault.create_secret('c', 'token')")
    assert sqlstate(migrator, "select vault.create_secret('d', 'token')") == "23505"


def test_null_is_no_secret(migrator: psycopg.Connection) -> None:
    assert sqlstate(migrator, "select vault.create_secret(null)") == "23502"


def test_secret_is_nowhere_in_the_data_directory(server: Server, database: Database) -> None:
    with database.connect(role="postgres") as postgres:
        postgres.execute("select vault.create_secret(%s, 'token')", (SECRET,))
    with database.connect() as connection:
        connection.execute("checkpoint")
        folder = Path(str(value(connection, "show data_directory")))
        stored = str(value(connection, "select secret from vault.secrets")).encode()
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert any(stored[:60] in content for content in files), "the search finds what is there"
    assert not any(SECRET.encode() in content for content in files)


def test_root_key_is_a_private_file_outside_the_data_directory(superuser: psycopg.Connection) -> None:
    key = Path(str(value(superuser, "show unix_socket_directories"))) / "vault.key"
    assert Path(str(value(superuser, "show data_directory"))) not in key.parents
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    root = bytes.fromhex(key.read_text())
    assert len(root) == 32
    assert value(superuser, "select vault._root_key()") == root


def test_databases_of_one_server_share_the_root_key(template: Database, database: Database) -> None:
    with database.connect() as one, template.connect() as other:
        assert value(one, "select vault._root_key()") == value(other, "select vault._root_key()")


def test_equal_secrets_have_different_ciphertexts(migrator: psycopg.Connection) -> None:
    migrator.execute("select vault.create_secret('same'), vault.create_secret('same')")
    assert value(migrator, "select count(distinct secret) from vault.secrets") == 2


@pytest.mark.parametrize(
    "tampering",
    [
        "secret = encode(set_byte(decode(secret, 'base64'), 40, get_byte(decode(secret, 'base64'), 40) # 1), 'base64')",
        "secret = encode(set_byte(decode(secret, 'base64'), 0, get_byte(decode(secret, 'base64'), 0) # 1), 'base64')",
        "secret = encode(substr(decode(secret, 'base64'), 1, 40), 'base64')",
        "secret = ''",
        "nonce = extensions.gen_random_bytes(16)",
        "id = gen_random_uuid()",
    ],
)
def test_tampered_secret_is_an_error_and_never_garbage(superuser: psycopg.Connection, tampering: str) -> None:
    superuser.execute("select vault.create_secret(%s)", (SECRET,))
    assert sqlstate(superuser, "select decrypted_secret from vault.decrypted_secrets") is None
    superuser.execute(f"update vault.secrets set {tampering}")
    assert sqlstate(superuser, "select decrypted_secret from vault.decrypted_secrets") == "22000"


@pytest.mark.parametrize("role", ["anon", "authenticated"])
def test_api_roles_of_requests_reach_nothing_of_the_vault(
    session: Callable[[str], psycopg.Connection], role: str
) -> None:
    connection = session("postgres")
    connection.execute("select vault.create_secret('a')")
    connection.execute(f"set local role {role}")
    for statement in (
        "select from vault.secrets",
        "select from vault.decrypted_secrets",
        "select vault.create_secret('b')",
        "select vault._crypto_aead_det_decrypt('', '', 0)",
    ):
        assert sqlstate(connection, statement) == "42501"


@pytest.mark.parametrize("role", ["postgres", "service_role"])
def test_system_roles_read_and_delete_but_write_only_through_the_functions(
    migrator: psycopg.Connection, role: str
) -> None:
    migrator.execute(f"set local role {role}")
    assert sqlstate(migrator, "select vault.create_secret('a', 'token')") is None
    assert value(migrator, "select decrypted_secret from vault.decrypted_secrets") == "a"
    assert sqlstate(migrator, "insert into vault.secrets (secret) values ('plain')") == "42501"
    assert sqlstate(migrator, "update vault.secrets set secret = 'plain'") == "42501"
    assert sqlstate(migrator, "select vault._root_key()") == "42501"
    assert sqlstate(migrator, "select vault._crypto_aead_det_encrypt('', '', 0)") == "42501"
    assert sqlstate(migrator, "delete from vault.secrets") is None
    assert value(migrator, "select count(*) from vault.decrypted_secrets") == 0


def test_signatures_are_those_of_supabase_vault(superuser: psycopg.Connection) -> None:
    """As https://github.com/supabase/vault declares them; what is beyond them is the emulation's own."""
    rows = superuser.execute(
        "select proname, pg_get_function_arguments(oid), pg_get_function_result(oid)"
        " from pg_proc where pronamespace = 'vault'::regnamespace"
    ).fetchall()
    crypto = "message bytea, additional bytea, key_id bigint, context bytea DEFAULT '\\x706773 6f6469756d'::bytea"
    crypto = crypto.replace(" 6f", "6f") + ", nonce bytea DEFAULT NULL::bytea"
    assert set(rows) - {row for row in rows if row[0] in ("_root_key", "_seal")} == {
        (
            "create_secret",
            "new_secret text, new_name text DEFAULT NULL::text, new_description text DEFAULT ''::text,"
            " new_key_id uuid DEFAULT NULL::uuid",
            "uuid",
        ),
        (
            "update_secret",
            "secret_id uuid, new_secret text DEFAULT NULL::text, new_name text DEFAULT NULL::text,"
            " new_description text DEFAULT NULL::text, new_key_id uuid DEFAULT NULL::uuid",
            "void",
        ),
        ("_crypto_aead_det_encrypt", crypto, "bytea"),
        ("_crypto_aead_det_decrypt", crypto, "bytea"),
        ("_crypto_aead_det_noncegen", "", "bytea"),
    }
