"""The harms of a trace: what takes long while users are kept waiting for it, each once a migration and relation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemaproof.findings import Finding, Level, Location
from schemaproof.locks.model import ACCESS_EXCLUSIVE, BLOCKS_WRITERS, Held, Step, Trace, hardest
from schemaproof.locks.operations import changes_rows, is_query
from schemaproof.locks.remedies import blocks, mode_name, remedy

__all__ = ["FEW_ROWS", "findings"]

FEW_ROWS = 10_000
"""A table known to have fewer is done with before anyone notices."""

_NO_LIMIT = (
    "Begin the file with `set local lock_timeout = '4s';` and run it again when it gives up: it then lets go before "
    "many wait behind it."
)


@dataclass(frozen=True)
class _Harm:
    """One harm: `lock` is what keeps users waiting meanwhile; `sure`: it takes the longer, the more rows there are."""

    kind: str
    relation: str
    summary: str
    step: Step
    lock: Held
    sure: bool = True


def findings(trace: Trace, *, rows: Mapping[str, int] | None = None) -> list[Finding]:
    """Return what a trace has against it, the first statement of each operation and relation.

    Args:
        trace: of one migration.
        rows: how many rows relations have in production, as far as it is known. What is not named there counts as
            large, unless the traced database holds a volume of data itself: then its own count is taken.
    """
    known = {**_measured(trace), **(rows or {})}
    found: dict[str, Finding] = {}
    for step in trace.steps:
        for harm in _harms(step):
            finding = _finding(trace, harm, known)
            found.setdefault(finding.key, finding)
    return [*found.values(), *_unlimited(trace)]


def _measured(trace: Trace) -> Mapping[str, int]:
    """Return the rows of the traced database if some table has many, so that few in another say something."""
    return trace.rows if max(trace.rows.values(), default=0) >= FEW_ROWS else {}


def _harms(step: Step) -> Iterator[_Harm]:
    """Yield the worst of each relation: a copy reads the table as well, and builds its indexes anew."""
    yield from _rewrites(step)
    if step.rewritten:
        return
    built = list(_builds(step))
    yield from built
    if not built:
        yield from _reads(step)


def _rewrites(step: Step) -> Iterator[_Harm]:
    for relation in step.rewritten:
        for lock in _on(step, relation, (ACCESS_EXCLUSIVE,)):
            yield _Harm("rewrite", relation, f"{relation} is copied into a new file", step, lock)


def _builds(step: Step) -> Iterator[_Harm]:
    for build in step.built:
        for lock in _on(step, build.relation, BLOCKS_WRITERS):
            if build.relation in step.scanned or step.alone:
                yield _Harm("build", build.relation, f"an index of {build.relation} is built", step, lock)


def _reads(step: Step) -> Iterator[_Harm]:
    """Yield a statement's reading of whole tables, once: of the table that it names, or else of the first."""
    own = [(relation, lock) for relation in _ordered(step) for lock in _on(step, relation, BLOCKS_WRITERS)]
    worst = step.locked(ACCESS_EXCLUSIVE)
    if changes_rows(step.operations) or set(step.written) & set(step.scanned):
        changed = next((each for each in step.written if each in step.scanned), None)
        kept = worst or (_on(step, changed, BLOCKS_WRITERS) if changed else ())
        if changed and kept:
            yield _Harm("backfill", changed, f"rows of {changed} are changed", step, kept[0], sure=bool(worst))
    elif is_query(step.operations):
        if step.scanned and worst:
            yield _Harm("scan", step.scanned[0], f"{step.scanned[0]} is read whole", step, worst[0], sure=False)
    elif own and (step.target is None or step.target in step.scanned):
        yield _Harm("scan", own[0][0], f"{_all(_ordered(step))} read whole", step, own[0][1])
    elif step.scanned and worst:
        yield _Harm("scan", step.scanned[0], f"{_all(_ordered(step))} read whole", step, worst[0])


def _ordered(step: Step) -> tuple[str, ...]:
    return tuple(sorted(step.scanned, key=lambda relation: relation != step.target))


def _all(relations: tuple[str, ...]) -> str:
    return f"{' and '.join(relations)} {'are' if len(relations) > 1 else 'is'}"


def _on(step: Step, relation: str, modes: tuple[str, ...]) -> tuple[Held, ...]:
    """Return the strongest lock of some modes on a relation, if any."""
    found = hardest(lock for lock in step.locked(*modes) if lock.relation == relation)
    return (found,) if found else ()


def _finding(trace: Trace, harm: _Harm, known: Mapping[str, int]) -> Finding:
    step, lock = harm.step, harm.lock
    other = f" on {lock.relation}" if lock.relation != harm.relation else ""
    since = f", taken in line {lock.line}," if lock.line != step.line else ""
    return Finding(
        "locks",
        harm.relation,
        f"{harm.summary} by {_named(step)} while {mode_name(lock.mode)}{other}{since} stops {blocks(lock.mode)}",
        remedy(harm.kind, step.operations),
        _level(harm, known),
        detail=_detail(harm, known),
        location=Location(Path(trace.path), step.line),
        key=f"locks:{trace.version}:{_what(harm)}:{harm.relation}",
    )


def _what(harm: _Harm) -> str:
    """Return the kind with the operation, `scan_set_not_null`: each has a remedy of its own."""
    return "_".join((harm.kind, *harm.step.operations[:1])).replace(" ", "_")


def _level(harm: _Harm, known: Mapping[str, int]) -> Level:
    if (rows := known.get(harm.relation)) is not None:
        return Level.NOTE if rows < FEW_ROWS else Level.ERROR
    return Level.ERROR if harm.sure else Level.WARNING


def _detail(harm: _Harm, known: Mapping[str, int]) -> str:
    rows = known.get(harm.relation)
    size = f"has {rows:,} rows" if rows is not None else "may be large: nothing is known of its rows"
    took = f"here the statement took {harm.step.milliseconds:,.0f} ms"
    held = f"the lock was held for {harm.lock.milliseconds:,.0f} ms, until the transaction ended"
    return f"{harm.step.sql}\n{harm.relation} {size}; {took}, and {held}"


def _named(step: Step) -> str:
    return ", ".join(each.upper() for each in step.operations)


def _unlimited(trace: Trace) -> Iterator[Finding]:
    """Yield one warning where the file waits without limit for a lock that all others then wait behind."""
    for step in trace.steps:
        strong = [lock for lock in step.taken if lock.mode == ACCESS_EXCLUSIVE]
        if strong and not step.lock_timeout:
            lock = strong[0]
            yield Finding(
                "locks",
                lock.relation,
                f"ACCESS EXCLUSIVE on {lock.relation} is waited for without lock_timeout",
                _NO_LIMIT,
                Level.WARNING,
                detail=f"{step.sql}\nBehind a query that runs for long it waits, and behind it every new query of "
                f"{lock.relation}.",
                location=Location(Path(trace.path), step.line),
                key=f"locks:{trace.version}:lock_timeout:{lock.relation}",
            )
            return
