"""What row-level security costs a query, and which indexes it keeps from it: compared with a role that bypasses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import psycopg

from schemaproof.bench.indexes import Index
from schemaproof.bench.measure import Measurement
from schemaproof.bench.policies import Policies
from schemaproof.identity import Identity
from schemaproof.plan import Explainer, Probe, Question, Statement

__all__ = ["Price", "prices"]

_NUMBERED = re.compile(r"\$(\d+)")


@dataclass(frozen=True)
class Price:
    """A query as its role asks it, and with the policies written out by a role that bypasses them.

    Args:
        lost: indexes that only the latter can use, since their conditions are not leakproof.
    """

    measurement: Measurement
    bypassing: Probe
    lost: tuple[Index, ...]

    @property
    def factor(self) -> float:
        """How many times as many pages are read under the policies."""
        return self.measurement.custom.buffers / max(self.bypassing.buffers, 1)


def prices(
    explainer: Explainer, measurements: Iterable[Measurement], indexes: Iterable[Index], bypassing_role: str
) -> Iterator[Price]:
    """Yield the price of each query that a policy holds for and that only reads."""
    policies, bypassing = Policies(explainer.connection), Identity(bypassing_role, bypassing_role)
    if not policies.bypasses(bypassing_role):
        return
    opaque = {index.name: index for index in indexes if index.under_policies and not index.is_leakproof}
    for found in measurements:
        case = found.case
        if found.writes or found.custom.nested or policies.bypasses(case.role):
            continue
        text = policies.written_out(case.query.statement, case.identity)
        if text is None:
            continue
        try:
            probe = explainer.run(Question(_named(text, case.query.statement), case.values, bypassing))
        except psycopg.Error:  # the bypassing role may lack a privilege; then there is nothing to compare with
            continue
        lost = [opaque[name] for name in probe.indexes if name in opaque and name not in found.custom.indexes]
        yield Price(found, probe, tuple(lost))


def _named(text: str, original: Statement) -> Statement:
    """Return a text with numbered parameters as a statement with the names of the original."""
    return Statement(_NUMBERED.sub(lambda found: f":{original.parameters[int(found[1]) - 1]}", text))
