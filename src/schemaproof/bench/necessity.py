"""Which query needs an index: what each one that uses it would cost without."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from schemaproof.bench.foreign_keys import ForeignKey
from schemaproof.bench.indexes import Index
from schemaproof.bench.measure import Measurement, again
from schemaproof.plan import Ablation, Explainer, Probe, ablate, without

__all__ = ["NEEDED", "User", "ablate_all"]

# From this factor on an index is needed.
NEEDED = 2.0


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
    """Return the users of each index with what they would cost without it, those that suffer most first."""
    asked = [*_queries(measurements), *(("foreign_key", key.name, "", probe, None) for key, probe in foreign_keys)]
    found: dict[str, list[User]] = {index.name: [] for index in indexes}
    for index in indexes:
        using = [each for each in asked if index.name in each[3].indexes]
        if not using:
            continue
        tell(f"without {index.name}")
        with without(explainer, index.qualified):
            for kind, name, case, probe, measurement in using:
                ablation = ablate(probe, index.name, again(explainer))
                found[index.name].append(User(kind, name, case, ablation, measurement))
        found[index.name].sort(key=lambda user: -user.factor)
    return found


def _queries(measurements: Iterable[Measurement]) -> Iterable[tuple[str, str, str, Probe, Measurement | None]]:
    for found in measurements:
        case = found.case
        for probe in found.probes if not found.custom.nested else (found.custom,):
            yield "query", case.query.id, f"{case.role} / {case.size} / {probe.mode}", probe, found


