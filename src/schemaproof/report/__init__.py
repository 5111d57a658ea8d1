"""What a person or a CI system reads: pure functions of the results document."""

from collections.abc import Callable, Mapping
from typing import Any

from schemaproof.report.bench import bench_text
from schemaproof.report.github import github
from schemaproof.report.gitlab import gitlab
from schemaproof.report.junit import junit
from schemaproof.report.machine import as_json
from schemaproof.report.markdown import markdown
from schemaproof.report.sarif import sarif
from schemaproof.report.text import text

__all__ = ["ENDINGS", "FORMATS", "bench_text", "render"]

_WRITERS: Mapping[str, Callable[..., str]] = {
    "text": text,
    "json": as_json,
    "junit": junit,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
    "markdown": markdown,
}
FORMATS = tuple(_WRITERS)
# What the ending of a file tells of its format.
ENDINGS = {"": "text", ".txt": "text", ".json": "json", ".xml": "junit", ".sarif": "sarif", ".md": "markdown"}


def render(document: Mapping[str, Any], style: str, *, color: bool = False, width: int = 80, whole: bool = True) -> str:
    """Return the document in the given format.

    Args:
        color, width: for `text` only: ANSI colours, and columns.
        whole: for `text` only: whether to show every finding, or what a person can read at a terminal.
    """
    if style == "text":
        return text(document, color=color, width=width, whole=whole)
    return _WRITERS[style](document)
