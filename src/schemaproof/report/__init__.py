"""What a person or a CI system reads: pure functions of the results documents: of a check, the bench, or lint."""

from collections.abc import Callable, Mapping
from typing import Any

from schemaproof.errors import UsageError
from schemaproof.report.bench import bench_text
from schemaproof.report.github import github
from schemaproof.report.gitlab import gitlab
from schemaproof.report.junit import junit
from schemaproof.report.lint import lint_text
from schemaproof.report.machine import as_json
from schemaproof.report.markdown import markdown
from schemaproof.report.sarif import sarif
from schemaproof.report.text import text

__all__ = ["BENCH_FORMATS", "ENDINGS", "FORMATS", "LINT_FORMATS", "render", "render_html"]


def render_html(document: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> str:
    """Return the document as one HTML page, told against an earlier one of the same command where `base` is given."""
    # Templates and charts are imported by whom they serve: most commands write no page.
    from schemaproof.report.page import render_html as render_page

    return render_page(document, base)


_WRITERS: Mapping[str, Callable[..., str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
    "markdown": markdown,
    "html": render_html,
}
_BENCH_WRITERS: Mapping[str, Callable[..., str]] = {"text": bench_text, "json": as_json, "html": render_html}
_LINT_WRITERS: Mapping[str, Callable[..., str]] = {
    "text": lint_text,
    "json": as_json,
    "github": github,
    "gitlab": gitlab,
    "sarif": sarif,
}
FORMATS, BENCH_FORMATS, LINT_FORMATS = tuple(_WRITERS), tuple(_BENCH_WRITERS), tuple(_LINT_WRITERS)
# What the ending of a file tells of its format.
ENDINGS = {
    "": "text",
    ".txt": "text",
    ".json": "json",
    ".xml": "junit",
    ".sarif": "sarif",
    ".md": "markdown",
    ".html": "html",
}


def render(document: Mapping[str, Any], style: str, *, color: bool = False, width: int = 80, whole: bool = True) -> str:
    """Return the document in the given format.

    Args:
        color, width: for `text` only: ANSI colours, and columns.
        whole: for `text` of a check only: whether to show every finding, or what a person can read at a terminal.

    Raises:
        UsageError: a format that documents of this kind have not.
    """
    kind = document.get("kind", "check")
    writers = {"bench": _BENCH_WRITERS, "lint": _LINT_WRITERS}.get(kind, _WRITERS)
    if style not in writers:
        raise UsageError(f"results of {kind} have no format {style}", remedy=f"Formats: {', '.join(writers)}.")
    if style == "text":
        options: dict[str, Any] = {} if kind == "bench" else {"whole": whole}
        return writers[style](document, color=color, width=width, **options)
    return writers[style](document)
