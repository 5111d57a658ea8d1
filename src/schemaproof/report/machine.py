"""The document itself, for programs."""

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["as_json"]


def as_json(document: Mapping[str, Any]) -> str:
    """Return the document as indented JSON."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
