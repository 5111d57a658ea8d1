"""The life of a key: made by the database, superseded, retired when nothing uses it, removed with its secret."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from fixtures import factories as make
from schemaproof.database import Database
from suites.dictionary.declared import table, tables
from suites.encryption.sealed import TENANT, decrypt, encrypt, value
from suites.fixture_types import Refused
from suites.waiting import await_lock

pytestmark = pytest.mark.req("7.2")

_USERS = [name for name in tables() for found in table(name).references if found.parent == "private.encryption_keys"]
_STATES = "select array_agg(state order by key_version) from private.encryption_keys"


def test_first_use_makes_the_first_key_in_vault(fresh_db: Database) -> None:
    with fresh_db.connect() as connection:
        assert value(connection, "select count(*) from vault.secrets") == 0
        encrypt(connection, "a token")
        query = """
            select k.key_version, k.state, s.name, s.decrypted_secret ~ '^[0-9a-f]{64}$'
            from private.encryption_keys as k join vault.decrypted_secrets as s on s.id = k.vault_secret_id
        """
        assert connection.execute(query).fetchall() == [(1, "current", "encryption_key_1", True)]


def test_databases_do_not_share_their_first_key(schemaproof_session: Any) -> None:
    def secret() -> str:
        with schemaproof_session.scratch(schemaproof_session.fresh) as database, database.connect() as connection:
            encrypt(connection, "a token")
            return str(value(connection, "select decrypted_secret from vault.decrypted_secrets"))

    assert secret() != secret()


def test_concurrent_first_uses_make_one_key(fresh_db: Database) -> None:
    barrier = Barrier(8)

    def use(_: int) -> int:
        with fresh_db.connect() as connection:
            barrier.wait()
            return int(value(connection, "select private.ciphertext_key_version(%s::bytea)", encrypt(connection, "x")))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(use, range(8))) == {1}
    with fresh_db.connect() as connection:
        assert value(connection, "select count(*) from vault.secrets") == 1


def test_rotation_supersedes_the_current_key_and_old_ciphertexts_still_open(db: psycopg.Connection[Any]) -> None:
    old = encrypt(db, "a token")
    assert value(db, "select private.rotate_encryption_key()") == 3
    assert value(db, _STATES) == ["superseded", "superseded", "current"]
    assert value(db, "select private.ciphertext_key_version(%s::bytea)", encrypt(db, "another")) == 3
    assert decrypt(db, old) == "a token"
    assert value(db, "select count(*) from private.audit_logs where action = 'rotate' and row_id = '3'") == 1


def test_rotation_during_a_rotation_is_refused(fresh_db: Database) -> None:
    with fresh_db.connect(autocommit=False) as first, fresh_db.connect() as second:
        assert value(first, "select private.rotate_encryption_key()") == 1
        with pytest.raises(psycopg.Error) as refusal:
            second.execute("select private.rotate_encryption_key()")
        assert refusal.value.sqlstate == "SP103"
        first.commit()
        assert value(second, "select private.rotate_encryption_key()") == 2


def test_of_concurrent_rotations_those_that_win_follow_one_another(fresh_db: Database) -> None:
    barrier = Barrier(8)

    def rotate(_: int) -> object:
        with fresh_db.connect() as connection:
            barrier.wait()
            try:
                return value(connection, "select private.rotate_encryption_key()")
            except psycopg.Error as refusal:
                return refusal.sqlstate

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(rotate, range(8)))
    won = sorted(answer for answer in answers if isinstance(answer, int))
    assert won == list(range(1, len(won) + 1))
    assert len(won) >= 1
    assert {answer for answer in answers if not isinstance(answer, int)} <= {"SP103"}
    with fresh_db.connect() as connection:
        assert value(connection, _STATES) == ["superseded"] * (len(won) - 1) + ["current"]


def test_writers_do_not_wait_for_a_rotation(fresh_db: Database) -> None:
    with fresh_db.connect(autocommit=False) as rotation, fresh_db.connect() as writer:
        encrypt(writer, "a token")
        rotation.execute("select private.rotate_encryption_key()")
        writer.execute("set lock_timeout = '1ms'")
        assert value(writer, "select private.ciphertext_key_version(%s::bytea)", encrypt(writer, "a token")) == 1
        make.make_slack_connection(writer, make.make_tenant(writer)["tenant_id"])


@pytest.mark.parametrize("version", [None, -1, 0, 2, 99])
def test_only_a_superseded_version_is_retired(
    db: psycopg.Connection[Any], refused: Refused, version: int | None
) -> None:
    with refused("SP105"):
        db.execute("select private.retire_encryption_key(%s)", [version])


@pytest.mark.parametrize("version", [None, -1, 0, 1, 2, 99])
def test_only_a_retired_version_is_removed(db: psycopg.Connection[Any], refused: Refused, version: int | None) -> None:
    with refused("SP105"):
        db.execute("select private.remove_encryption_key(%s)", [version])


def test_unused_version_is_retired_once_and_removed_with_its_secret(
    db: psycopg.Connection[Any], refused: Refused
) -> None:
    secret = value(db, "select vault_secret_id from private.encryption_keys where key_version = 1")
    db.execute("select private.retire_encryption_key(1)")
    with refused("SP105"):
        db.execute("select private.retire_encryption_key(1)")
    db.execute("select private.remove_encryption_key(1)")
    assert value(db, "select count(*) from vault.secrets where id = %s", secret) == 0
    assert value(db, "select array_agg(key_version) from private.encryption_keys") == [2]
    actions = (
        "select array_agg(action order by action) from private.audit_logs where row_id = '1' and action like 're%%'"
    )
    assert value(db, actions) == ["remove", "retire"]


def test_ciphertext_of_a_removed_version_tells_that_its_key_is_missing(
    db: psycopg.Connection[Any], refused: Refused
) -> None:
    kept = encrypt(db, "on a backup tape")
    _forget(db, keep="")
    db.execute("select private.rotate_encryption_key(), private.retire_encryption_key(2)")
    assert decrypt(db, kept) == "on a backup tape"
    db.execute("select private.remove_encryption_key(2)")
    with refused("SP102"):
        decrypt(db, kept)


def test_key_taken_out_of_service_is_missing_until_it_is_put_back(
    db: psycopg.Connection[Any], refused: Refused
) -> None:
    kept = encrypt(db, "a token")
    _forget(db, keep="")
    db.execute("select private.rotate_encryption_key(), private.retire_encryption_key(2)")
    db.execute("update private.encryption_keys set deleted_at = now() where key_version = 2")
    with refused("SP102"):
        decrypt(db, kept)
    db.execute("update private.encryption_keys set deleted_at = null where key_version = 2")
    assert decrypt(db, kept) == "a token"


def _forget(db: psycopg.Connection[Any], *, keep: str) -> None:
    """Delete all rows that use a key, but those of the table `keep`."""
    for name in reversed(_USERS):
        if name != keep:
            column = sql.Identifier("key_version")
            db.execute(sql.SQL("delete from {} where {} is not null").format(sql.Identifier(*name.split(".")), column))


@pytest.mark.parametrize("name", _USERS)
def test_version_that_a_table_uses_is_not_retired(db: psycopg.Connection[Any], refused: Refused, name: str) -> None:
    _forget(db, keep=name)
    db.execute("select private.rotate_encryption_key()")
    assert db.execute("select private.encryption_key_uses(2)").fetchall() == [(name,)]
    with refused("SP104"):
        db.execute("select private.retire_encryption_key(2)")
    _forget(db, keep="")
    db.execute("select private.retire_encryption_key(2)")


@pytest.mark.parametrize("name", tables())
def test_table_with_something_of_a_key_refers_to_its_version(name: str) -> None:
    keyed = [*table(name).of_type("private.ciphertext"), *table(name).of_type("private.keyed_hash")]
    assert not keyed or name in _USERS


def test_retired_version_that_came_to_be_used_is_not_removed(
    db: psycopg.Connection[Any], refused: Refused, tenants: tuple[UUID, UUID]
) -> None:
    db.execute("select private.retire_encryption_key(1)")
    make.make_verification(db, tenants[0], key_version=1)
    with refused("SP104"):
        db.execute("select private.remove_encryption_key(1)")


def test_retirement_waits_for_who_still_writes_with_the_version(fresh_db: Database) -> None:
    with (
        fresh_db.connect(autocommit=False) as writer,
        fresh_db.connect() as operator,
        fresh_db.connect() as watcher,
        ThreadPoolExecutor(1) as pool,
    ):
        tenant = make.make_tenant(operator)["tenant_id"]
        encrypt(operator, "so that there is a key")
        ciphertext = encrypt(writer, "xoxb-late", tenant, "public.slack_connections", "bot_token_ciphertext", TENANT)
        operator.execute("select private.rotate_encryption_key()")
        retiring = pool.submit(operator.execute, "select private.retire_encryption_key(1)")
        await_lock(watcher, operator.info.backend_pid)
        make.make_slack_connection(
            writer, tenant, slack_connection_id=TENANT, bot_token_ciphertext=ciphertext, key_version=1
        )
        writer.commit()
        with pytest.raises(psycopg.Error) as refusal:
            retiring.result(timeout=30)
        assert refusal.value.sqlstate == "SP104"


def test_retirement_waits_for_who_inserts_what_an_earlier_transaction_encrypted(fresh_db: Database) -> None:
    """Such a writer does not hold the version's advisory lock, only its row by the foreign key."""
    with (
        fresh_db.connect() as operator,
        fresh_db.connect(autocommit=False) as writer,
        fresh_db.connect() as watcher,
        ThreadPoolExecutor(1) as pool,
    ):
        tenant = make.make_tenant(operator)["tenant_id"]
        ciphertext = encrypt(operator, "xoxb", tenant, "public.slack_connections", "bot_token_ciphertext", TENANT)
        operator.execute("select private.rotate_encryption_key()")
        make.make_slack_connection(
            writer, tenant, slack_connection_id=TENANT, bot_token_ciphertext=ciphertext, key_version=1
        )
        retiring = pool.submit(operator.execute, "select private.retire_encryption_key(1)")
        await_lock(watcher, operator.info.backend_pid)
        writer.commit()
        with pytest.raises(psycopg.Error) as refusal:
            retiring.result(timeout=30)
        assert refusal.value.sqlstate == "SP104"


def test_registry_and_secrets_are_closed_to_every_api_role(db: psycopg.Connection[Any], refused: Refused) -> None:
    for role in ("anon", "authenticated", "service_role"):
        with refused("42501"):
            db.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            db.execute("select * from private.encryption_keys")
