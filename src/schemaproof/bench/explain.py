"""The plans of one query of the catalogue, for a person who asks."""

from collections.abc import Iterator

import psycopg

from schemaproof.bench.data import load_data
from schemaproof.bench.run import select_queries
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.plan import Explainer, Mode, Probe
from schemaproof.queries import Case, Query, Tenants, expand
from schemaproof.session import Session

__all__ = ["explain_query"]


def explain_query(
    session: Session, name: str, *, role: str | None, size: str | None, profile: str, seed: int
) -> Iterator[str]:
    """Yield the plans of a query's cases, those of one role or of a tenant of one size if given.

    Raises:
        UsageError: no such query, role or size, or the query fails.
    """
    (query,) = select_queries(session, [name])
    _refuse_unknown(query, "role", role, query.roles)
    _refuse_unknown(query, "size", size, query.cases)
    if query.refused:
        raise UsageError(f"{name} is to be refused ({query.refused.sqlstate})", remedy="It has no plan to be shown.")
    data = load_data(session, profile, seed=seed, tell=lambda _: None)
    with data.copy() as database, database.connect() as connection:
        explainer = Explainer(connection, session.target.schemas)
        for case in expand(query, Tenants(connection, session.target)):
            if role in (None, case.role) and size in (None, case.size):
                yield _told(explainer, case)


def _told(explainer: Explainer, case: Case) -> str:
    try:
        custom = explainer.run(case.question())
        generic = explainer.plan(case.question(Mode.GENERIC))
    except psycopg.Error as error:
        raise UsageError(
            f"{case.query.location}: {case.query.id} fails for {case.role}: {error.diag.message_primary}",
            remedy="Mend the query, or ask as another role.",
        ) from error
    same = custom.plan.shape == generic.plan.shape
    plans = custom.tree() if same else f"{custom.tree()}\n\nfor all values:\n{generic.tree()}"
    return f"{case.key}\n{_values(case)}{custom.rows} rows, {custom.buffers} buffers{_wal(custom)}\n\n{plans}"


def _values(case: Case) -> str:
    return "".join(f"  :{name} = {value}\n" for name, value in case.values.items())


def _wal(probe: Probe) -> str:
    return f", {probe.wal} bytes of WAL" if probe.wal else ""


def _refuse_unknown(query: Query, what: str, given: str | None, known: tuple[str, ...]) -> None:
    if given is not None and given not in known:
        remedy = did_you_mean(given, known, otherwise=f"It has: {', '.join(known)}.")
        raise UsageError(f"{query.id} has no {what} {given!r}", remedy=remedy)
