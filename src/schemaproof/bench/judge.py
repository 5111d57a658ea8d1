"""What a run of the bench has to say: limits that are broken, indexes that nobody needs or that are not there."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from schemaproof.bench.foreign_keys import ForeignKey
from schemaproof.bench.indexes import Index, redundant
from schemaproof.bench.measure import Measurement
from schemaproof.bench.necessity import NEEDED, User
from schemaproof.bench.price import Price
from schemaproof.findings import Finding, Level, Location
from schemaproof.plan import Plan, Probe
from schemaproof.queries import Limit, Need, Query

__all__ = ["broken_limits", "kept_from_indexes", "missing_indexes", "unmet_needs", "unserved_keys", "useless_indexes"]

Locate = Callable[[str], Location | None]
_SMALL = 1000


def missing_indexes(queries: Iterable[Query], indexes: Sequence[Index]) -> Iterator[Finding]:
    """Yield each index that a header names and the schema has not: it was dropped, renamed, or is misspelt."""
    known = {index.name for index in indexes}
    for query in queries:
        named = [(name, limit.location) for limit in query.limits for name in limit.indexes]
        named += [(need.index, need.location) for need in query.needs]
        if query.refused and query.refused.index:
            named.append((query.refused.index, query.refused.location))
        for name, location in dict(reversed(named)).items():  # where it is named first
            if name.rpartition(".")[2] not in known:
                near = get_close_matches(name, known, n=1)
                yield Finding(
                    "queries",
                    query.id,
                    f"{query.id} needs the index {name}, which is not there",
                    f"Did you mean `{near[0]}`? Else make the index, or mend the header."
                    if near
                    else "Make the index.",
                    detail=f"{query.name}: {query.about}".rstrip(": "),
                    location=location,
                    key=f"queries:missing:{query.id}:{name}",
                )


def broken_limits(measurements: Iterable[Measurement]) -> Iterator[Finding]:
    """Yield each limit of a header that a plan breaks, with the plan.

    Indexes are looked at for the largest tenant: a small one's few rows come as cheaply by any index of the tenant.
    """
    for found in measurements:
        for limit in found.case.query.limits:
            for probe in found.probes:
                if _holds_for(limit, found, probe) and (evidence := limit.claim.refute(probe)):
                    yield _broken(limit, found, probe, evidence)
                    break


def _holds_for(limit: Limit, found: Measurement, probe: Probe) -> bool:
    generic = probe is found.generic
    if limit.indexes:
        return found.case.size in ("largest", "all") and (found.case.query.generic or not generic)
    return not generic


def _broken(limit: Limit, found: Measurement, probe: Probe, evidence: str) -> Finding:
    case = found.case
    return Finding(
        "plans",
        case.query.id,
        f"{case.query.id}, asked by {case.role} for the {case.size} tenant ({probe.mode} plan), breaks its limit: "
        f"{limit.claim.words}",
        "Mend the query or its index; where the new plan is as good, mend the header.",
        detail=evidence,
        location=limit.location,
        key=f"plans:{case.key}:{limit.claim.words}",
    )


def unmet_needs(
    measurements: Sequence[Measurement], indexes: Iterable[Index], users: Mapping[str, Sequence[User]]
) -> Iterator[Finding]:
    """Yield each index that a header says the query needs, and that it could do without, or that cannot be told of."""
    known = {index.name: index for index in indexes}
    for query in {found.case.query.id: found.case.query for found in measurements}.values():
        for need in query.needs:
            if index := known.get(need.index.rpartition(".")[2]):  # what is missing is told already
                found = [each for each in measurements if each.case.query.id == query.id]
                asked = [user for user in users.get(index.name, ()) if user.id == query.id]
                yield from _unmet(need, index, found, asked)


def _unmet(need: Need, index: Index, found: Sequence[Measurement], asked: Sequence[User]) -> Iterator[Finding]:
    worst = max(asked, key=lambda user: user.factor, default=None)
    if worst and worst.factor >= need.factor:
        return
    query = found[0].case.query
    if worst:
        what = f"costs {worst.factor:.1f} times as much without it"
        detail = "without it:\n" + "\n".join(worst.ablation.shape)
    else:
        what = _why_not_asked(index, found)
        detail = found[-1].custom.tree()
    yield Finding(
        "necessity",
        query.id,
        f"{query.id} is to need {need.index} by a factor of {need.factor:g}, but {what}",
        "Mend the header, or the query; drop the index where nothing else needs it.",
        detail=detail,
        location=need.location,
        key=f"necessity:{query.id}:{need.index}",
    )


def _why_not_asked(index: Index, found: Iterable[Measurement]) -> str:
    if not any(index.name in probe.indexes for each in found for probe in each.probes):
        return "does not use it"
    if index.is_constraint:
        return "that is a constraint's, which is not taken away: say `uses`"
    return "is not asked for the largest tenant, where what runs within is looked at"


def useless_indexes(indexes: Sequence[Index], users: Mapping[str, Sequence[User]], locate: Locate) -> Iterator[Finding]:
    """Yield each index that nothing needs, and each that another makes superfluous; what enforces a rule is exempt."""
    for index in indexes:
        found = users.get(index.name, ())
        if index.is_constraint or index.is_unique or any(user.factor >= NEEDED for user in found):
            continue
        used = "; ".join(f"{user.id} costs {user.factor:.1f} times as much without it" for user in found[:5])
        yield Finding(
            "necessity",
            index.qualified,
            f"no query needs {index.name}" + ("" if found else ", and none uses it"),
            "Drop it, or add the query that needs it to the catalogue.",
            detail=f"{index.definition}\n{used}".strip(),
            location=locate(index.qualified),
        )
    for index, other in redundant(indexes):
        yield Finding(
            "redundant",
            index.qualified,
            f"{index.name} begins as {other.name} does, which serves what it serves",
            "Drop it, unless it is so much smaller that a query needs it.",
            level=Level.WARNING,
            detail=f"{index.definition}\n{other.definition}",
            location=locate(index.qualified),
        )


def unserved_keys(
    keys: Iterable[tuple[ForeignKey, Plan]], indexes: Sequence[Index], sizes: Mapping[str, int]
) -> Iterator[Finding]:
    """Yield each foreign key that no index looks up all columns of when a row of its parent is deleted.

    Where an index begins with its columns, it is served: the plan for any value reads all if all rows have one value.
    """
    begun = [(index.table, frozenset(index.columns[:length])) for index in indexes for length in range(1, 5)]
    for key, plan in keys:
        looked_up = any(all(plan.looks_up(name, column) for column in key.columns) for name in plan.indexes)
        if not (looked_up or (key.child, frozenset(key.columns)) in begun) and sizes.get(key.child, 0) >= _SMALL:
            yield Finding(
                "foreign_keys",
                key.child,
                f"no index serves the foreign key {key.name}: a deletion in {key.parent} searches {key.child}",
                f"Make an index on {key.child} ({', '.join(key.columns)}).",
                detail=plan.tree(),
                key=f"foreign_keys:{key.name}",
            )


def kept_from_indexes(found: Iterable[Price], measurements: Iterable[Measurement]) -> Iterator[Finding]:
    """Yield conditions that row-level security keeps from an index; a note where a function brings the role to it."""
    reached = {(each.case.role, name) for each in measurements for name in each.custom.indexes}
    for price in found:
        case = price.measurement.case
        for index in price.lost:
            served = (case.role, index.name) in reached
            yield Finding(
                "leakproof",
                index.qualified,
                f"{case.query.id}: row-level security keeps {case.role} from {index.name}, whose operators are not "
                f"leakproof; {price.factor:.0f} times the pages of a role that bypasses",
                "Ask by the SECURITY DEFINER function that filters by tenant itself."
                if served
                else "Offer a SECURITY DEFINER function that filters by tenant itself, and ask by it.",
                level=Level.NOTE if served else Level.ERROR,
                detail=f"{price.measurement.custom.tree()}\n\nbypassing:\n{price.bypassing.tree()}",
                location=case.query.location,
                key=f"leakproof:{case.query.id}:{case.role}:{index.name}",
            )
