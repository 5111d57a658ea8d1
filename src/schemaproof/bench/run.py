"""`schemaproof bench`: load the data, measure the catalogue on it, take indexes away, and judge: into one document."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from schemaproof.bench import baseline as baselines
from schemaproof.bench import judge
from schemaproof.bench.baseline import Baseline
from schemaproof.bench.data import SAMPLE, Data, load_data
from schemaproof.bench.document import Bench
from schemaproof.bench.foreign_keys import probe_foreign_key, read_foreign_keys
from schemaproof.bench.indexes import read_indexes
from schemaproof.bench.measure import Measured, measure
from schemaproof.bench.necessity import ablate_all
from schemaproof.bench.price import prices
from schemaproof.bench.refusals import ask_refusals
from schemaproof.bench.stability import ties
from schemaproof.catalogue import ObjectKey
from schemaproof.coverage import Clause, cover, read_requirements
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Finding, Level
from schemaproof.origins import Origins
from schemaproof.outcomes import TestResult
from schemaproof.plan import Explainer
from schemaproof.queries import Query, Tenants, expand, read_queries
from schemaproof.session import Session

__all__ = ["Options", "run_bench", "select_queries"]

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """What to run.

    Args:
        profiles: from the smallest; limits, necessity and baseline are judged at the largest.
        only: ids of queries; nothing is said of indexes then, nor of the rest of the baseline.
        accept: write the baseline anew instead of comparing with it.
        seed: of the data.
    """

    profiles: tuple[str, ...] = ("100k",)
    only: tuple[str, ...] = ()
    accept: bool = False
    seed: int = 0


def run_bench(session: Session, options: Options, tell: Tell) -> Bench:
    """Measure the project's query catalogue.

    Raises:
        UsageError: no catalogue, a query that is wrong, values that cannot be sampled: by file and line.
    """
    target = session.target
    queries = select_queries(session, options.only)
    major, minor = divmod(session.server.version, 10000)
    bench = Bench(target, {"kind": session.server.kind, "version": f"{major}.{minor}"}, queries)
    profiles = _ordered(session, options.profiles)
    known = _known_baseline(bench, options, major)
    for profile in profiles:
        with _timed(bench, f"load {profile}"):
            bench.data.append(load_data(session, profile, seed=options.seed, tell=tell))
        with _timed(bench, f"measure {profile}"):
            bench.measured.append(_measure(bench.data[-1], queries, tell, partly=profile != profiles[-1]))
    bench.judged = bench.data[-1].profile
    _look_into_indexes(bench, options, tell)
    _compare(bench, options, major, known)
    bench.parts = session.parts()
    _cover(bench)
    return bench


def select_queries(session: Session, only: Sequence[str] = ()) -> tuple[Query, ...]:
    """Return the catalogue, or those of it that are named; raises UsageError for an unknown name."""
    target = session.target
    if target.queries is None:
        raise UsageError(
            "the project has no query catalogue",
            remedy="Set `queries` to its folder in the settings; docs/queries.md tells the form of its files.",
        )
    queries = read_queries(target.queries, target)
    known = [query.id for query in queries]
    for name in only:
        if name not in known:
            remedy = did_you_mean(name, known, otherwise=f"Queries: {', '.join(known)}.")
            raise UsageError(f"no query is called {name!r}", remedy=remedy)
    return tuple(query for query in queries if not only or query.id in only)


def _ordered(session: Session, profiles: Sequence[str]) -> list[str]:
    """Return the profiles, the smallest first: the sample, which is too small for any limit, before all others."""
    volumes = [name for name in dict.fromkeys(profiles) if name != SAMPLE]
    ordered = sorted(volumes, key=session.volume_model().main_rows) if volumes else []
    return [SAMPLE, *ordered] if SAMPLE in profiles else ordered


@contextmanager
def _timed(bench: Bench, phase: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    bench.phases[phase] = bench.phases.get(phase, 0) + time.perf_counter() - started


def _measure(data: Data, queries: Sequence[Query], tell: Tell, *, partly: bool) -> Measured:
    asked = [query for query in queries if not query.refused]
    with data.copy() as database, database.connect() as connection:
        return measure(data.profile, asked, data.session.target, connection, data.copy, tell, partly=partly)


def _look_into_indexes(bench: Bench, options: Options, tell: Tell) -> None:
    """Take indexes away, nudge the costs, ask as who bypasses; and say what the plans at the judged profile lack."""
    data, measured = bench.data[-1], bench.measured[-1]
    target, found = bench.target, measured.measurements
    bench.findings.extend(measured.findings)
    with data.copy() as database, database.connect() as connection:
        bench.indexes = read_indexes(connection, target.schemas)
        bench.findings.extend(judge.missing_indexes(bench.queries, bench.indexes))
        explainer = Explainer(connection, target.schemas)
        keys = [(key, probe_foreign_key(explainer, key)) for key in read_foreign_keys(connection, target.schemas)]
        if options.only:  # then nothing can be said of what these do not use
            used = {name for each in found for probe in each.probes for name in probe.indexes}
            used |= {need.index.rpartition(".")[2] for query in bench.queries for need in query.needs}
            bench.indexes, keys = tuple(index for index in bench.indexes if index.name in used), []
        bench.keys = [(key, probe.plan) for key, probe in keys]
        with _timed(bench, "policies"):
            tell("row-level security")
            bench.prices = list(prices(explainer, found, bench.indexes, target.roles.service))
        with _timed(bench, "stability"):
            tell("cost ties")
            bench.ties = _ties(explainer, measured)
        with _timed(bench, "ablation"):
            users = ablate_all(explainer, bench.indexes, found, keys, tell)
        tenants = Tenants(connection, target)
        refusing = [case for query in bench.queries if query.refused for case in expand(query, tenants)]
        for answer in ask_refusals(connection, refusing, bench.indexes):
            if isinstance(answer, Finding):
                bench.findings.append(answer)
            else:
                users[answer[0]].insert(0, answer[1])  # impossible without: nobody suffers more
        bench.users = users
    _judge(bench, options)


def _judge(bench: Bench, options: Options) -> None:
    found = bench.measured[-1].measurements
    origins = Origins.of(statement for migration in bench.target.history for statement in migration.statements)
    bench.origins = {index.qualified: origins.find(ObjectKey("index", index.qualified)) for index in bench.indexes}
    if bench.judged != SAMPLE:
        bench.findings.extend(judge.broken_limits(found))
        bench.findings.extend(judge.unmet_needs(found, bench.indexes, bench.users))
        bench.findings.extend(judge.kept_from_indexes(bench.prices, found))
        bench.findings.extend(judge.unserved_keys(bench.keys, bench.indexes, bench.data[-1].rows))
        if not options.only:
            bench.findings.extend(judge.useless_indexes(bench.indexes, bench.users, bench.origins.get))


def _ties(explainer: Explainer, measured: Measured) -> frozenset[str]:
    """Return the keys of plans that are cost ties; what would have to be carried out for it is not asked."""
    probes = {
        id(probe): f"{found.case.key} / {probe.mode}"
        for found in measured.measurements
        for probe in found.probes
        if not found.custom.nested
    }
    asked = [probe for found in measured.measurements for probe in found.probes if id(probe) in probes]
    return frozenset(probes[id(probe)] for probe in ties(explainer, asked))


def _known_baseline(bench: Bench, options: Options, major: int) -> Baseline | None:
    """Return what was accepted; what is wrong with it or with accepting is told before anything is loaded."""
    if not options.accept:
        return baselines.read_baseline(_baseline_path(bench, major), major=major)
    if options.only:
        raise UsageError("--accept with --only", remedy="A baseline is of the whole catalogue: leave one out.")
    return None


def _compare(bench: Bench, options: Options, major: int, known: Baseline | None) -> None:
    """Compare with the committed baseline of this major version, or write it anew."""
    path = _baseline_path(bench, major)
    told: dict[str, object] = {"file": str(bench.target.relative(path)), "major": major}
    data, found = bench.data[-1], bench.measured[-1].measurements
    if options.accept:
        text = baselines.text_of(found, bench.indexes, bench.ties, major=major, profile=data.profile, seed=data.seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        bench.baseline = told | {"status": "accepted"}
        return
    if known is None or (known.profile, known.seed) != (data.profile, data.seed):
        bench.baseline = told | {"status": "missing" if known is None else "other_profile"}
        if bench.judged != SAMPLE:
            bench.findings.append(_not_compared(bench, major, path, known))
        return
    changes = [change for change in baselines.compare(known, found, bench.ties) if _concerns(change.key, options)]
    bench.changes = changes
    bench.findings.extend(baselines.findings(known, changes))
    bench.baseline = told | {"status": "changed" if changes else "equal"}


def _concerns(key: str, options: Options) -> bool:
    return not options.only or key.split(" / ")[0] in options.only


def _baseline_path(bench: Bench, major: int) -> Path:
    folder = bench.target.queries
    assert folder is not None
    return folder.parent / "baselines" / f"{major}.json"


def _not_compared(bench: Bench, major: int, path: Path, known: Baseline | None) -> Finding:
    what, remedy = f"no baseline for PostgreSQL {major}", "Write it, and commit it: schemaproof bench --accept."
    if known:
        data = bench.data[-1]
        what = f"the baseline is of {known.profile}, seed {known.seed}, and this is {data.profile}, seed {data.seed}"
        remedy = f"Ask for what it is of: schemaproof bench --profile {known.profile} --seed {known.seed}."
    name = str(bench.target.relative(path))
    return Finding("baseline", name, f"{what}: what changes is not seen", remedy, level=Level.WARNING)


def _cover(bench: Bench) -> None:
    """Hold the queries against the requirements: one proves its clauses where nothing speaks against it."""
    target = bench.target
    if target.requirements is None:
        return
    bad: dict[str, str] = {}
    for found in bench.findings:
        if found.level is Level.ERROR and target.reason_to_accept(found) is None and found.location:
            bad.setdefault(str(found.location.path), found.summary)
    tests = [
        TestResult(
            target.relative(query.path).as_posix(),
            "failed" if str(query.path) in bad else "passed",
            0.0,
            query.requirements,
            bad.get(str(query.path), ""),
        )
        for query in bench.queries
    ]
    clauses = tuple(clause for clause in cover(_unchecked(bench), [], tests) if clause.proofs)
    bench.requirements = clauses


def _unchecked(bench: Bench) -> list[Clause]:
    """Return the clauses without the checks that prove them too: those ran elsewhere."""
    assert bench.target.requirements is not None
    return [replace(clause, checks=()) for clause in read_requirements(bench.target.requirements)]
