"""The committed dump of the schema is what the migrations make today."""

import difflib
import re
from collections.abc import Iterator

from schemaproof.catalogue import dump_schema
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.findings import Finding, Level, Location

__all__ = ["snapshot", "snapshot_text"]

_HEADER = "-- schemaproof snapshot of PostgreSQL {major}: made by `schemaproof snapshot`, not by hand.\n\n"
_MAJOR = re.compile(r"\A-- schemaproof snapshot of PostgreSQL (\d+):")


@check(level=Level.ERROR)
def snapshot(context: Context) -> Iterator[Finding]:
    """A reviewer reads a schema that is not the one the migrations make.

    The committed snapshot is a normalised `pg_dump --schema-only` of the project's own schemas; a change of the schema
    shows in the diff of the pull request only if it is made anew with each migration.
    """
    path = context.target.snapshot
    if path is None:
        raise NotApplicable("the settings name no snapshot")
    committed = path.read_text(encoding="utf-8") if path.is_file() else ""
    major = context.session.server.version // 10000
    found = _MAJOR.match(committed)
    if found and int(found[1]) != major:
        raise NotApplicable(f"the snapshot is of PostgreSQL {found[1]}, this server is {major}: their dumps differ")
    if context.session.server.bin_dir is None:
        raise NotApplicable(f"no pg_dump of PostgreSQL {major} is at hand for this server")
    current = snapshot_text(context)
    context.proved["lines"] += current.count("\n")
    if committed != current:
        name = context.target.relative(path)
        diff = list(
            difflib.unified_diff(committed.splitlines(), current.splitlines(), str(name), "the migrations", lineterm="")
        )
        yield Finding(
            "snapshot",
            str(name),
            f"{name} is stale" if committed else f"{name} is missing",
            "Run `schemaproof snapshot` and commit what it writes.",
            detail="\n".join(diff),
            location=Location(path, _first_line(diff)),
            key="snapshot:stale",
        )


def snapshot_text(context: Context) -> str:
    """Return what the snapshot file should hold."""
    session = context.session
    header = _HEADER.format(major=session.server.version // 10000)
    return header + dump_schema(session.server, session.template_name(), context.schemas)


def _first_line(diff: list[str]) -> int:
    """The first line of the committed file that differs, or after which something is missing."""
    line = 0
    for text in diff[2:]:
        if hunk := re.match(r"@@ -(\d+)", text):
            line = int(hunk[1])
        elif text[:1] in "+-":
            break
        else:
            line += 1
    return max(line, 1)
