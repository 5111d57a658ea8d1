"""`check --write-baseline`: the findings of today are written down, so that later runs fail on new ones only."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemaproof.cli.output import require_writable, write_whole
from schemaproof.errors import UsageError

if TYPE_CHECKING:
    from schemaproof.baseline import Baseline
    from schemaproof.config import Target

__all__ = ["Adoption", "BaselineOption", "WriteBaselineOption"]

_OTHER_FILE = "Give --baseline another file, or mend `baseline` in the settings."
BaselineOption = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="Known findings, instead of the settings' file (default: schemaproof-baseline.json beside them).",
        rich_help_panel="Baseline",
    ),
]
WriteBaselineOption = Annotated[
    bool,
    typer.Option(
        "--write-baseline",
        help="Write today's findings there: later runs count them, and fail on new ones only.",
        rich_help_panel="Baseline",
    ),
]


@dataclass(frozen=True)
class Adoption:
    """A baseline that is about to be written.

    Args:
        path: the file.
        before: what it held.
    """

    path: Path
    before: "Baseline"

    @classmethod
    def prepare(cls, target: "Target", *, partial: bool) -> "Adoption":
        """See where the baseline goes and that it can go there.

        Args:
            partial: not all checks will run: what the file holds of the others is needed.

        Raises:
            UsageError: there is no such place, or what the file holds is needed and cannot be read.
        """
        from schemaproof.baseline import Baseline

        if target.baseline is None:
            raise UsageError(
                "--write-baseline: the settings' baseline is not that of the migrations given here",
                remedy="Give --baseline FILE too.",
            )
        require_writable(target.baseline, remedy=_OTHER_FILE)
        before = Baseline()
        if target.baseline.exists():
            try:
                before = Baseline.read(target.baseline)
            except UsageError as refusal:
                if partial:
                    raise UsageError(refusal.message, remedy="Write it anew with all checks: without --only.") from None
        return cls(target.baseline, before)

    def of(self, target: "Target") -> "Target":
        """The target without its baseline: all of its findings are told."""
        return replace(target, baseline=None)

    def write(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write the findings of a run down, and return its document with all of them known."""
        from schemaproof.report.findings import counted
        from schemaproof.results import adopt

        if any(found["check"] == "build" for found in document["findings"]):
            typer.echo("no baseline was written: the schema does not build", err=True)
            return document
        baseline, adopted = adopt(document, self.before)
        write_whole(self.path, baseline.text(), remedy=_OTHER_FILE)
        typer.echo(f"wrote {self.path}: {counted(len(baseline.levels), 'known findings')}; commit it", err=True)
        return adopted
