"""Which report goes where: several at once, each format named or told by its file's ending; refused before the run."""

import re
import shutil
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from schemaproof.cli.output import require_writable, write_whole
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.report import ENDINGS, FORMATS, render
from schemaproof.report.findings import counted

__all__ = ["FormatsOption", "OutputsOption", "Report", "Reports"]

_ALSO_JSON = frozenset(("gitlab", "sarif"))  # `.json` tells another format
_OTHER_FILE = "Give --output another file."
_PREFIX = re.compile(r"(?P<style>[A-Za-z]{2,}):(?P<path>.+)", re.DOTALL)  # a single letter is a drive of Windows
FormatsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="What the terminal gets: text, json, junit, sarif, github, gitlab, markdown or html. An --output whose "
        "ending tells no format takes it instead.",
    ),
]
OutputsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="[FORMAT:]FILE",
        help="Write a report there, in the format of its ending; may be repeated.",
    ),
]


@dataclass(frozen=True)
class Report:
    """One report: its format and the file that it goes to."""

    style: str
    path: Path


@dataclass(frozen=True)
class Reports:
    """All reports of a run: the one on the standard output, and the files."""

    terminal: str
    files: tuple[Report, ...] = ()

    @classmethod
    def read(
        cls,
        styles: Sequence[str],
        outputs: Sequence[str],
        *,
        taken: Sequence[Path] = (),
        formats: Collection[str] = FORMATS,
    ) -> "Reports":
        """Read the options --format and --output, and see that every file can be written.

        A file has the format that is named with it, or that its ending tells. Those whose ending tells none take the
        formats of --format in their order; where there is no such file, --format is the terminal's.

        Args:
            taken: files that are written besides.
            formats: those that the command's results have.

        Raises:
            UsageError: an unknown format or ending, a format that may be meant for a file of another one's ending, two
                reports for one file, a file that cannot be written.
        """
        for style in styles:
            _refuse_unknown(style, formats)
        named = [_named(output, formats) for output in outputs]
        nameless = sum(style is None for style, _ in named)
        if styles and len(styles) != max(nameless, 1):
            raise _unpaired(len(styles), nameless)
        if not nameless:
            _refuse_doubtful(styles, outputs, formats)
        given = iter(styles)
        files = tuple(Report(style or next(given, None) or _required(path, formats), path) for style, path in named)
        _refuse_double([*taken, *(report.path for report in files)])
        for report in files:
            require_writable(report.path, remedy=_OTHER_FILE)
        return cls(next(given, "text"), files)

    def write(self, document: Mapping[str, Any]) -> None:
        """Write every report; one that fails keeps none of the others from being written, nor the terminal's."""
        refusals = []
        for report in self.files:
            try:
                write_whole(report.path, render(document, report.style), remedy=_OTHER_FILE)
            except UsageError as refusal:
                refusals.append(refusal)
        self._show(document)
        if refusals:
            raise refusals[0]

    def _show(self, document: Mapping[str, Any]) -> None:
        colored = sys.stdout.isatty()
        piped = 120 if document.get("kind") == "bench" else 80
        width = shutil.get_terminal_size().columns if colored else piped
        typer.echo(render(document, self.terminal, color=colored, width=width, whole=False), nl=False)


def _named(output: str, formats: Collection[str]) -> tuple[str | None, Path]:
    if match := _PREFIX.fullmatch(output):
        _refuse_unknown(match["style"], formats)
        return match["style"], Path(match["path"])
    if not output.strip():
        raise UsageError("--output without a file", remedy="Give --output a file.")
    return _by_ending(Path(output), formats), Path(output)


def _refuse_unknown(style: str, formats: Collection[str]) -> None:
    if style not in formats:
        remedy = did_you_mean(style, formats, otherwise=f"Formats: {', '.join(formats)}.")
        raise UsageError(f"unknown format {style!r}", remedy=remedy)


def _by_ending(path: Path, formats: Collection[str]) -> str | None:
    """The format that a file's ending tells; None where it has none, as a device has, or an unknown one."""
    style = "sarif" if path.name.lower().endswith(".sarif.json") else ENDINGS.get(path.suffix.lower())
    return style if path.suffix and style in formats else None


def _required(path: Path, formats: Collection[str]) -> str:
    """The format of a file whose ending tells none, and to which no option gives one: text where it has no ending."""
    if path.suffix:
        endings = [ending for ending, style in ENDINGS.items() if ending and style in formats]
        raise UsageError(
            f"--output {path}: no format has the ending {path.suffix!r}",
            remedy=f"Name it, as in --output json:{path}. Endings: {', '.join(endings)}.",
        )
    return ENDINGS[""]


def _refuse_doubtful(styles: Sequence[str], outputs: Sequence[str], formats: Collection[str]) -> None:
    """Refuse a --format that is JSON of its own kind beside a file that ends so: either may be meant."""
    style = next(iter(_ALSO_JSON.intersection(styles)), None)
    for output in outputs if style else ():
        if _PREFIX.fullmatch(output) is None and _by_ending(Path(output), formats) == "json":
            raise UsageError(
                f"--format {style} --output {output}: is {style} for the file, or for the terminal?",
                remedy=f"Name the file's: --output {style}:{output}, or --output json:{output}.",
            )


def _unpaired(formats: int, nameless: int) -> UsageError:
    where = f"{counted(nameless, 'outputs')} whose ending tells none" if nameless else "the terminal"
    return UsageError(
        f"{counted(formats, 'formats')} for {where}",
        remedy="Name the format with each file, as in --output sarif:report.sarif --output junit:report.xml.",
    )


def _refuse_double(paths: Sequence[Path]) -> None:
    seen: dict[Path, Path] = {}
    for path in paths:
        if (first := seen.setdefault(path.resolve(), path)) is not path:
            raise UsageError(
                f"two outputs on one file: {first}" + ("" if first == path else f" and {path}"),
                remedy="Give each output a file of its own.",
            )
