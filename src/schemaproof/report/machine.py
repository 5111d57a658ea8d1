"""The document itself, for programs."""

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["as_json"]


def as_json(document: Mapping[str, Any]) -> str:
    """Return the document as JSON, indented but for the bench's, which indents would make three times as long."""
    return json.dumps(document, indent=None if document.get("kind") == "bench" else 2, ensure_ascii=False) + "\n"
