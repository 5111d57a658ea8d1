"""What can be claimed of a probe: each claim answers with what speaks against it, or with nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from schemaproof.plan.node import Node
from schemaproof.plan.probe import Probe

__all__ = [
    "Claim",
    "any_of",
    "buffers_at_most",
    "claims_read_at_most",
    "discarded_per_row_at_most",
    "estimate_within",
    "no_seq_scan_above",
    "no_sort",
    "no_spill",
    "uses",
]


@dataclass(frozen=True)
class Claim:
    """A claim on probes.

    Args:
        words: the claim, as a report writes it.
        judge: what speaks against it in a probe; '' where nothing does.
    """

    words: str
    judge: Callable[[Probe], str]

    def refute(self, probe: Probe) -> str:
        """Return what speaks against the claim, with the plan; '' where nothing does."""
        found = self.judge(probe)
        return f"{found}\n{probe.tree()}" if found else ""


def uses(index: str, columns: Iterable[str] = ()) -> Claim:
    """An index is used, and these columns are looked up in it by its first, not filtered afterwards."""
    wanted = tuple(columns)
    words = f"uses {index}" + (f" ({', '.join(wanted)})" if wanted else "")
    return Claim(words, partial(_uses, index=index, columns=wanted))


def any_of(claims: Iterable[Claim]) -> Claim:
    """One of the claims holds."""
    given = tuple(claims)
    return Claim(" or ".join(claim.words for claim in given), partial(_any_of, claims=given))


def no_seq_scan_above(rows: int, *, but: Iterable[str] = ()) -> Claim:
    """No table of more than `rows` rows is read from end to end, but for those in `but`."""
    return Claim(f"no sequential scan above {rows} rows", partial(_no_seq_scan, most=rows, but=tuple(but)))


def no_sort() -> Claim:
    """Nothing is sorted: an index gives the order."""
    return Claim("no sort", lambda probe: _named("sorts", (node for plan in probe.plans for node in plan.sorts)))


def no_spill() -> Claim:
    """Nothing is written to disk for want of memory."""
    return Claim("no spill", lambda probe: _named("spills", (node for plan in probe.plans for node in plan.spills)))


def buffers_at_most(most: int) -> Claim:
    """All of it reads at most so many pages."""
    return Claim(f"at most {most} buffers", partial(_buffers, most=most))


def discarded_per_row_at_most(most: float) -> Claim:
    """For a row that it returns, it reads at most so many that it throws away."""
    return Claim(f"at most {most:g} rows discarded per row", partial(_discarded, most=most))


def estimate_within(factor: float) -> Claim:
    """Rows are estimated within a factor, but for what a LIMIT cut short and what never ran."""
    return Claim(f"estimates within a factor of {factor:g}", partial(_estimate, factor=factor))


def claims_read_at_most(most: int) -> Claim:
    """The token's claims are read a number of times that does not grow with the rows."""
    return Claim(f"claims read at most {most} times", partial(_claims, most=most))


def _uses(probe: Probe, *, index: str, columns: tuple[str, ...]) -> str:
    using = [plan for plan in probe.plans if index in plan.indexes]
    if not using:
        found = ", ".join(probe.indexes) or "no index"
        return f"does not use {index}, but {found}"
    lacking = [column for column in columns if not any(plan.looks_up(index, column) for plan in using)]
    if lacking:
        return f"uses {index}, but does not look up {', '.join(lacking)} in it"
    first = probe.leading.get(index, "") if columns else ""
    if first and not any(plan.looks_up(index, first) for plan in using):
        return f"uses {index}, but reads all of it: does not look up {first}, with which it begins"
    return ""


def _any_of(probe: Probe, *, claims: tuple[Claim, ...]) -> str:
    found = [claim.judge(probe) for claim in claims]
    return "; ".join(found) if all(found) else ""


def _no_seq_scan(probe: Probe, *, most: int, but: tuple[str, ...]) -> str:
    read: dict[str, float] = {}
    for node in (node for plan in probe.plans for node in plan.seq_scans if node.loops and node.table not in but):
        rows = (node.rows + node.discarded) / node.loops
        read[str(node.table)] = max(rows, read.get(str(node.table), 0))
    told = [f"{rows:.0f} rows of {table}" for table, rows in read.items() if rows > most]
    return f"reads {', '.join(told)} sequentially, at most {most} are allowed" if told else ""


def _named(what: str, nodes: Iterable[Node]) -> str:
    told = [node.label for node in nodes]
    return f"{what}: {'; '.join(told)}" if told else ""


def _buffers(probe: Probe, *, most: int) -> str:
    return f"reads {probe.buffers} buffers, at most {most} are allowed" if probe.buffers > most else ""


def _discarded(probe: Probe, *, most: float) -> str:
    discarded = sum(plan.discarded for plan in probe.plans)
    each = discarded / max(probe.rows, 1)
    if each <= most:
        return ""
    return f"discards {discarded} rows for {probe.rows}, {each:.1f} each, at most {most:g} are allowed"


def _estimate(probe: Probe, *, factor: float) -> str:
    worst = max(
        (plan.misjudged for plan in probe.plans if plan.misjudged),
        key=lambda node: node.estimate_error,
        default=None,
    )
    if worst is None or worst.estimate_error <= factor:
        return ""
    actual = worst.rows / worst.loops
    expected = f"expects {worst.expected_rows:.0f} rows where {actual:.0f} come"
    return f"{expected}, allowed is a factor of {factor:g}: {worst.label}"


def _claims(probe: Probe, *, most: int) -> str:
    found = probe.claim_reads
    return f"reads the token's claims {found} times, at most {most} are allowed" if found > most else ""
