"""The volume model fills every table as real tenants would, the same each time, and with ciphertexts that decrypt."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest

from schemaproof.database import Database
from schemaproof.session import Session

pytest.importorskip("numpy", reason="volume needs the extra bench")
from schemaproof.volume import load, open_streams, tenant_sizes

pytestmark = pytest.mark.req("10.4")

Connection = psycopg.Connection[Any]
ENCRYPTED = {
    "public.communication_logs": ("communication_log_id", "phone_number_ciphertext"),
    "public.slack_connections": ("slack_connection_id", "bot_token_ciphertext"),
    "public.webhook_deliveries": ("webhook_delivery_id", "signature_ciphertext"),
}


@pytest.fixture(scope="module")
def volume(schemaproof_session: Session) -> Iterator[Database]:
    """The tiny profile; to be read only."""
    with schemaproof_session.scratch(lambda: schemaproof_session.loaded("tiny")) as database:
        yield database


@pytest.fixture
def db(volume: Database) -> Iterator[Connection]:
    with volume.connect(autocommit=False) as connection:
        yield connection
        connection.rollback()


def _one(connection: Connection, query: str, *parameters: object) -> Any:
    row = connection.execute(query.encode(), parameters).fetchone()
    assert row is not None
    return row[0]


def _tables(connection: Connection) -> list[str]:
    query = """
        select n.nspname || '.' || c.relname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('public', 'private') and c.relkind = 'r' order by 1
    """
    return [row[0] for row in connection.execute(query)]


def test_every_table_holds_rows(db: Connection) -> None:
    tables = _tables(db)
    assert len(tables) >= 13
    assert [table for table in tables if not _one(db, f"select exists (select from {table})")] == []


def test_every_column_that_may_be_null_is_so_in_some_rows_and_not_in_others(db: Connection) -> None:
    """But for what waits for a deletion, which the smallest profile may not have in each table."""
    query = """
        select attrelid::regclass::text, attname from pg_attribute join pg_class on pg_class.oid = attrelid
        where relkind = 'r' and relnamespace = 'public'::regnamespace and attnum > 0 and not attnotnull
            and not attisdropped and attname not in ('deleted_at', 'deletion_id')
    """
    columns = db.execute(query).fetchall()
    assert columns
    whole = {
        (table, column)
        for table, column in columns
        if not 0 < _one(db, f"select avg(({column} is null)::integer) from {table}") < 1
    }
    assert whole == set()


def test_every_foreign_key_holds(db: Connection) -> None:
    """Adding each anew has the server look for orphans itself."""
    query = """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where contype = 'f' and connamespace in ('public'::regnamespace, 'private'::regnamespace)
    """
    keys = db.execute(query).fetchall()
    assert len(keys) >= 15
    for table, name, definition in keys:
        db.execute(f"alter table {table} add constraint again_{name[:50]} {definition}".encode())


def test_every_check_holds(db: Connection) -> None:
    query = """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where contype = 'c' and conrelid <> 0 and connamespace in ('public'::regnamespace, 'private'::regnamespace)
    """
    checks = db.execute(query).fetchall()
    assert len(checks) >= 70
    for table, name, definition in checks:
        db.execute(f"alter table {table} add constraint again_{name[:50]} {definition}".encode())


@pytest.mark.parametrize("table", ENCRYPTED)
def test_every_ciphertext_decrypts(db: Connection, table: str) -> None:
    row_id, column = ENCRYPTED[table]
    query = f"""
        select count(private.decrypt_text({column}, tenant_id, '{table}', '{column}', {row_id})) from {table}
        where {column} is not null
    """
    assert _one(db, query) == _one(db, f"select count({column}) from {table}") > 0


def test_a_message_is_found_by_its_number(db: Connection) -> None:
    tenant = tenant_sizes(db, "public.communication_logs", "tenant_id").largest
    numbers = "select phone_number, count(*) from public.decrypted_communication_logs where tenant_id = %s group by 1"
    found = db.execute(f"{numbers} order by 2 desc".encode(), [tenant]).fetchall()
    hot = next(number for number, _ in found if number is not None)
    by_hash = "select count(*) from public.find_communication_logs_by_phone_number(%s, %s)"
    assert _one(db, by_hash, tenant, hot) == dict(found)[hot] > 1


def test_what_a_deletion_takes_shares_its_id(db: Connection) -> None:
    """Nothing live is under a deleted tenant, connection, message or delivery."""
    orphans = """
        select count(*) from {child} as c join {parent} as p using (tenant_id, {key})
        where p.deleted_at is not null and (c.deleted_at, c.deletion_id) is distinct from (p.deleted_at, p.deletion_id)
    """
    children = {
        ("public.slack_user_mappings", "public.slack_connections", "slack_connection_id"),
        ("public.webhook_deliveries", "public.communication_logs", "communication_log_id"),
        ("public.webhook_attempts", "public.webhook_deliveries", "webhook_delivery_id"),
    }
    for child, parent, key in children:
        assert _one(db, f"select count(deleted_at) from {parent}") > 0, parent
        assert _one(db, orphans.format(child=child, parent=parent, key=key)) == 0, child


def test_tenants_differ_in_size_by_a_power_law(db: Connection) -> None:
    counts = "select array_agg(n order by n desc) from (select count(*) as n from {} group by tenant_id) as c"
    for table in ("public.communication_logs", "public.verified_whatsapp_numbers"):
        sizes = _one(db, counts.format(table))
        assert sizes[0] > 4 * sizes[len(sizes) // 2], table


def test_jobs_see_what_is_past_its_time_and_what_is_due(db: Connection) -> None:
    assert _one(db, "select count(*) from public.webhook_deliveries where status = 'pending'") > 0
    assert (
        _one(db, "select count(*) from public.whatsapp_verifications where expires_at < now() - interval '24 hours'")
        > 0
    )


def test_same_seed_gives_the_same_bytes(schemaproof_session: Session) -> None:
    """Ciphertexts too: the keys come of the seed."""
    model = schemaproof_session.volume_model()

    def digests(seed: int) -> Mapping[str, str]:
        with (
            schemaproof_session.scratch(schemaproof_session.fresh) as database,
            open_streams(database, model, "tiny", seed=seed) as streams,
        ):
            return {
                name: hashlib.sha256(b"".join(block.data for block in stream.blocks())).hexdigest()
                for name, stream in streams.items()
            }

    assert digests(1) == digests(1)
    assert all(digests(2)[name] != digest for name, digest in digests(1).items())


def test_loaded_database_is_the_migrated_one_with_rows(schemaproof_session: Session) -> None:
    """Indexes, triggers, policies and grants are as the migrations left them."""
    from schemaproof.catalogue import compare, take_catalogue

    with schemaproof_session.scratch(schemaproof_session.fresh) as database:
        with database.connect() as connection:
            before = take_catalogue(connection, schemas=("public", "private"))
        load(database, schemaproof_session.volume_model(), "tiny")
        with database.connect() as connection:
            after = take_catalogue(connection, schemas=("public", "private"))
    changed = [each for each in compare(before, after) if "n_distinct" not in str(each.after)]
    assert changed == []
