"""A pooled connection's next request finds nothing of the last one's tenant."""

from collections.abc import Iterator

from schemaproof.attack import Players, Reuse, prepared, script, setting_for_long, sticky
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import place, require_tenants
from schemaproof.findings import Finding, Level

__all__ = ["sessions"]


@check(level=Level.ERROR)
def sessions(context: Context) -> Iterator[Finding]:
    """The next request on a pooled connection gets the rows of the last one's tenant.

    A statement that is prepared under A and executed under B must be planned so that the policy asks again: a function
    that is declared immutable and reads a setting is asked once and for all. A function that sets a tenant for the
    session and not for the transaction leaves it to whoever gets the connection next.
    """
    require_tenants(context)
    arena = context.arena
    players = Players(arena)
    first, second = players.member(arena.worlds[0]), players.member(arena.worlds[1])
    for relation, reuse in prepared(arena, first, second):
        context.proved["prepared statements"] += 1
        if reuse is not None:
            policy = next(
                (policy for policy in relation.policies if policy.applies("select", [arena.cast.member])), None
            )
            yield Finding(
                "sessions",
                relation.label,
                f"{relation.label}: a statement prepared under A gives B the rows of A: its plan has A's key in it",
                "Declare the functions that the policy calls STABLE: IMMUTABLE ones are evaluated when the plan is"
                " made.",
                detail=";\n".join(("-- as A, and the last statement again as B\nbegin", *reuse.statements)) + ";",
                location=place(context, relation, policy),
                key=f"sessions:{relation.label}:prepared",
            )
    yield from _left_over(context)
    if not any(context.proved.values()):
        raise NotApplicable("no role that requests come as may read a tenant's table or call a function that sets one")


def _left_over(context: Context) -> Iterator[Finding]:
    caller = Players(context.arena).claimless()
    told = set()
    for routine, reuse in sticky(context.arena, caller):
        context.proved["functions"] += 1
        if isinstance(reuse, Reuse):
            told.add(routine)
            yield Finding(
                "sessions",
                routine.label,
                f"function {routine.label} sets a tenant for the session: the connection's next request reads its rows"
                f" of {reuse.relation.label}",
                "Set it for the transaction: set_config(…, true) or SET LOCAL.",
                detail=script(caller, *reuse.statements),
                location=context.locate("function", routine.label),
                key=f"sessions:{routine.label}",
            )
    for routine in setting_for_long(context.arena):
        if routine not in told:
            yield Finding(
                "sessions",
                routine.label,
                f"function {routine.label} sets for the session what policies read, so that the connection's next"
                " request has it",
                "Set it for the transaction: set_config(…, true) or SET LOCAL.",
                level=Level.WARNING,
                detail="guess: no call of it was found that sets a tenant",
                location=context.locate("function", routine.label),
                key=f"sessions:{routine.label}",
            )
