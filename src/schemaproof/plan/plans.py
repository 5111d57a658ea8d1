"""Plans in a test: ask as an identity, then assert; what fails shows the plan."""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg

from schemaproof.identity import Identity
from schemaproof.plan import claims
from schemaproof.plan.ablation import ablate, without
from schemaproof.plan.explain import Explainer
from schemaproof.plan.plan import Plan
from schemaproof.plan.probe import Mode, Probe, Question
from schemaproof.plan.statement import Statement

__all__ = ["Asked", "Plans"]

_SUPERUSER = Identity("superuser", "none")


@dataclass(frozen=True)
class Asked:
    """A statement that was carried out: its plan, and what can be asserted of it and of all that ran within.

    Each assertion returns the object, so that they can be chained: `asked.uses("notes_at_idx", "at").no_sort()`.
    """

    probe: Probe
    explainer: Explainer

    @property
    def plan(self) -> Plan:
        """The statement's own plan."""
        return self.probe.plan

    @property
    def buffers(self) -> int:
        """Pages that all of it read."""
        return self.probe.buffers

    def uses(self, index: str, *columns: str) -> "Asked":
        """Assert that an index is used, and that these columns are looked up in it, not filtered afterwards."""
        return self._hold(claims.uses(index, columns))

    def no_seq_scan_above(self, rows: int) -> "Asked":
        """Assert that no table of more than `rows` rows is read from end to end."""
        return self._hold(claims.no_seq_scan_above(rows))

    def no_sort(self) -> "Asked":
        """Assert that nothing is sorted."""
        return self._hold(claims.no_sort())

    def no_spill(self) -> "Asked":
        """Assert that nothing is written to disk for want of memory."""
        return self._hold(claims.no_spill())

    def buffers_at_most(self, most: int) -> "Asked":
        """Assert that all of it reads at most so many pages."""
        return self._hold(claims.buffers_at_most(most))

    def discarded_per_row_at_most(self, most: float) -> "Asked":
        """Assert that for a row that it returns it throws at most so many away."""
        return self._hold(claims.discarded_per_row_at_most(most))

    def estimate_within(self, factor: float) -> "Asked":
        """Assert that rows are estimated within a factor, but for what a LIMIT cut short and what never ran."""
        return self._hold(claims.estimate_within(factor))

    def claims_read_at_most(self, most: int) -> "Asked":
        """Assert that the token's claims are read at most so often: a number that does not grow with the rows."""
        return self._hold(claims.claims_read_at_most(most))

    def needs(self, index: str, factor: float = 2.0) -> "Asked":
        """Assert that without an index (`public.notes_at_idx`) it costs `factor` times as much, or is impossible."""
        with without(self.explainer, index):
            ablation = ablate(self.explainer, self.probe, index)
        if ablation.factor < factor:
            shape = "\n".join(ablation.shape)
            message = f"costs {ablation.factor:.1f} times as much without {index}, not {factor:g}; without it:\n{shape}"
            raise AssertionError(f"{message}\nwith it:\n{self.probe.tree()}")
        return self

    def _hold(self, claim: claims.Claim) -> "Asked":
        if evidence := claim.refute(self.probe):
            raise AssertionError(evidence)
        return self


class Plans:
    """Asks statements on a connection, each undone afterwards."""

    def __init__(self, connection: psycopg.Connection, schemas: tuple[str, ...]) -> None:
        self._explainer = Explainer(connection, schemas)

    def ask(
        self,
        statement: str,
        values: Mapping[str, object] | None = None,
        *,
        identity: Identity = _SUPERUSER,
        generic: bool = False,
    ) -> Asked:
        """Carry out a statement as an identity, with custom plans or generic ones.

        Args:
            statement: its parameters are `:name`.
            values: of the parameters; each takes its type from where it stands.
        """
        given = {name: None if value is None else str(value) for name, value in (values or {}).items()}
        mode = Mode.GENERIC if generic else Mode.CUSTOM
        question = Question(Statement(statement), given, identity, mode)
        return Asked(self._explainer.run(question), self._explainer)
