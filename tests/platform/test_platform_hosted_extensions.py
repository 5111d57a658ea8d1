"""Extensions of hosted projects that no server here has: they are created, and refuse what they cannot do."""

import psycopg
import pytest

from schemaproof.platform.extensions import MARK
from tests.platform.statements import sqlstate, value

NOT_SUPPORTED = "0A000"


@pytest.mark.parametrize(
    ("extension", "call"),
    [
        ("hypopg", "select hypopg_create_index('create index on t (id)')"),
        ("index_advisor", "select index_advisor('select 1')"),
        ("pg_tle", "select pgtle.install_extension('mine', '1', 'about it', 'select 1')"),
        ("plpgsql_check", "select plpgsql_check_function('storage.filename(text)')"),
        ("pgsodium", "select pgsodium.crypto_aead_det_encrypt('a', 'b', gen_random_uuid())"),
    ],
)
def test_what_an_emulation_cannot_do_is_refused(migrator: psycopg.Connection, extension: str, call: str) -> None:
    assert sqlstate(migrator, f"create extension if not exists {extension} cascade") is None
    if not value(
        migrator, "select comment like %s from pg_available_extensions where name = %s", f"%{MARK}", extension
    ):
        pytest.skip("this server has the real one")
    assert sqlstate(migrator, call) == NOT_SUPPORTED
    assert sqlstate(migrator, f"drop extension {extension} cascade") is None


def test_nothing_is_installed_or_hypothetical(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension hypopg; create extension pg_tle")
    assert sqlstate(migrator, "select hypopg_reset()") is None
    assert value(migrator, "select pgtle.uninstall_extension_if_exists('mine')") is False
    assert value(migrator, "select count(*) from pgtle.available_extensions()") == 0


def test_dump_sets_the_sequence_of_keys(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension pgsodium")
    assert sqlstate(migrator, "select setval('pgsodium.key_key_id_seq', 1, false)") is None
    assert value(migrator, "select count(*) from pgsodium.valid_key where name = 'mine'") == 0


# As hashids.org and the libraries for other languages give them.
@pytest.mark.parametrize(
    ("numbers", "arguments", "hidden"),
    [
        ("12345", "'this is my salt'", "NkK9"),
        ("array[1, 2, 3]", "'this is my salt'", "laHquq"),
        ("array[683, 94108, 123, 5]", "'this is my salt'", "aBMswoO2UB3Sj"),
        ("1", "'this is my salt', 8", "gB0NV05e"),
        ("1", "", "jR"),
    ],
)
def test_number_is_hidden_as_hashids_does(
    migrator: psycopg.Connection, numbers: str, arguments: str, hidden: str
) -> None:
    migrator.execute("create extension pg_hashids with schema extensions")
    comma = ", " if arguments else ""
    many = numbers if numbers.startswith("array") else f"array[{numbers}]"
    assert value(migrator, f"select id_encode({many}::bigint[]{comma}{arguments})") == hidden
    assert value(migrator, f"select id_decode(%s{comma}{arguments}) = {many}::bigint[]", hidden) is True


def test_hash_of_another_salt_is_none(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension pg_hashids with schema extensions")
    assert value(migrator, "select id_decode('NkK9', 'another salt')") == []
    long = "select id_decode_once(id_encode(987654321, 's', 40), 's', 40)"
    assert value(migrator, long) == 987654321
    assert sqlstate(migrator, "select id_encode(1, 's', 0, 'abc')") == "22023"


@pytest.mark.parametrize(
    ("width", "time", "bucket"),
    [
        ("interval '5 minutes'", "timestamptz '2024-01-01 10:07:00+00'", "timestamptz '2024-01-01 10:05:00+00'"),
        ("interval '7 days'", "date '2024-01-03'", "date '2024-01-01'"),
        ("10::bigint", "-3::bigint", "-10::bigint"),
    ],
)
def test_bucket_of_time_begins_where_timescaledb_begins_it(
    migrator: psycopg.Connection, width: str, time: str, bucket: str
) -> None:
    migrator.execute("create extension timescaledb with schema extensions")
    assert value(migrator, f"select time_bucket({width}, {time}) = {bucket}") is True


def test_hypertable_takes_what_timescaledb_takes(migrator: psycopg.Connection) -> None:
    migrator.execute("create extension timescaledb; create table public.events (at timestamptz, id int)")
    make = "select create_hypertable('public.events', 'at', chunk_time_interval => interval '7 days')"
    assert sqlstate(migrator, make) is None
    assert sqlstate(migrator, "insert into public.events values (null, 1)") == "23502"
    assert value(migrator, "select count(*) from pg_index where indrelid = 'public.events'::regclass") == 1
    migrator.execute("drop table public.events; create table public.events (at timestamptz, id int primary key)")
    assert sqlstate(migrator, make) == "42P16"


def test_foreign_table_of_a_service_is_made_and_gives_no_rows(migrator: psycopg.Connection) -> None:
    migrator.execute(
        "create extension wrappers with schema extensions;"
        "create foreign data wrapper pay handler extensions.stripe_fdw_handler"
        " validator extensions.stripe_fdw_validator;"
        "create server payments foreign data wrapper pay options (api_key 'x');"
        "create foreign table public.customers (id text) server payments options (object 'customers')"
    )
    assert sqlstate(migrator, "select from public.customers") == NOT_SUPPORTED
    assert sqlstate(migrator, "import foreign schema stripe from server payments into public") == NOT_SUPPORTED
