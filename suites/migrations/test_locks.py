"""What the canonical migrations lock of what users have, and what a workload meets while one goes up and down."""

import pytest

from schemaproof.locks import prove_locks, queue_behind, under_fire
from schemaproof.session import Session


def number_of(session: Session, name: str) -> int:
    return next(number for number, each in enumerate(session.target.history) if each.name == name)


@pytest.mark.req("10.3")
def test_migrations_of_the_first_deployment_make_nobody_wait(schemaproof_session: Session) -> None:
    traces, found = prove_locks(schemaproof_session, range(len(schemaproof_session.target.history)))
    assert [each.version for each in traces] == [each.version for each in schemaproof_session.target.history]
    assert found == []


@pytest.mark.req("10.3")
def test_index_rebuilt_on_a_table_in_use_is_seen_in_its_trace(schemaproof_session: Session) -> None:
    """The schema has never been deployed: on one that has, the file would have to build the index concurrently."""
    number = number_of(schemaproof_session, "pages_and_days")
    _, found = prove_locks(schemaproof_session, [number])
    assert {(each.object, each.key.split(":")[2]) for each in found if each.level == "error"} == {
        ("public.webhook_deliveries", "build_create_index"),
        ("public.communication_logs", "build_create_index"),
    }


@pytest.mark.req("10.3")
def test_running_clients_are_stopped_but_not_refused_while_indexes_change(schemaproof_session: Session) -> None:
    fire = under_fire(schemaproof_session, number_of(schemaproof_session, "pages_and_days"))
    assert fire.rows.keys() == {"public.webhook_deliveries", "public.communication_logs"}
    for passage in (fire.up, fire.down):
        assert passage is not None
        assert (passage.failure, passage.breakages) == ("", ())
        assert passage.stall is not None
        assert passage.stall.table in fire.rows


@pytest.mark.req("10.3")
def test_migration_that_waits_for_a_long_query_lets_go_in_time_once_it_has_a_limit(
    schemaproof_session: Session,
) -> None:
    number = number_of(schemaproof_session, "unneeded_indexes")
    endless = queue_behind(schemaproof_session, number)
    assert endless is not None
    assert (endless.gave_up, endless.reader_went_on) == (False, False)
    limited = queue_behind(schemaproof_session, number, lock_timeout="200ms")
    assert limited is not None
    assert (limited.gave_up, limited.reader_went_on) == (True, True)
