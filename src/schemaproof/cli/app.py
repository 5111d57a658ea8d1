"""The commands and what they have in common: a refusal is one message and exit code 2, never a traceback."""

import errno
import os
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from schemaproof import __version__
from schemaproof.cli import check, coverage, migrate, snapshot
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
app.command("checks")(check.checks)
app.command("coverage")(coverage.coverage)
app.command("snapshot")(snapshot.snapshot)
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
    for number in _ENDINGS:
        if signal.getsignal(number) is signal.SIG_DFL:  # under nohup a hang-up is ignored
            signal.signal(number, _end)
    try:
        app()
    except SchemaproofError as error:
        _refuse(error.message, error.remedy)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        # What could not be written would be tried again at the end of the process, which then has another exit code.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _refuse(f"cannot write {error.filename or 'the output'}: {error.strerror}", "Make space, or write elsewhere.")
        sys.exit(SchemaproofError.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


_ENDINGS = (signal.SIGTERM, signal.SIGHUP)
_FULL = (errno.ENOSPC, errno.EDQUOT)


def _end(number: int, _: FrameType | None) -> NoReturn:
    """End the process as the signal asks, but let every open block clean up first: databases, servers, files."""
    for each in _ENDINGS:
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


def _refuse(message: str, remedy: str) -> None:
    sys.stderr.write(f"schemaproof: {message}\n")
    if remedy:
        sys.stderr.write(f"  {remedy}\n")
