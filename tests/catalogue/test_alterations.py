"""compare() reports what an alteration changed and nothing else, and pg_dump agrees, but for reasons that are named."""

from collections.abc import Iterator

import psycopg
import pytest

from schemaproof.catalogue import Catalogue, Difference, compare, dump_schema, take_catalogue
from schemaproof.server import Server
from tests.catalogue.alterations import ALTERATIONS, Alteration
from tests.catalogue.conftest import BASE

pytestmark = pytest.mark.req("10.1")


@pytest.fixture
def clone(server: Server) -> Iterator[str]:
    with server.connect() as connection:
        connection.execute(f"create database altered template {BASE}")
        yield "altered"
        connection.execute("drop database altered with (force)")


@pytest.fixture(scope="module")
def before(server: Server) -> Catalogue:
    with server.connect(BASE) as connection:
        return take_catalogue(connection)


@pytest.fixture(scope="module")
def dumped_before(server: Server) -> str:
    return dump_schema(server, BASE)


def in_short(difference: Difference) -> str:
    told = f"{difference.change} {difference.key}"
    return f"{told}: {difference.property}" if difference.property else told


def test_there_are_alterations_of_every_kind_of_object(base: psycopg.Connection) -> None:
    altered = {line.split(" ", 1)[1] for alteration in ALTERATIONS for line in alteration.expected}
    kinds = {key.kind for key in take_catalogue(base).objects}
    assert len(ALTERATIONS) >= 60
    assert {kind for kind in kinds if not any(line.startswith(f"{kind} ") for line in altered)} == set()


@pytest.mark.parametrize("alteration", ALTERATIONS, ids=str)
def test_compare_reports_an_alteration_and_nothing_else(
    before: Catalogue, base: psycopg.Connection, alteration: Alteration
) -> None:
    base.execute(alteration.sql)
    differences = compare(before, take_catalogue(base))
    assert {in_short(difference) for difference in differences} == alteration.expected


@pytest.mark.parametrize("alteration", [each for each in ALTERATIONS if each.committed], ids=str)
def test_pg_dump_sees_a_difference_exactly_when_compare_does(
    server: Server, clone: str, dumped_before: str, alteration: Alteration
) -> None:
    with server.connect(clone) as connection:
        connection.execute(alteration.sql)
    dump_differs = dump_schema(server, clone) != dumped_before
    assert (dump_differs == bool(alteration.expected)) == alteration.dump_agrees
