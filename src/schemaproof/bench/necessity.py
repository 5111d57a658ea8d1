"""Which query needs an index: what each one that uses it would cost without."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from schemaproof.bench.foreign_keys import ForeignKey
from schemaproof.bench.indexes import Index
from schemaproof.bench.measure import Measurement
from schemaproof.plan import Ablation, Explainer, Probe, ablate, without

__all__ = ["NEEDED", "User", "ablate_all"]

# From this factor on an index is needed: without it a query costs half as much again.
NEEDED = 1.5


@dataclass(frozen=True)
class User:
    """A query or foreign key that uses an index, and what it would cost without it.

    Args:
        kind: `query` or `foreign_key`.
        id: of the query, or the name of the foreign key.
        case: `role / size / mode`; '' for a foreign key.
    """

    kind: str
    id: str
    case: str
    ablation: Ablation
    measurement: Measurement | None = None

    @property
    def factor(self) -> float:
        """How many times dearer it is without the index."""
        return self.ablation.factor


def ablate_all(
    explainer: Explainer,
    indexes: Sequence[Index],
    measurements: Iterable[Measurement],
    foreign_keys: Iterable[tuple[ForeignKey, Probe]],
    tell: Callable[[str], None],
) -> dict[str, list[User]]:
    """Return the users of each index with what they would cost without it, those that suffer most first.

    Indexes of constraints are exempt: they are there for what they enforce. What is used within functions must be
    carried out to be planned; so the quickest is asked first, and no more where one needs the index, but for those
    whose header says that they do.
    """
    asked = [*_queries(measurements), *(_Asked("foreign_key", key.name, "", probe) for key, probe in foreign_keys)]
    found: dict[str, list[User]] = {index.name: [] for index in indexes}
    for index in indexes:
        using = [each for each in asked if index.name in each.probe.indexes]
        if not using or index.is_constraint:
            continue
        tell(f"without {index.name}")
        users = found[index.name]
        with without(explainer, index.qualified):
            for each in sorted(using, key=lambda one: one.seconds):
                if each.seconds and each.is_free_of(index) and any(user.factor >= NEEDED for user in users):
                    continue
                ablation = ablate(explainer, each.probe, index.name)
                users.append(User(each.kind, each.id, each.case, ablation, each.measurement))
        users.sort(key=lambda user: -user.factor)
    return found


@dataclass(frozen=True)
class _Asked:
    kind: str
    id: str
    case: str
    probe: Probe
    measurement: Measurement | None = None

    @property
    def seconds(self) -> float:
        """How long it takes to ask; 0 where it is only planned."""
        return float(self.probe.plan.facts.get("Execution Time", 0)) / 1000 if self.probe.nested else 0

    def is_free_of(self, index: Index) -> bool:
        """Tell whether the query does not say itself that it needs the index."""
        needs = self.measurement.case.query.needs if self.measurement else ()
        return all(need.index.rpartition(".")[2] != index.name for need in needs)


def _queries(measurements: Iterable[Measurement]) -> Iterator[_Asked]:
    for found in measurements:
        case = found.case
        if found.custom.nested and case.size not in ("largest", "all"):
            continue
        for probe in (found.custom,) if found.custom.nested else found.probes:
            yield _Asked("query", case.query.id, f"{case.role} / {case.size} / {probe.mode}", probe, found)
