"""What columns refuse: open sets, JSON that is no object, text without end, bytes that are no ciphertext."""

import re
from typing import Any

import psycopg
import pytest
from psycopg import sql

from suites.dictionary.declared import table, tables
from suites.fixture_types import Refused

pytestmark = pytest.mark.req("2.6")

_PUBLIC = [name for name in tables() if name.startswith("public.")]
_CLOSED = [
    (name, found[1], re.findall(r"'([^']*)'::text", condition))
    for name in tables()
    for condition in table(name).checks.values()
    if (found := re.match(r"(\w+) = ANY \((?:ARRAY\[)?'", condition))
]
_APPENDED = {"private.audit_logs"}  # takes no UPDATE: test_states.py inserts
_JSON = [(name, column) for name in tables() for column in table(name).of_type("jsonb")]
_TEXT = [
    (name, column)
    for name in _PUBLIC
    for column in table(name).of_type("text")
    # A column of a foreign key is as long as its parent's.
    if not any(column in reference.columns for reference in table(name).references)
]
_CIPHERTEXT = [(name, column) for name in tables() for column in table(name).of_type("private.ciphertext")]
_HASH = [(name, column) for name in tables() for column in table(name).of_type("private.keyed_hash")]


def _set(db: psycopg.Connection[Any], name: str, column: str, value: object, *, where: str = "true") -> int:
    """Set a column of one row, or of none that is `where`, and return how many were set."""
    statement = sql.SQL(
        "update {0} set {1} = %s where ctid = (select ctid from {0} where {1} is not null and {2} limit 1)"
    ).format(sql.Identifier(*name.split(".")), sql.Identifier(column), sql.SQL(where))
    return db.execute(statement, [value]).rowcount


@pytest.mark.parametrize(("name", "column", "values"), [closed for closed in _CLOSED if closed[0] not in _APPENDED])
def test_closed_sets_are_closed(
    db: psycopg.Connection[Any], refused: Refused, name: str, column: str, values: list[str]
) -> None:
    for stranger in ("", "nonsense", values[0].upper(), f"{values[0]} ", f" {values[0]}"):
        with refused("23514"):
            _set(db, name, column, stranger)


@pytest.mark.parametrize("name", tables())
def test_every_state_is_a_closed_set(name: str) -> None:
    states = {"status", "state", "channel", "direction", "action", "event_type"} & set(table(name).columns)
    assert states <= {column for closed, column, _ in _CLOSED if closed == name}


@pytest.mark.parametrize(("name", "column"), _JSON)
@pytest.mark.parametrize("value", ["[]", '"text"', "1", "true", "null", '[{"a": 1}]'])
def test_json_is_an_object(db: psycopg.Connection[Any], refused: Refused, name: str, column: str, value: str) -> None:
    with refused("23514"):
        _set(db, name, column, value)


@pytest.mark.parametrize(("name", "column"), _JSON)
def test_json_has_a_limit(db: psycopg.Connection[Any], refused: Refused, name: str, column: str) -> None:
    assert _set(db, name, column, '{"key": [1, {"nested": null}]}') == 1
    limit = max(int(n) for c in table(name).checks.values() for n in re.findall(rf"{column}::text\) <= (\d+)", c))
    frame = len('{"key": ""}')
    assert _set(db, name, column, '{"key": "%s"}' % ("x" * (limit - frame))) == 1
    with refused("23514"):
        _set(db, name, column, '{"key": "%s"}' % ("x" * (limit - frame + 1)))


@pytest.mark.parametrize(("name", "column"), _TEXT)
def test_no_text_is_without_end(db: psycopg.Connection[Any], refused: Refused, name: str, column: str) -> None:
    statement = sql.SQL("update {} set {} = repeat('a', 10000)")
    with refused("23514"):
        db.execute(statement.format(sql.Identifier(*name.split(".")), sql.Identifier(column)))


@pytest.mark.parametrize(
    ("name", "column", "longest"),
    [
        ("public.tenants", "name", 200),
        ("public.verified_whatsapp_numbers", "label", 100),
        ("public.slack_connections", "workspace_name", 200),
        ("public.slack_user_mappings", "person_name", 200),
        ("public.communication_logs", "body", 4096),
        ("public.communication_logs", "provider_message_id", 255),
        ("public.communication_logs", "error_code", 100),
        ("private.job_runs", "error_message", 1000),
        ("private.jobs", "schedule", 100),
    ],
)
def test_text_is_as_long_as_it_may_be(
    db: psycopg.Connection[Any], refused: Refused, name: str, column: str, longest: int
) -> None:
    assert _set(db, name, column, "é" * longest) == 1, "characters count, not bytes"
    with refused("23514"):
        _set(db, name, column, "é" * (longest + 1))


@pytest.mark.parametrize(
    ("name", "column", "good", "bad"),
    [
        ("public.tenants", "communication_log_retention_days", (1, 3650), (0, -1, 3651)),
        ("public.whatsapp_verifications", "failed_attempts", (0, 4), (-1, 6)),
        ("public.webhook_deliveries", "max_attempts", (1, 20), (0, 21)),
        ("public.webhook_attempts", "response_status", (100, 599), (99, 600)),
        ("public.webhook_attempts", "duration_ms", (0,), (-1,)),
        ("public.usage_statistics", "slack_messages", (0,), (-1,)),
        ("private.jobs", "batch_size", (1, 100_000), (0, 100_001)),
        ("private.jobs", "retention", ("1 second",), ("0", "-1 day")),
    ],
)
def test_numbers_are_within_their_bounds(
    db: psycopg.Connection[Any],
    refused: Refused,
    name: str,
    column: str,
    good: tuple[object, ...],
    bad: tuple[object, ...],
) -> None:
    where = {"failed_attempts": "status = 'pending'", "max_attempts": "attempts = 0"}.get(column, "true")
    for value in good:
        assert _set(db, name, column, value, where=where) == 1
    for value in bad:
        with refused("23514"):
            _set(db, name, column, value, where=where)


@pytest.mark.req("7.1")
@pytest.mark.parametrize(("name", "column"), _CIPHERTEXT)
def test_ciphertext_has_its_form_and_names_its_key(
    db: psycopg.Connection[Any], refused: Refused, name: str, column: str
) -> None:
    version, body = (2).to_bytes(4, "big"), bytes(64)
    assert _set(db, name, column, b"\x01" + version + body) == 1
    for stranger in (b"", b"\x02" + version + body, b"\x01" + version + body[:-1], b"\x01" + version + body[:48]):
        with refused("23514"):
            _set(db, name, column, stranger)
    with refused("23514"):
        _set(db, name, column, b"\x01" + (1).to_bytes(4, "big") + body)


@pytest.mark.req("7.4")
@pytest.mark.parametrize(("name", "column"), _HASH)
def test_keyed_hash_has_32_bytes(db: psycopg.Connection[Any], refused: Refused, name: str, column: str) -> None:
    assert _set(db, name, column, bytes(32)) == 1
    for length in (0, 31, 33):
        with refused("23514"):
            _set(db, name, column, bytes(length))
