"""`schemaproof report` renders the results of an earlier run anew."""

from pathlib import Path
from typing import Annotated

import typer

from schemaproof.cli.reports import FormatsOption, OutputsOption, Reports

__all__ = ["report"]

ResultsArgument = Annotated[
    Path,
    typer.Argument(metavar="RESULTS.json", help="What `check` or `bench` wrote with `--output FILE.json`."),
]


def report(results: ResultsArgument, styles: FormatsOption = None, outputs: OutputsOption = None) -> None:
    """Render the results of an earlier run in another format, without a server.

    Exit code 0: rendered, whatever they say. 2: usage.

    [bold]Examples[/bold]

    schemaproof report results.json

    schemaproof report reports/bench.json --output bench.html

    schemaproof report results.json --format markdown >> "$GITHUB_STEP_SUMMARY"

    schemaproof report results.json -o schemaproof.sarif -o junit.xml -o gitlab:gl-code-quality-report.json
    """
    from schemaproof.results import read_document

    reports = Reports.read(styles or (), outputs or (), taken=[results])
    reports.write(read_document(results))
