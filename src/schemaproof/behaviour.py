"""The committed behaviour matrix: which identity reached what by which command, and what a change widens."""

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
    cells = _nested(matrix)
    objects = ",".join(f"\n  {_json(name)}: {{{_lines(cells[name])}\n  }}" for name in sorted(cells))
    return f'{{\n "version": {BEHAVIOUR_VERSION},\n "cells": {{{objects}\n }}\n}}\n'


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
        known = before.get(name, {})
        found += [
            Widening(name, identity, command, was, after)
            for identity in identities
            if identity in known
            for command, after in identities[identity].items()
            if _reached(after) and not _reached(was := known[identity].get(command, ""))
        ]
    return found


def _lines(identities: Mapping[str, Mapping[str, str]]) -> str:
    return ",".join(
        f"\n   {_json(identity)}: {_json(dict(sorted(identities[identity].items())))}"
        for identity in sorted(identities)
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _reached(outcome: str) -> bool:
    """Tell whether rows were reached: `2 rows`, or a constraint that spoke after the policies (class 23)."""
    return outcome.startswith("23") or (" row" in outcome and not outcome.startswith("0 "))


def _nested(matrix: Iterable[Mapping[str, object]]) -> dict[str, dict[str, dict[str, str]]]:
    cells: dict[str, dict[str, dict[str, str]]] = {}
    for cell in matrix:
        commands = cells.setdefault(str(cell["object"]), {}).setdefault(str(cell["identity"]), {})
        commands[str(cell["command"])] = str(cell["outcome"])
    return cells
