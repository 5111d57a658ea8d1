"""Strings drawn from regular expressions match them; PostgreSQL is the judge of its own syntax."""

import random
from typing import Any

import psycopg
import pytest

from schemaproof.rows.regexes import matching

PATTERNS = [
    r"^\+[1-9][0-9]{6,14}$",
    r"^[a-z0-9-]{3,40}$",
    r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    r"^(a|bc)?d{2}$",
    r"^[[:alpha:]_][[:alnum:]_]*$",
    r"^\d+\.\d+\.\d+(?:-[\w.]+)?$",
    r"^#(?:[0-9a-fA-F]{3}){1,2}$",
    r"^[A-Z]{2}\d{2}(\s[A-Z0-9]{4})+$",
    r"^https?://[^\s/$.?#].[^\s]*$",
    r"^[]x-z]+[^]a-z-]*$",
    r"^\u0041\x42+?[\w\-]$",
    r"\mword\M",
    r"^(?=[a-z])\w{5}$",
    "",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_drawn_strings_match(connection: "psycopg.Connection[Any]", pattern: str) -> None:
    drawn = [matching(pattern, random.Random(number), full=number % 2 == 0) for number in range(40)]
    row = connection.execute(
        "select count(*) filter (where s ~ %s) from unnest(%s::text[]) as s", [pattern, drawn]
    ).fetchone()
    # What looks ahead is passed over, so that not every string need match.
    least = 10 if "(?=" in pattern else 40
    assert row
    assert row[0] >= least


@pytest.mark.parametrize("pattern", ["(", "[", "[[:nothing:]]", "a)", "\\"])
def test_what_cannot_be_read_gives_nothing(pattern: str) -> None:
    assert matching(pattern, random.Random(0)) is None
