"""What the checks that attack tables have in common: from cells of the behaviour matrix to findings."""

from collections.abc import Iterable, Iterator, Sequence

from schemaproof.attack import (
    Attacker,
    Borrowing,
    Cell,
    Kind,
    Outcome,
    Players,
    Verdict,
    judge,
    paste,
    said,
    script,
)
from schemaproof.checks import Context, NotApplicable
from schemaproof.checks._paste import named, to
from schemaproof.findings import Finding, Level, Location
from schemaproof.surface import Policy, Relation

__all__ = [
    "by_relation",
    "callers",
    "finding",
    "group",
    "matrix",
    "names",
    "ordinary",
    "place",
    "require_tenants",
    "written_by_member",
]

_RANK = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}
_NAMES = 4


def matrix(context: Context) -> list[dict[str, object]]:
    """Return the behaviour matrix: a cell for each table, identity and command, the owners' own reach included."""
    cells = [_cell(cell.relation.label, cell.attacker, cell.command, cell.worst) for cell in context.campaign.cells]
    owners = context.campaign.controls.items()
    return cells + [_cell(label, best.attacker, command, best) for (label, command), best in owners]


def _cell(label: str, attacker: Attacker, command: str, outcome: Outcome) -> dict[str, object]:
    name = "the rows' owner" if attacker.world == "B" else attacker.name
    shown = {"object": label, "identity": name, "command": command, "outcome": str(outcome)}
    return shown | {"role": attacker.identity.role, "reached": bool(outcome.reached)}


def require_tenants(context: Context) -> None:
    """Raise NotApplicable where there are no two tenants to attack one another."""
    arena = context.arena
    if arena.discovery.boundary is None:
        raise NotApplicable("no policy asks who the caller is and the settings name no tenant column: no tenants")
    if len(arena.worlds) < 2:
        raise NotApplicable(f"the sample data holds rows of {len(arena.worlds)} tenants: two are needed")


def ordinary(context: Context) -> set[tuple[str, str]]:
    """Relation and command of what members and strangers reach without any trick."""
    return {
        (cell.relation.label, cell.command) for cell in context.campaign.of(Kind.MEMBER, Kind.STRANGER) if cell.reached
    }


def group(cells: Iterable[Cell]) -> Iterator[tuple[tuple[str, str], list[Cell]]]:
    """Group cells by relation and command; a MERGE counts as the UPDATE that it is."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        command = "update" if cell.command == "merge" else cell.command
        found.setdefault((cell.relation.label, command), []).append(cell)
    yield from found.items()


def by_relation(cells: Iterable[Cell]) -> Iterator[tuple[str, list[Cell]]]:
    """Group cells by relation."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.relation.label, []).append(cell)
    yield from found.items()


def names(attackers: Iterable[Attacker]) -> str:
    """The attackers' names, the first few of them written out."""
    found = list(dict.fromkeys(attacker.name for attacker in attackers))
    more = f" and {len(found) - _NAMES} more" if len(found) > _NAMES else ""
    return ", ".join(found[:_NAMES]) + more


def finding(
    context: Context, check: str, cells: Sequence[Cell], summary: str, *, key: str, level: Level | None = None
) -> Finding:
    """Make a finding of cells of one relation: its level and reason are those of the gravest."""
    judged = [(judge(context.campaign, cell), cell) for cell in cells]
    verdict, worst = min(judged, key=lambda pair: (_RANK[pair[0].level], pair[1].command == "merge"))
    relation = worst.relation
    guess = f"\nguess: {verdict.guess}" if verdict.guess else ""
    return Finding(
        check,
        relation.label,
        f"{relation.label}: {summary}; {verdict.reason}",
        _remedy(worst, verdict),
        level=level if level is not None and _RANK[level] > _RANK[verdict.level] else verdict.level,
        detail=paste(worst.worst) + guess,
        location=place(context, relation, verdict.policy, cell=worst),
        key=key,
        audience=tuple(dict.fromkeys(cell.attacker.name for cell in cells)),
    )


def place(context: Context, relation: Relation, policy: Policy | None, *, cell: Cell | None = None) -> Location | None:
    """Where the policy was made that let an attack through; else the grant, or the table."""
    if policy is not None and (found := context.locate("policy", f"{relation.label}.{named(policy.name)}")):
        return found
    if cell is not None and not relation.row_security:
        return context.locate_grant("table", relation.label, cell.attacker.identity.role, cell.command)
    return context.locate("table", relation.label)


def _remedy(cell: Cell, verdict: Verdict) -> str:
    role = to(cell.attacker.identity.role)
    if not cell.relation.row_security:
        return (
            f"alter table {cell.relation.label} enable row level security; and give it policies, or revoke from {role}."
        )
    if verdict.guess:
        return "If it is meant, exclude it with that reason; else mend the policy."
    return f"Mend the policy for {cell.command.upper()}, or revoke the privilege from {role}."


def written_by_member(context: Context, found: Borrowing) -> str:
    """The statements to paste: the own row is taken away, and goes in again with another tenant's values."""
    statements = script(context.member, found.statement) + said(found.answer)
    return f"-- with the own row of that key taken away:\n{statements}"


def callers(context: Context) -> Iterator[Attacker]:
    """The attackers that everything but tables is attacked as: a member of A, a visitor, a login without claims."""
    players = Players(context.arena)
    yield players.member(context.arena.worlds[0])
    yield from filter(None, (players.anonymous(), players.claimless()))
