"""What goes into the cipher comes out of it, whatever it is."""

from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from suites.encryption.sealed import decrypt, encrypt, value

pytestmark = pytest.mark.req("7.5")

# PostgreSQL's text holds every character but NUL; a surrogate is none.
_CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")

_SCRIPTS = [
    *("", "xoxb-1", "Ünïcödé", "Ελληνικά", "עברית", "العربية", "हिन्दी", "中文", "日本語", "한국어"),
    *("👩‍👩‍👧‍👦", "\ufeff\u202e", "' \\ \n\r\t\x01\x7f"),
]


# A round trip leaves nothing behind, so the examples may share the transaction.
@settings(
    max_examples=200, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(_CHARACTERS, max_size=60))
def test_every_text_comes_back(db: psycopg.Connection[Any], text: str) -> None:
    assert decrypt(db, encrypt(db, text)) == text


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(unit=st.text(_CHARACTERS, min_size=1, max_size=7), length=st.integers(0, 10_000))
def test_every_length_up_to_10000_comes_back(db: psycopg.Connection[Any], unit: str, length: int) -> None:
    text = (unit * length)[:length]
    assert decrypt(db, encrypt(db, text)) == text


@pytest.mark.parametrize("length", [*range(50), 9_999, 10_000])
def test_every_length_around_a_block_comes_back(db: psycopg.Connection[Any], length: int) -> None:
    ciphertext = encrypt(db, "x" * length)
    assert decrypt(db, ciphertext) == "x" * length
    assert len(ciphertext) == 53 + 16 * (length // 16 + 1)


@pytest.mark.parametrize("text", _SCRIPTS)
def test_every_script_comes_back(db: psycopg.Connection[Any], text: str) -> None:
    assert decrypt(db, encrypt(db, text)) == text


def test_null_stays_null(db: psycopg.Connection[Any]) -> None:
    assert encrypt(db, None) is None
    assert decrypt(db, None) is None
    assert value(db, "select private.hash_text('p', gen_random_uuid(), null)") is None


@pytest.mark.req("7.1")
def test_same_text_is_never_encrypted_to_the_same_bytes(db: psycopg.Connection[Any]) -> None:
    query = """
        select count(*), count(distinct c), count(distinct substring(c from 6 for 16)), bool_and(c is not null)
        from (
            select private.encrypt_text('xoxb-1', gen_random_uuid(), 't', 'c', gen_random_uuid())::private.ciphertext
            from generate_series(1, 200)
        ) as s (c)
    """
    assert db.execute(query).fetchone() == (200, 200, 200, True)


@pytest.mark.req("7.1")
def test_ciphertext_carries_the_current_version_and_not_the_text(db: psycopg.Connection[Any]) -> None:
    ciphertext = encrypt(db, "xoxb-a-token-of-several-blocks-so-that-it-would-be-seen")
    assert value(db, "select private.ciphertext_key_version(%s::bytea)", ciphertext) == value(
        db, "select private.current_key_version()"
    )
    assert b"xoxb" not in ciphertext
    assert b"blocks" not in ciphertext
