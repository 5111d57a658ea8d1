"""The engine's checks, bound to the canonical schema."""

from collections.abc import Callable

import pytest


@pytest.mark.req("1.1", "1.2")
def test_migrations_apply_as_a_role_that_is_no_superuser(prove: Callable[[str], None]) -> None:
    prove("build")


@pytest.mark.req("1.1")
def test_ledger_tells_what_ran(prove: Callable[[str], None]) -> None:
    prove("ledger")


@pytest.mark.req("1.5")
def test_every_migration_goes_up_down_and_up_again(prove: Callable[[str], None]) -> None:
    prove("stairway")


@pytest.mark.req("10.1")
def test_data_survives_each_way_up_and_down(prove: Callable[[str], None]) -> None:
    prove("data_loss")


def test_committed_snapshot_is_what_the_migrations_make(prove: Callable[[str], None]) -> None:
    prove("snapshot")


@pytest.mark.req("10.2")
def test_interrupted_migration_leaves_the_step_before_it_or_is_completed_and_two_runners_apply_each_once(
    prove: Callable[[str], None],
) -> None:
    prove("interruption")
