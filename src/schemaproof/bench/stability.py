"""Which plans are cost ties: those whose shape flips when the costs are nudged; they are compared by index alone."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from schemaproof.plan import Explainer, Probe

__all__ = ["ties"]

# What ANALYZE's sampling and another machine's rounding amount to, and a little more.
_NUDGES = (
    {"random_page_cost": "1.0", "cpu_index_tuple_cost": "0.0055"},
    {"random_page_cost": "1.25", "cpu_operator_cost": "0.00275"},
    {"cpu_tuple_cost": "0.0115"},
    {"cpu_tuple_cost": "0.0085", "seq_page_cost": "1.1"},
)


def ties(explainer: Explainer, probes: Iterable[Probe]) -> Iterator[Probe]:
    """Yield the probes whose shape another nudge of the costs changes."""
    left = list(probes)
    for nudge in _NUDGES:
        with _nudged(explainer, nudge):
            flipped = [probe for probe in left if explainer.again(probe).shape != probe.shape]
        yield from flipped
        left = [probe for probe in left if all(probe is not other for other in flipped)]


@contextmanager
def _nudged(explainer: Explainer, nudge: dict[str, str]) -> Iterator[None]:
    with explainer.connection.transaction(force_rollback=True):
        for name, value in nudge.items():
            explainer.connection.execute("select set_config(%s, %s, true)", [name, value])
        explainer.forget_plans()
        yield
    explainer.forget_plans()
