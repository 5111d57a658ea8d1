"""The migrations apply, in order, to what the platform gives."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level, Location
from schemaproof.migrations import MigrationError

__all__ = ["build"]


_MEND = "Mend the statement that it names."
_LEFT_OUT = (
    "The file uses what it does not make: dump that too, or name the platform that has it (--platform supabase), or, "
    "if it is of a newer PostgreSQL, a server of that version."
)
_THERE = "It is there already: dump the project's own schemas only (pg_dump --schema=…)."
# What a single file is refused for, where no migration of a folder would be.
_OF_A_FILE = {
    **dict.fromkeys(("3F000", "42P01", "42704", "42883"), _LEFT_OUT),
    **dict.fromkeys(("42P06", "42P07", "42710", "42723"), _THERE),
    "23503": "The rows refer to rows that the dump leaves out: dump those too, or no rows (pg_dump --schema-only).",
    "42501": "The role that runs migrations may not: dump the project's own schemas only (pg_dump --schema=…), "
    "without owners (--no-owner) where they are not its roles.",
}


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
            error.remedy or _remedy(context, error.sqlstate),
            detail=str(error),
            location=Location(error.path, error.line),
            key=f"build:{error.path.name}:{error.sqlstate}",
        )
        return
    context.proved["migrations"] += len(context.target.history)


def _remedy(context: Context, sqlstate: str | None) -> str:
    return _OF_A_FILE.get(sqlstate or "", _MEND) if context.target.is_file else _MEND
