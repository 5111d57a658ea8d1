"""A migration that is interrupted leaves nothing, or what running it again completes."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level
from schemaproof.midway import prove_interruptions, prove_race, sample_kills
from schemaproof.migrations import without_gaps

__all__ = ["interruption"]


@check(level=Level.ERROR, stepwise=True)
def interruption(context: Context) -> Iterator[Finding]:
    """A migration that failed midway cannot be run again, and the deployment stands until someone mends it by hand.

    Each migration and each rollback is made to fail where something of it could stay: at the end of each transaction,
    before and behind each statement that runs alone, and in the middle of building an index. Nothing may be left then,
    or a second run must come to the very catalogue and rows of an uninterrupted one. The server process is killed
    midway, and two runners start at once.
    """
    session = context.session
    if context.target.is_file:
        raise NotApplicable("a single file stands for the schema: no deployment runs it as a migration")
    if not session.can_start_over:
        raise NotApplicable("the migrations make roles, so that a second run takes a server that schemaproof starts")
    for numbers in without_gaps(context.steps):
        proof = prove_interruptions(session, numbers)
        context.proved["failures"] += proof.failures
        yield from proof.findings
        if session.server.is_ours:
            yield from _of_crashes(context, numbers, {found.key for found in proof.findings})
        yield from prove_race(session, numbers)
        context.proved["races"] += 1


def _of_crashes(context: Context, numbers: range, known: set[str]) -> Iterator[Finding]:
    """Yield what only a crash brings about."""
    found = sample_kills(context.session, numbers)
    context.proved["kills"] += found.kills
    yield from (finding for finding in found.findings if finding.key not in known)
