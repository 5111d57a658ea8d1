"""Every table can be filled with rows, so that every table is attacked."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level
from schemaproof.rows import Unfilled

__all__ = ["rows"]


@check(level=Level.WARNING)
def rows(context: Context) -> Iterator[Finding]:
    """A table that holds no rows is not attacked, and a leak in it stays unseen.

    Rows are made up from the catalogue: types, constraints, keys. What a constraint or a trigger refuses for good is
    named here, with what was tried.
    """
    arena = context.arena
    if not arena.discovery.tables:
        raise NotApplicable("the schema has no tables")
    context.proved["tables"] += len(arena.discovery.tables)
    context.proved["rows"] += sum(map(len, arena.rows.values()))
    told = set()
    for unfilled in arena.unfilled:
        if unfilled.relation not in told and not unfilled.replica and unfilled.relation in arena.relations:
            told.add(unfilled.relation)
            yield _unfilled(context, unfilled)
    for label in arena.discovery.owned:
        if label not in told and arena.worlds and not arena.held(label, "B"):
            yield _finding(context, label, "holds no row of the second tenant", "")


def _unfilled(context: Context, unfilled: Unfilled) -> Finding:
    tried = ", ".join(f"{name} = {value!r}" for name, value in unfilled.tried.items())
    detail = f"{unfilled.sqlstate}: {unfilled.message}\n{unfilled.name}: {unfilled.definition}\ntried: {tried}"
    return _finding(context, unfilled.relation, f"cannot be filled: {unfilled.name} refuses what was tried", detail)


def _finding(context: Context, label: str, what: str, detail: str) -> Finding:
    return Finding(
        "rows",
        label,
        f"{label} {what}, so that it was not attacked",
        "Set `sample` to an SQL file or a function that fills it for two tenants.",
        level=Level.WARNING,
        detail=detail,
        location=context.locate("table", label),
        key=f"rows:{label}",
    )
