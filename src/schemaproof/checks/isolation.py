"""Who reaches whose rows: every tenant table, every command, members and strangers, each denial with its control."""

from collections.abc import Iterator
from dataclasses import replace

from schemaproof.attack import NOBODY, Cell, Kind
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import finding, group, matrix, names, place, require_tenants
from schemaproof.findings import Finding, Level

__all__ = ["isolation"]

_COMMANDS = ("select", "insert", "update", "delete")


@check(level=Level.ERROR)
def isolation(context: Context) -> Iterator[Finding]:
    """One tenant reads or changes the rows of another.

    In a database filled for several tenants, SELECT, INSERT, UPDATE, DELETE and MERGE are run against B's rows in all
    forms in which policies treat them differently, as members of A, as a visitor and as a login without claims, in
    savepoints that are rolled back. What counts is what a superuser sees to be reached afterwards, not what the
    statement answered. A denial is proved only by its control: the same statement succeeds for the rows' owner.
    """
    if context.arena.discovery.boundary is None:
        yield from _no_tenants(context)
    require_tenants(context)
    _require_callers(context)
    campaign = context.campaign
    context.proved["tables"] += len({cell.relation.label for cell in campaign.cells})
    context.proved["probes"] += campaign.probes
    context.proved["controls"] += sum(bool(outcome.reached) for outcome in campaign.controls.values())
    context.cells.extend(matrix(context))
    cells = list(campaign.of(Kind.MEMBER, Kind.STRANGER))
    for (label, command), found in group(cell for cell in cells if cell.reached):
        summary = f"{names(cell.attacker for cell in found)} reach another tenant's rows by {command.upper()}"
        summary += f" ({found[0].worst})"
        yield finding(context, "isolation", found, summary, key=f"isolation:{label}:{command}")
    yield from _of_nobody(context)
    yield from _unproved(context, cells)
    yield from _elevated(context)
    yield from _nothing(context)


def _no_tenants(context: Context) -> Iterator[Finding]:
    """Tables that requests may touch, and nothing that tells whose rows are whose."""
    cast = context.arena.cast
    open_ = [
        t.label for t in context.arena.discovery.tables if any(t.lets(r, c) for r in cast.callers for c in _COMMANDS)
    ]
    if open_ and not cast.synthetic:
        yield Finding(
            "isolation",
            open_[0],
            f"nothing tells tenants apart, and {' and '.join(cast.callers)} may touch {', '.join(open_[:5])}: "
            "not attacked",
            "Set `column` and `claim` under [tool.schemaproof.tenancy], or exclude this with the reason "
            "that all is shared.",
            level=Level.WARNING,
            detail="\n".join(open_),
            location=context.locate("table", open_[0]),
            key="isolation:tenants",
        )


def _require_callers(context: Context) -> None:
    """Raise NotApplicable where no request may touch a tenant's table at all."""
    cast = context.arena.cast
    if not any(
        relation.lets(role, command)
        for relation in context.arena.owned
        for role in cast.callers
        for command in _COMMANDS
    ):
        raise NotApplicable(f"neither {' nor '.join(cast.callers)} holds a privilege on a tenant's table")


def _nothing(context: Context) -> Iterator[Finding]:
    """Where no member reaches any own row, no denial tells anything."""
    service, controls = context.arena.cast.service, context.campaign.controls
    if controls and not any(best.reached and best.attacker.identity.role != service for best in controls.values()):
        yield Finding(
            "isolation",
            "-",
            "nothing was proved: no statement succeeded for the owner of a row, so that no denial tells anything",
            "Set `sample` to rows that a member reaches, or `column` and `claim` under [tool.schemaproof.tenancy].",
            key="isolation:nothing",
        )


def _of_nobody(context: Context) -> Iterator[Finding]:
    """Rows without a tenant: what all tenants see, none may write; what none sees, a stranger may not either."""
    cells = [cell for cell in context.campaign.of(Kind.NOBODY) if cell.reached]
    seen = {cell.relation.label for cell in cells if cell.command == "select" and cell.attacker.world}
    for (label, command), found in group(cells):
        read = command == "select"
        harmful = [cell for cell in found if cell.attacker.world is None] if read else found
        if not harmful or (read and label in seen) or (command == "insert" and label not in seen):
            continue
        who = names(cell.attacker for cell in harmful)
        summary = f"{who} reach rows that belong to no tenant by {command.upper()} ({harmful[0].worst})"
        fallen = _falls_back(context, label)
        level = Level.WARNING if fallen and command == "select" else None
        made = finding(context, "isolation", harmful, summary, key=f"isolation:{label}:{command}:nobody", level=level)
        guess = f"\nguess: policies fall back to the key {fallen!r}, which may be a tenant for everybody"
        yield replace(made, detail=made.detail + guess) if made.level is Level.WARNING else made


def _falls_back(context: Context, label: str) -> str | None:
    """The key that rows of nobody have where policies fall back to one, as in coalesce(claim, '0')."""
    boundary = context.arena.discovery.boundary
    names = [node.column for node in boundary.columns if node.relation == label] if boundary else []
    rows = context.arena.held(label, NOBODY)
    return next((row.values[name] for row in rows for name in names if row.values[name] is not None), None)


def _unproved(context: Context, cells: list[Cell]) -> Iterator[Finding]:
    """Denials that prove nothing: the same statement ended otherwise for the attacker than it does for the owner."""
    for (label, command), found in group(cell for cell in cells if cell.unclear and not cell.reached):
        unclear = found[0].unclear
        if unclear is not None:
            yield Finding(
                "isolation",
                label,
                f"{label}: {command.upper()} as {names(cell.attacker for cell in found)} ended in"
                f" {unclear.answer.sqlstate}, which proves nothing: {unclear.answer.message}",
                "Look at what the statement met; a denial is 42501 or no row.",
                level=Level.WARNING,
                detail=unclear.form.statement,
                location=place(context, found[0].relation, None),
                key=f"isolation:{label}:{command}:unclear",
            )
    yield from _uncontrolled(context)


def _uncontrolled(context: Context) -> Iterator[Finding]:
    """Commands that a policy is for and that do not reach the owner's own rows."""
    arena, role = context.arena, context.arena.cast.member
    for (label, command), best in context.campaign.controls.items():
        relation = arena.relations[label]
        policy = next((each for each in relation.policies if each.permissive and each.applies(command, [role])), None)
        meant = policy is not None and (policy.using or policy.check) != "false"
        if command == "merge" or best.reached or not meant or not relation.lets(role, command):
            continue
        yield Finding(
            "isolation",
            label,
            f"{label}: {command.upper()} reaches none of the rows of their owner ({best}), so that its denial to others"
            f" proves nothing: {best.answer.message or 'no row'}",
            "Set `sample` to rows that a member reaches, or mend the policy.",
            level=Level.WARNING,
            detail=best.form.statement,
            location=place(context, relation, policy),
            key=f"isolation:{label}:{command}:control",
        )


def _elevated(context: Context) -> Iterator[Finding]:
    found = [cell for cell in context.campaign.of(Kind.ELEVATED) if cell.reached]
    tables = sorted(
        {cell.relation.label for cell in found}
        - {cell.relation.label for cell in context.campaign.of(Kind.MEMBER) if cell.reached}
    )
    if tables:
        yield Finding(
            "isolation",
            tables[0],
            f"{names(cell.attacker for cell in found)} reach rows of all tenants in {', '.join(tables)}",
            "Nothing, where it is meant: a role or claim that is no tenant's own gives the right.",
            level=Level.NOTE,
            key="isolation:elevated",
        )
