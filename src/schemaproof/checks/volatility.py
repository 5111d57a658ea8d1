"""Functions are as stable as they declare."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.references import Name
from schemaproof.surface import Routine

__all__ = ["volatility"]

_WORDS = {"i": "IMMUTABLE", "s": "STABLE"}
_VOLATILE = {"nextval", "setval", "random", "gen_random_uuid", "clock_timestamp", "set_config", "pg_advisory_xact_lock"}
_STABLE = {"now", "current_setting", "statement_timestamp", "transaction_timestamp"}


@check(level=Level.ERROR)
def volatility(context: Context) -> Iterator[Finding]:
    """A query answers with what was true for another statement, or another user: a function promised to be stable.

    An IMMUTABLE function is folded into a constant when a statement is planned, and a plan is kept: in a policy, one
    user's claim then answers for the next (an error). A function that is not VOLATILE cannot write: INSERT in one
    fails with 0A000 (an error). One that calls what writes, or an IMMUTABLE one that reads tables, is a warning
    (manual, Function Volatility Categories).
    """
    routines = [each for each in context.routines.of(context.schemas) if each.references.readable]
    context.count("functions", len(routines), "the project has no function that can be read")
    in_policies = {name for policy in context.policies for name in policy.calls}
    for routine in routines:
        if routine.volatility in _WORDS and (found := _lie(context, routine, in_policies)):
            level, how = found
            yield Finding(
                "volatility",
                routine.label,
                f"{routine.label} is declared {_WORDS[routine.volatility]} and {how}",
                f"alter {routine.kind} {routine.label} {'stable' if 'reads' in how else 'volatile'};",
                level=level,
                location=context.locate(routine.kind, routine.label),
            )


def _lie(context: Context, routine: Routine, in_policies: set[Name]) -> tuple[Level, str] | None:
    own, reached = routine.references, context.routines.reached(routine.references)
    if written := _outside(own.written, own.made):
        return Level.ERROR, f"writes {written}, which fails with 0A000"
    if written := _outside(reached.written, reached.made):
        return Level.WARNING, f"calls what writes {written}"
    if called := sorted(
        call.name for call in reached.calls if call.schema in (None, "pg_catalog") and call.name in _VOLATILE
    ):
        return Level.WARNING, f"calls {called[0]}(), which is volatile"
    if routine.volatility == "s":
        return None
    if context.routines.asks_who(own):
        frozen = Name(routine.schema, routine.name) in in_policies
        end = ": a policy keeps the answer of another user" if frozen else ""
        return (Level.ERROR if frozen else Level.WARNING), f"reads who is asking{end}"
    if read := _outside(reached.relations, reached.made):
        return Level.WARNING, f"reads {read}"
    if called := sorted(
        call.name for call in reached.calls if call.schema in (None, "pg_catalog") and call.name in _STABLE
    ):
        return Level.WARNING, f"reads {called[0]}()"
    return None


def _outside(names: frozenset[Name], made: frozenset[str]) -> str:
    return ", ".join(sorted(str(name) for name in names if name.name not in made))
