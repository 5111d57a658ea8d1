"""The catalogue's plans do not hang on the hour at which they are asked for: else no baseline would hold all day."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemaproof.bench.baseline import compare, read_baseline, text_of
from schemaproof.bench.data import load_data
from schemaproof.bench.measure import Measurement, measure
from schemaproof.clock import Clock, clocked_server
from schemaproof.cluster_roles import provide_roles
from schemaproof.queries import Query, read_queries
from schemaproof.session import Session

_DAY = datetime(2026, 12, 9, tzinfo=UTC)
# That of the baselines: of smaller data a period of now() holds less than a batch.
_PROFILE = "100k"
# Folders of the queries that speak of now(), themselves or within.
_TIMELY = ("jobs", "monitoring", "statistics", "verification", "webhooks")


@pytest.fixture
def clocked(schemaproof_session: Session) -> Iterator[tuple[Session, Clock]]:
    """The suites' schema on a server whose clock is moved."""
    if not schemaproof_session.server.is_local:
        pytest.skip("the clock of a container, or of a server that schemaproof did not start, cannot be moved")
    platform, target = schemaproof_session.platform, schemaproof_session.target
    with clocked_server(schemaproof_session.spec_of_another()) as (server, clock):
        with server.connect() as connection:
            provide_roles(connection, platform, target.expected_roles)
        yield Session(server, platform, target), clock


@pytest.mark.req("4.2")
def test_what_is_accepted_at_the_beginning_of_a_day_holds_at_its_end(
    clocked: tuple[Session, Clock], tmp_path: Path
) -> None:
    session, clock = clocked
    night, evening = (_measured(session, clock, _DAY + timedelta(minutes=after)) for after in (10, 23 * 60 + 50))
    path = tmp_path / "baseline.json"
    path.write_text(text_of(night, (), frozenset(), major=0, profile=_PROFILE, seed=0))
    accepted = read_baseline(path, major=0)
    assert accepted is not None
    assert {key.partition(" / ")[0] for key in accepted.queries} == {query.id for query in _timely(session)}
    assert list(compare(accepted, evening, frozenset())) == []


def _timely(session: Session) -> list[Query]:
    assert session.target.queries is not None
    known = read_queries(session.target.queries, session.target)
    return [query for query in known if query.path.parent.name in _TIMELY and not query.refused]


def _measured(session: Session, clock: Clock, moment: datetime) -> list[Measurement]:
    """Load the data anew at a moment, as a run of the bench does, and ask every case."""
    clock.jump_to(moment)
    data = load_data(session, _PROFILE, seed=0, tell=lambda _: None)
    with data.copy() as database, database.connect() as connection:
        found = measure(_PROFILE, _timely(session), session.target, connection, data.copy, lambda _: None)
    return found.measurements
