"""`schemaproof coverage` shows each requirement with what proves it."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from schemaproof.cli.check import prove_target
from schemaproof.cli.options import ConfigOption, PgVersionOption, ServerKind, ServerOption, server_spec
from schemaproof.errors import UsageError

__all__ = ["coverage"]

_STYLES = {"proved": "green", "failed": "bold red", "unproved": "yellow"}
ResultsArgument = Annotated[
    Path | None,
    typer.Argument(metavar="[RESULTS.json]", help="What `check --format json` wrote; without it, check runs."),
]
FormatOption = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]


def coverage(
    results: ResultsArgument = None,
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    config: ConfigOption = None,
    style: FormatOption = "text",
) -> None:
    """Show each requirement with what proves it, and whether it passed.

    The requirements are rows of the Markdown file that the setting `requirements` names; a test proves one by
    @pytest.mark.req("3.4"), a check by its name in the row. Exit code 1 when one is failed, or unproved with neither
    an exclusion nor a test that was skipped.
    """
    if style not in ("text", "json"):
        raise UsageError(f"unknown format {style!r}", remedy="Formats: text, json.")
    document = _read(results) if results else _run(server, pg_version, config)
    if not document["requirements"]:
        raise UsageError(
            "the results hold no requirements", remedy="Set `requirements` and `suites` under [tool.schemaproof]."
        )
    if style == "json":
        typer.echo(json.dumps(document["requirements"], indent=2, ensure_ascii=False))
    else:
        _print(document)
    raise typer.Exit(int(any(_is_open(document, clause) for clause in document["requirements"])))


def _run(server: ServerKind, pg_version: int | None, config: Path | None) -> Mapping[str, Any]:
    from schemaproof.config import load_target

    return prove_target(load_target(config=config), server_spec(server, pg_version, None), suites=True)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"results {path}: {error}", remedy="Give the file that `schemaproof check --format json -o FILE` wrote."
        ) from error
    return document if "requirements" in document else {"requirements": [], "findings": []}


def _is_open(document: Mapping[str, Any], clause: Mapping[str, Any]) -> bool:
    if clause["status"] == "unproved" and (found := _finding(document, clause)):
        return found["level"] == "error" and found["excluded"] is None and not found["known"]
    return bool(clause["status"] != "proved")


def _excluded(document: Mapping[str, Any], clause: Mapping[str, Any]) -> str | None:
    """Why the project accepts that the clause is not proved."""
    found = _finding(document, clause)
    return found["excluded"] if found else None


def _finding(document: Mapping[str, Any], clause: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = (each for each in document["findings"] if each["check"] == "coverage" and each["object"] == clause["id"])
    return next(found, None)


def _print(document: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 100, highlight=False)
    table = Table.grid(padding=(0, 2))
    for clause in document["requirements"]:
        proofs = ", ".join(_told(clause["proofs"])) or _excluded(document, clause) or ""
        table.add_row(
            clause["id"],
            Text(clause["status"], _STYLES[clause["status"]]),
            Text(f"{clause['text']}\n") + Text(proofs, "dim"),
        )
    console.print(table)
    counts = {status: sum(c["status"] == status for c in document["requirements"]) for status in _STYLES}
    console.print(", ".join(f"{count} {status}" for status, count in counts.items()))


def _told(proofs: list[Mapping[str, Any]]) -> list[str]:
    """Checks by name, tests by file with their number; failed ones each."""
    checks = [f"check {proof['id']}" for proof in proofs if proof["kind"] == "check"]
    tests = [proof["id"].partition("::")[0] for proof in proofs if proof["kind"] == "test"]
    failed = [f"FAILED {proof['id']}" for proof in proofs if proof["outcome"] in ("failed", "error", "broken")]
    return failed + checks + [f"{file} ({tests.count(file)})" for file in dict.fromkeys(tests)]
