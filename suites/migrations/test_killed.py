"""A server killed while these migrations run recovers to the step before."""

import pytest

from schemaproof.midway import prove_kills
from schemaproof.session import Session


@pytest.mark.req("10.2")
def test_kill_behind_any_statement_of_the_longest_migration_leaves_the_step_before(
    schemaproof_session: Session,
) -> None:
    if not schemaproof_session.server.owned:
        pytest.skip("a named server is not killed")
    history = schemaproof_session.target.history
    longest = max(range(len(history)), key=lambda number: len(history[number].statements))
    found = prove_kills(schemaproof_session, [longest])
    assert found.findings == ()
    assert found.kills > len(history[longest].statements)
