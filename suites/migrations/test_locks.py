"""What the canonical migrations lock of what users have, and what a workload meets while one goes up and down."""

import pytest

from schemaproof.session import Session


@pytest.mark.req("10.3")
def test_no_migration_keeps_anyone_waiting(schemaproof_session: Session) -> None:
    pass
