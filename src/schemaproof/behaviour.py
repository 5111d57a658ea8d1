"""The committed behaviour matrix: which identity reached what by which command, and what a change of the schema widens."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import UsageError

__all__ = ["BEHAVIOUR_VERSION", "Widening", "cells_text", "read_cells", "widenings"]

BEHAVIOUR_VERSION = 1

# object -> identity -> command -> `2 rows` or an SQLSTATE
Cells = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Widening:
    """A cell in which more is reached than before; `before` is empty where there was no such cell."""

    object: str
    identity: str
    command: str
    before: str
    after: str


def cells_text(matrix: Iterable[Mapping[str, object]]) -> str:
    """Return the file's text for a matrix of the results document: sorted, one identity a line."""
    lines = [f'{{\n "version": {BEHAVIOUR_VERSION},\n "cells": {{']
    cells = _nested(matrix)
    for number, name in enumerate(sorted(cells)):
        lines.append(f"  {json.dumps(name, ensure_ascii=False)}: {{")
        identities = sorted(cells[name])
        for place, identity in enumerate(identities):
            commands = json.dumps(dict(sorted(cells[name][identity].items())), ensure_ascii=False)
            lines.append(
                f"   {json.dumps(identity, ensure_ascii=False)}: {commands}{',' * (place < len(identities) - 1)}"
            )
        lines.append(f"  }}{',' * (number < len(cells) - 1)}")
    return "\n".join((*lines, " }\n}")) + "\n"


def read_cells(path: Path) -> Cells:
    """Read a committed matrix.

    Raises:
        UsageError: it cannot be read, is no JSON, or is of another version.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(f"behaviour {path}: {error}", remedy="Write it anew: `schemaproof behaviour`.") from error
    if not isinstance(document, dict) or document.get("version") != BEHAVIOUR_VERSION:
        raise UsageError(
            f"behaviour {path} is not of version {BEHAVIOUR_VERSION}", remedy="Write it anew: `schemaproof behaviour`."
        )
    cells: Cells = document["cells"]
    return cells


def widenings(before: Cells, matrix: Iterable[Mapping[str, object]]) -> list[Widening]:
    """Return the cells of objects that the committed matrix knows in which more rows are reached than before."""
    found = []
    for name, identities in _nested(matrix).items():
        for identity, commands in identities.items():
            known = before.get(name, {}).get(identity)
            for command, after in commands.items() if known is not None else ():
                if _reached(after) and not _reached(known.get(command, "")):
                    found.append(Widening(name, identity, command, known.get(command, ""), after))
    return found


def _reached(outcome: str) -> bool:
    """Tell whether rows were reached: `2 rows`, or a constraint that spoke after the policies (class 23)."""
    return outcome.startswith("23") or (" row" in outcome and not outcome.startswith("0 "))


def _nested(matrix: Iterable[Mapping[str, object]]) -> dict[str, dict[str, dict[str, str]]]:
    cells: dict[str, dict[str, dict[str, str]]] = {}
    for cell in matrix:
        commands = cells.setdefault(str(cell["object"]), {}).setdefault(str(cell["identity"]), {})
        commands[str(cell["command"])] = str(cell["outcome"])
    return cells
