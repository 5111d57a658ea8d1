"""A statement that takes too long while its locks are traced."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemaproof.locks import trace
from schemaproof.migrations import MigrationError
from schemaproof.session import Session


def test_statement_that_takes_too_long_is_ended_and_the_option_for_more_is_named(
    clinic: Path, session_of: Callable[[Path], Session]
) -> None:
    (clinic / "migrations" / "9_long.sql").write_text("select pg_sleep(600);")
    (clinic / "rollbacks" / "9_long.sql").write_text("select 1;")
    session = session_of(clinic)
    with pytest.raises(MigrationError) as refusal:
        trace(session, len(session.target.history) - 1, timeout=0.5)
    assert refusal.value.sqlstate == "57014"
    assert "0.5 s" in refusal.value.remedy
    assert "--timeout" in refusal.value.remedy
