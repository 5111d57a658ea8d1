"""The migrations apply, in order, to what the platform gives."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level, Location
from schemaproof.migrations import MigrationError

__all__ = ["build"]


@check(level=Level.ERROR)
def build(context: Context) -> Iterator[Finding]:
    """A migration does not apply, and a deployment stops half-way.

    All migrations run on an empty database of the platform, as the role and in the order of a deployment. Every file is
    parsed before the first one runs.
    """
    try:
        context.session.template_name()
    except MigrationError as error:
        yield Finding(
            "build",
            error.path.name,
            error.reason,
            error.remedy or "Mend the statement that it names.",
            detail=str(error),
            location=Location(error.path, error.line),
            key=f"build:{error.path.name}:{error.sqlstate}",
        )
        return
    context.proved["migrations"] += len(context.target.history)
