"""Taking every index away, one after another, costs little more than planning the queries that use it."""

from collections.abc import Callable, Iterator

import pytest

from benchmarks.catalogue import QUERIES, TARGET, Loaded, loaded
from schemaproof.bench.indexes import Index, read_indexes
from schemaproof.bench.measure import Measurement
from schemaproof.bench.measure import measure as measure_catalogue
from schemaproof.bench.necessity import ablate_all
from schemaproof.plan import Probe


@pytest.fixture(scope="module")
def data() -> Iterator[Loaded]:
    with loaded("100k") as found:
        yield found


@pytest.fixture(scope="module")
def planned(data: Loaded) -> list[Measurement]:
    """The matrix of queries that run nothing within, and so are only planned."""
    asked = [query for query in QUERIES if not query.refused]
    found = measure_catalogue("100k", asked, TARGET, data.connection, data.data.copy, lambda _: None)
    return [each for each in found.measurements if not each.custom.nested]


def test_ablation_of_the_whole_matrix_within_2_seconds_of_planning_it(
    data: Loaded, planned: list[Measurement], measure: Callable[..., None]
) -> None:
    indexes = read_indexes(data.connection, TARGET.schemas)
    probes = [probe for index in indexes if not index.is_constraint for probe in _using(index, planned)]
    assert len(probes) > 100

    def ours() -> None:
        ablate_all(data.explainer, indexes, planned, [], lambda _: None)

    def bare() -> None:
        for probe in probes:
            data.explainer.again(probe)

    measure(ours, bare, allowance=2.0, pairs=5)


def _using(index: Index, planned: list[Measurement]) -> list[Probe]:
    return [probe for found in planned for probe in found.probes if index.name in probe.indexes]
