"""What a statement would cost without an index: the index is made invalid in a transaction that is rolled back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from schemaproof.plan.explain import Explainer
from schemaproof.plan.probe import Probe

__all__ = ["Ablation", "ablate", "without"]


@dataclass(frozen=True)
class Ablation:
    """A probe with and without an index.

    Args:
        index: its name.
        cost: what the statement that suffers most costs with it; of several within, one.
        cost_without: and without it.
        text: that statement, where it ran within another.
        refused: the error without the index: it is not slower then, but impossible.
        shape: the shape without the index.
    """

    index: str
    cost: float
    cost_without: float
    text: str = ""
    refused: str = ""
    shape: tuple[str, ...] = ()

    @property
    def factor(self) -> float:
        """How many times dearer the statement is without the index; infinite where it is impossible."""
        return float("inf") if self.refused else self.cost_without / max(self.cost, 0.01)


@contextmanager
def without(explainer: Explainer, index: str) -> Iterator[None]:
    """Run a block in which the planner does not know an index (`public.notes_at_idx`, or a name in the search path)."""
    with explainer.connection.transaction(force_rollback=True):
        explainer.connection.execute(
            "update pg_catalog.pg_index set indisvalid = false where indexrelid = %s::regclass", [index]
        )
        explainer.forget_plans()
        yield
    explainer.forget_plans()


def ablate(explainer: Explainer, probe: Probe, index: str) -> Ablation:
    """Compare a probe with the same one in a block `without` an index, which this is called in."""
    name = index.rpartition(".")[2]
    try:
        blind = explainer.again(probe)
    except psycopg.Error as error:  # ON CONFLICT has no index to decide by, or the role's time is up
        return Ablation(name, probe.cost, probe.cost, refused=f"{error.diag.message_primary} ({error.sqlstate})")
    before, after = _costs(probe), _costs(blind)
    shared = [text for text in before if text in after] or [""]
    worst = max(shared, key=lambda text: after.get(text, 0) / max(before.get(text, 0), 0.01))
    return Ablation(name, before.get(worst, 0), after.get(worst, 0), worst, shape=blind.shape)


def _costs(probe: Probe) -> Mapping[str, float]:
    """The cost of one call of each statement in a probe, by its text; its own is that of ''."""
    return {"": probe.plan.cost} | {inner.text: inner.cost / inner.calls for inner in probe.nested}
