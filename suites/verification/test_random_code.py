"""Codes have the digits asked for, and each digit is as likely as any other."""

from collections import Counter
from itertools import pairwise
from typing import Any

import psycopg
import pytest

from schemaproof.session import Session
from suites.fixture_types import Refused

pytestmark = pytest.mark.req("8.1")

# What chi-square exceeds once in a million draws of a fair source, by degrees of freedom: such a run may be repeated.
_ONCE_IN_A_MILLION = {9: 44.81, 99: 180.79}
_CODES = 40_000


@pytest.mark.parametrize("length", range(4, 11))
def test_code_has_the_digits_asked_for(db: psycopg.Connection[Any], length: int) -> None:
    codes = _codes(db, length, 200)
    assert all(len(code) == length and set(code) <= set("0123456789") for code in codes)
    assert len(set(codes)) > 190


@pytest.mark.parametrize("length", [None, -1, 0, 3, 11, 10_000, 2**31 - 1, -(2**31)])
def test_other_lengths_are_refused(db: psycopg.Connection[Any], refused: Refused, length: int | None) -> None:
    with refused("SP201"):
        db.execute("select private.random_code(%s)", [length])


@pytest.fixture(scope="module")
def codes(schemaproof_session: Session) -> list[str]:
    """Enough codes of ten digits to tell a bias of a few in a hundred."""
    with schemaproof_session.scratch(schemaproof_session.fresh) as database, database.connect() as connection:
        return _codes(connection, 10, _CODES)


def test_digits_are_equally_likely(codes: list[str]) -> None:
    assert _chi_square(Counter("".join(codes)), 10) < _ONCE_IN_A_MILLION[9]


@pytest.mark.parametrize("place", range(10))
def test_digits_are_equally_likely_at_each_place(codes: list[str], place: int) -> None:
    assert _chi_square(Counter(code[place] for code in codes), 10) < _ONCE_IN_A_MILLION[9]


def test_no_digit_tells_the_next(codes: list[str]) -> None:
    pairs = Counter(pair for code in codes for pair in pairwise(code))
    assert _chi_square(pairs, 100) < _ONCE_IN_A_MILLION[99]


def test_remainder_of_a_byte_would_have_been_noticed(db: psycopg.Connection[Any]) -> None:
    """The control: digits as `byte % 10`, of which 0 to 5 are 4 % likelier, fail the test that ours pass."""
    query = """
        select string_agg((get_byte(extensions.gen_random_bytes(1), 0) %% 10)::text, '')
        from generate_series(1, %s)
    """
    row = db.execute(query, [10 * _CODES]).fetchone()
    assert row is not None
    assert _chi_square(Counter(row[0]), 10) > _ONCE_IN_A_MILLION[9]


def _codes(db: psycopg.Connection[Any], length: int, number: int) -> list[str]:
    query = "select private.random_code(%s) from generate_series(1, %s)"
    return [code for (code,) in db.execute(query, [length, number])]


def _chi_square(seen: Counter[Any], kinds: int) -> float:
    expected = seen.total() / kinds
    return sum((found - expected) ** 2 / expected for found in seen.values()) + expected * (kinds - len(seen))
