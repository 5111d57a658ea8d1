"""The commands and what they have in common: a refusal is one message and exit code 2, never a traceback."""

import errno
import os
import sys
from typing import Annotated, NoReturn

import typer

from schemaproof import __version__
from schemaproof.cli import behaviour, bench, check, checks, coverage, gate, lint, migrate, report, rest, snapshot, up
from schemaproof.cli.ending import end_if_asked, heed_signals
from schemaproof.errors import SchemaproofError

__all__ = ["app", "main"]

app = typer.Typer(
    name="schemaproof",
    help="Prove a PostgreSQL schema before it merges.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("check")(check.check)
app.command("checks")(checks.checks)
app.command("gate")(gate.gate)
app.command("lint")(lint.lint)
app.command("report")(report.report)
app.command("rest")(rest.rest)
app.command("bench")(bench.bench)
app.command("explain")(bench.explain)
app.command("coverage")(coverage.coverage)
app.command("up")(up.up)
app.command("snapshot")(snapshot.snapshot)
app.command("behaviour")(behaviour.behaviour)
app.add_typer(migrate.app, name="migrate")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"schemaproof {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Prove a PostgreSQL schema before it merges.

    schemaproof starts a real PostgreSQL, builds the schema on it, moves it forward and back, attacks its tenant
    isolation and answers with one report and one exit code: 0 clean, 1 findings, 2 usage or environment.
    """


def main() -> NoReturn:
    """Run the command line of this process and exit."""
    heed_signals()
    try:
        sys.exit(_run())
    finally:
        end_if_asked()


def _run() -> int:
    try:
        app()
    except SchemaproofError as error:
        end_if_asked()
        _refuse(error.message, error.remedy)
        return error.exit_code
    except OSError as error:
        if error.errno not in _FULL:
            raise
        # What could not be written would be tried again at the end of the process, which then has another exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _refuse(f"cannot write {error.filename or 'the output'}: {error.strerror}", "Make space, or write elsewhere.")
        return SchemaproofError.exit_code
    return 0


_FULL = (errno.ENOSPC, errno.EDQUOT)


def _refuse(message: str, remedy: str) -> None:
    sys.stderr.write(f"schemaproof: {message}\n")
    if remedy:
        sys.stderr.write(f"  {remedy}\n")
