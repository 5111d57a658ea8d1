"""compare() reports what an alteration changed and nothing else, and pg_dump agrees, but for reasons that are named."""

from collections.abc import Iterator

import psycopg
import pytest

from schemaproof.catalogue import Catalogue, Difference, compare, dump_schema, take_catalogue
from schemaproof.server import Server
from tests.catalogue.alterations import ALTERATIONS, Alteration
from tests.catalogue.conftest import BASE

pytestmark = pytest.mark.req("10.1")


def in_short(difference: Difference) -> str:
    told = f"{difference.change} {difference.key}"
    return f"{told}: {difference.property}" if difference.property else told


@pytest.fixture(scope="module")
def before(base_connection: psycopg.Connection) -> Catalogue:
    try:
        return take_catalogue(base_connection)
    finally:
        base_connection.rollback()


class Altered:
    """A clone of the base on which alterations add up: a clone for each would take twice the time."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._begin()

    def _begin(self) -> None:
        with self._server.connect() as connection:
            connection.execute("drop database if exists altered with (force)")
            connection.execute(f"create database altered template {BASE}")
        self._connection = self._server.connect("altered")
        self._look()

    def close(self) -> None:
        self._connection.close()

    def _look(self) -> None:
        self._catalogue = take_catalogue(self._connection)
        self._dump = dump_schema(self._server, "altered")

    def alter(self, alteration: Alteration) -> tuple[set[str], bool]:
        """Return what compare() reports and whether the dump differs; takes a new clone when an earlier one hinders."""
        try:
            seen = self._alter(alteration)
        except psycopg.Error:
            seen = None
        if seen is None or seen[0] != alteration.expected:
            self.close()
            self._begin()
            seen = self._alter(alteration)
        return seen

    def _alter(self, alteration: Alteration) -> tuple[set[str], bool]:
        catalogue, dump = self._catalogue, self._dump
        self._connection.execute(alteration.sql)
        self._look()
        return {in_short(difference) for difference in compare(catalogue, self._catalogue)}, dump != self._dump


@pytest.fixture(scope="module")
def altered(server: Server) -> Iterator[Altered]:
    clone = Altered(server)
    yield clone
    clone.close()


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


@pytest.mark.parametrize("server", ["embedded"], indirect=True)  # one version: 175 dumps take their time
@pytest.mark.parametrize("alteration", [each for each in ALTERATIONS if each.committed], ids=str)
def test_pg_dump_sees_a_difference_exactly_when_compare_does(altered: Altered, alteration: Alteration) -> None:
    seen, dump_differs = altered.alter(alteration)
    assert seen == alteration.expected
    assert (dump_differs == bool(seen)) == alteration.dump_agrees
