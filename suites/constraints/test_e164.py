"""Phone numbers are E.164, in every column that holds one."""

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from suites.dictionary.declared import table, tables
from suites.fixture_types import Refused

pytestmark = pytest.mark.req("2.5")

_COLUMNS = [(name, column) for name in tables() for column in table(name).of_type("public.e164")]


@pytest.mark.parametrize("number", ["+12", "+4917012345", "+999999999999999"])
def test_e164_takes_2_to_15_digits(db: psycopg.Connection[Any], number: str) -> None:
    assert db.execute("select %s::public.e164", [number]).fetchone() == (number,)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("491701234567", id="no plus"),
        pytest.param("+0491701234567", id="leading zero"),
        pytest.param("+1", id="1 digit"),
        pytest.param("+1234567890123456", id="16 digits"),
        pytest.param("", id="empty"),
        pytest.param("+", id="plus alone"),
        pytest.param("++491701234567", id="two pluses"),
        pytest.param(" +491701234567", id="space before"),
        pytest.param("+491701234567 ", id="space after"),
        pytest.param("+49 170 1234567", id="spaces within"),
        pytest.param("+491701234567\n", id="newline after"),
        pytest.param("+12\n+34", id="two lines"),
        pytest.param("+49-170-1234567", id="hyphens"),
        pytest.param("+49170CALLNOW", id="letters"),
        pytest.param("+\u0664\u0669\u0661\u0667\u0660", id="Arabic-Indic digits"),
        pytest.param("+\uff14\uff19\uff11\uff17\uff10", id="full-width digits"),
        pytest.param("\uff0b491701234567", id="full-width plus"),
        pytest.param("+49170123456\u00b2", id="superscript digit"),
    ],
)
def test_e164_refuses_what_is_none(db: psycopg.Connection[Any], refused: Refused, number: str) -> None:
    with refused("23514"):
        db.execute("select %s::public.e164", [number])


def test_phone_numbers_in_the_clear_are_e164_wherever_they_are() -> None:
    named = {(n, c) for n in tables() for c in table(n).columns if c.endswith("phone_number")}
    assert named == set(_COLUMNS)
    assert _COLUMNS


@pytest.mark.parametrize(("name", "column"), _COLUMNS)
def test_column_refuses_what_is_no_number(
    db: psycopg.Connection[Any], tenants: tuple[UUID, UUID], refused: Refused, name: str, column: str
) -> None:
    update = sql.SQL("update {} set {} = %s where tenant_id = %s").format(
        sql.Identifier(*name.split(".")), sql.Identifier(column)
    )
    for number, sqlstate in (("0170 1234567", "23514"), (None, "23502")):
        with refused(sqlstate):
            db.execute(update, [number, tenants[0]])
