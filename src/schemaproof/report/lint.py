"""What lint found, for a person at a terminal."""

import io
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from schemaproof.report.findings import counted, levels_of, open_findings
from schemaproof.report.text import print_acceptance, print_findings

__all__ = ["lint_text"]


def lint_text(document: Mapping[str, Any], *, color: bool = False, width: int = 80, whole: bool = True) -> str:
    """Return what lint found for reading, wrapped at `width` columns, with ANSI colours where `color` is set."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=color, no_color=not color, highlight=False, emoji=False)
    print_findings(console, document, whole)
    if any(found["level"] == "error" for found in open_findings(document)):
        print_acceptance(console, document)
    if document["findings"]:
        console.print()
    console.print(_verdict(document), style="bold red" if document["verdict"] != "clean" else "green")
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()).lstrip("\n") + "\n"


def _verdict(document: Mapping[str, Any]) -> str:
    accepted = sum(found["excluded"] is not None for found in document["findings"])
    known = sum(found["known"] and found["excluded"] is None for found in document["findings"])
    told = [
        levels_of(open_findings(document)) or "nothing found",
        f"{accepted} excluded" if accepted else "",
        f"{known} known (in the baseline)" if known else "",
    ]
    return f"{', '.join(filter(None, told))} in {counted(len(document['target']['versions']), 'migrations')}"
