"""Reads the markers that a migration carries in its comments: what the tests and `down` must know about it."""

import re
from pathlib import Path

from schemaproof.errors import UsageError, did_you_mean
from schemaproof.migrations.failure import shown

__all__ = ["irreversible_reason"]

_MARKER = re.compile(r"^[ \t]*--[ \t]*schemaproof:[ \t]*(?P<word>\S*)[ \t]*(?P<rest>[^\r\n]*)", re.MULTILINE)
_WORDS = ("irreversible",)


def irreversible_reason(text: str, path: Path) -> str | None:
    """Return the reason of the line `-- schemaproof: irreversible <reason>` in `text`; None without one.

    Raises:
        UsageError: a marker without a reason, or with another word.
    """
    reason = None
    for match in _MARKER.finditer(text):
        place = f"{shown(path)}:{text.count(chr(10), 0, match.start()) + 1}"
        _refuse_unknown(match["word"], place)
        reason = match["rest"].strip()
        if not reason:
            raise UsageError(
                f"{place}: the marker `irreversible` gives no reason",
                remedy="Write `-- schemaproof: irreversible <what is lost>`.",
            )
    return reason


def _refuse_unknown(word: str, place: str) -> None:
    if word not in _WORDS:
        remedy = did_you_mean(word, _WORDS, otherwise=f"Known markers: {', '.join(_WORDS)}.")
        raise UsageError(f"{place}: unknown marker {word!r}", remedy=remedy)
