"""The emulated uuid-ossp against the real one of the system's PostgreSQL."""

from collections.abc import Iterator
from uuid import NAMESPACE_DNS, UUID, uuid3, uuid5

import psycopg
import pytest

from schemaproof.server import ServerSpec
from tests.installed import open_or_skip
from tests.platform.statements import SUPABASE, value

SIGNATURES = """
    select proname, pg_get_function_arguments(oid), prorettype::regtype::text, provolatile, proisstrict, proparallel
    from pg_proc where proname like 'uuid\\_%%' and pronamespace <> 'pg_catalog'::regnamespace
    and oid in (select objid from pg_depend where deptype = 'e') order by proname
"""


@pytest.fixture(scope="module")
def emulated() -> Iterator[psycopg.Connection]:
    with (
        open_or_skip(ServerSpec(kind="embedded", extensions=SUPABASE.extensions)) as server,
        server.connect() as connection,
    ):
        comment = "select comment from pg_available_extensions where name = 'uuid-ossp'"
        if "(schemaproof)" not in str(value(connection, comment)):
            pytest.skip("the embedded PostgreSQL has the real uuid-ossp")
        connection.execute('create extension "uuid-ossp"')
        yield connection


@pytest.fixture(scope="module")
def real() -> Iterator[psycopg.Connection]:
    with open_or_skip(ServerSpec(kind="system")) as server, server.connect() as connection:
        try:
            connection.execute('create extension "uuid-ossp"')
        except psycopg.errors.FeatureNotSupported as error:
            pytest.skip(str(error))
        yield connection


def test_signatures_are_the_real_ones(emulated: psycopg.Connection, real: psycopg.Connection) -> None:
    signatures = real.execute(SIGNATURES).fetchall()
    assert len(signatures) == 10
    assert emulated.execute(SIGNATURES).fetchall() == signatures


@pytest.mark.parametrize("function", ["uuid_generate_v3", "uuid_generate_v5"])
def test_named_uuids_are_the_real_ones_at_every_length(
    emulated: psycopg.Connection, real: psycopg.Connection, function: str
) -> None:
    query = (
        f"select array_agg({function}(uuid_ns_dns(), left(repeat('ä€😀x', 50), n)) order by n)"
        " from generate_series(0, 200) as n"
    )
    expected = value(real, query)
    assert isinstance(expected, list)
    assert len(set(expected)) == 201
    assert value(emulated, query) == expected


def test_named_uuids_are_those_of_the_standard_library(emulated: psycopg.Connection) -> None:
    query = "select uuid_generate_v3(uuid_ns_dns(), %s), uuid_generate_v5(uuid_ns_dns(), %s)"
    row = emulated.execute(query, ("example.org", "example.org")).fetchone()
    assert row == (uuid3(NAMESPACE_DNS, "example.org"), uuid5(NAMESPACE_DNS, "example.org"))


def test_constants_are_the_real_ones(emulated: psycopg.Connection, real: psycopg.Connection) -> None:
    query = "select uuid_nil(), uuid_ns_dns(), uuid_ns_url(), uuid_ns_oid(), uuid_ns_x500()"
    assert emulated.execute(query).fetchone() == real.execute(query).fetchone()


@pytest.mark.parametrize(
    ("function", "version"), [("uuid_generate_v1", 1), ("uuid_generate_v1mc", 1), ("uuid_generate_v4", 4)]
)
def test_generated_uuids_are_distinct_and_of_their_version(
    emulated: psycopg.Connection, function: str, version: int
) -> None:
    rows = emulated.execute(f"select {function}() from generate_series(1, 2000)").fetchall()
    uuids = {row[0] for row in rows}
    assert len(uuids) == 2000
    assert {(one.version, one.variant) for one in uuids} == {(version, UUID(int=1 << 63).variant)}


def test_time_and_node_of_a_uuid_are_where_the_real_one_has_them(
    emulated: psycopg.Connection, real: psycopg.Connection
) -> None:
    for connection in (emulated, real):
        row = connection.execute(
            "select extract(epoch from clock_timestamp())::float8, uuid_generate_v1(), uuid_generate_v1mc()"
        ).fetchone()
        assert row is not None
        now, plain, multicast = row
        assert abs((plain.time - 0x01B21DD213814000) / 1e7 - now) < 5
        assert multicast.node >> 40 & 3 == 3
