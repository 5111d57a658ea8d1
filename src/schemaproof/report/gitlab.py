"""GitLab's Code Quality report: an array of findings, of which a merge request shows those that are new in it."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from schemaproof.report.findings import Document, open_findings, place_of

__all__ = ["gitlab"]

_SEVERITIES = {"error": "critical", "warning": "minor", "note": "info"}


def gitlab(document: Mapping[str, Any]) -> str:
    """Return the open findings as GitLab reads them (GitLab Docs, Code Quality report format)."""
    seen: Counter[str] = Counter()
    entries = []
    for found in open_findings(document):
        entries.append(_entry(document, found, seen[found["key"]]))
        seen[found["key"]] += 1
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def _entry(document: Document, found: Document, nth: int) -> dict[str, Any]:
    return {
        "description": f"{found['summary']}. {found['remedy']}",
        "check_name": found["check"],
        "fingerprint": _fingerprint(found["key"], nth),
        "severity": _SEVERITIES[found["level"]],
        "location": {"path": place_of(document, found["file"]), "lines": {"begin": found["line"] or 1}},
    }


def _fingerprint(key: str, nth: int) -> str:
    """What names a finding across commits: its key, and its number among those of the same key."""
    return hashlib.sha256(f"{key}\0{nth}".encode() if nth else key.encode()).hexdigest()
