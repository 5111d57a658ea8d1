"""What a person or a CI system reads: pure functions of the results document."""

from collections.abc import Callable, Mapping
from typing import Any

from schemaproof.report.bench import bench_text
from schemaproof.report.junit import junit
from schemaproof.report.machine import as_json
from schemaproof.report.text import text

__all__ = ["FORMATS", "bench_text", "render"]

_WRITERS: Mapping[str, Callable[..., str]] = {"text": text, "json": as_json, "junit": junit}
FORMATS = tuple(_WRITERS)


def render(document: Mapping[str, Any], style: str, *, color: bool = False, width: int = 80) -> str:
    """Return the document in the given format; `color` and `width` (columns) hold for `text` only."""
    return text(document, color=color, width=width) if style == "text" else _WRITERS[style](document)
