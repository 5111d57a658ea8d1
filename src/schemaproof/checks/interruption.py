"""A migration that is interrupted leaves nothing, or what running it again completes."""

from collections.abc import Iterator

from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level
from schemaproof.midway import prove_interruptions, prove_race

__all__ = ["interruption"]


@check(level=Level.ERROR)
def interruption(context: Context) -> Iterator[Finding]:
    """A migration that failed midway can be neither run again nor undone, and the deployment stands until someone mends it by hand.

    Each migration and each rollback is made to fail where something of it could stay: at the end of each transaction, before and
    behind each statement that runs alone, and in the middle of building an index. Nothing may be left then, or a second
    run must come to the very catalogue and rows of an uninterrupted one. The server process is killed midway, and two
    runners start at once.
    """
    session = context.session
    if not session.can_start_over:
        raise NotApplicable("the migrations make roles, so that a second run takes a server that schemaproof starts")
    numbers = range(len(context.target.history))
    proof = prove_interruptions(session, numbers)
    context.count("failures", proof.failures, "the project has no migration")
    yield from proof.findings
    yield from prove_race(session, numbers)
    context.proved["races"] += 1
