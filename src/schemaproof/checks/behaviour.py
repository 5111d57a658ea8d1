"""Nobody reaches more than the committed behaviour matrix says."""

from collections.abc import Iterator
from itertools import groupby

from schemaproof.behaviour import Widening, read_cells, widenings
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import matrix, require_tenants
from schemaproof.findings import Finding, Level, Location

__all__ = ["behaviour"]


@check(level=Level.ERROR)
def behaviour(context: Context) -> Iterator[Finding]:
    """A change of the schema lets somebody reach rows that he did not reach before, and the reviewer does not see it.

    The matrix of object, identity and command is committed (`schemaproof behaviour` writes it) and held against what
    the attacks reach today, the owners' own reach included. A wider cell is a finding; a narrower one is not.
    """
    path = context.target.behaviour
    if path is None:
        raise NotApplicable("the settings name no behaviour matrix (`behaviour`)")
    require_tenants(context)
    found = matrix(context)
    context.proved["cells"] += len(found)
    if not path.is_file():
        name = context.target.relative(path)
        yield Finding(
            "behaviour",
            str(name),
            f"{name} is missing",
            "Run `schemaproof behaviour` and commit what it writes.",
            location=Location(path),
            key="behaviour:missing",
        )
        return
    wider = sorted(widenings(read_cells(path), found), key=lambda each: (each.object, each.command))
    for (name, command), group in groupby(wider, key=lambda each: (each.object, each.command)):
        yield _finding(context, name, command, list(group))


def _finding(context: Context, name: str, command: str, found: list[Widening]) -> Finding:
    path = context.target.behaviour
    return Finding(
        "behaviour",
        name,
        f"{name}: {command.upper()} reaches more than the committed matrix says,"
        f" as {', '.join(w.identity for w in found)}",
        "If it is meant, run `schemaproof behaviour` and commit the change of the matrix.",
        detail="\n".join(f"{w.identity}: {w.before or 'no such cell'} -> {w.after}" for w in found),
        location=context.locate("table", name) or (Location(path) if path else None),
        key=f"behaviour:{name}:{command}",
    )
