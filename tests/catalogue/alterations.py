"""Reads alterations.sql: each alteration, what compare() must say of it, and whether `pg_dump -s` agrees."""

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ALTERATIONS", "Alteration"]


@dataclass(frozen=True)
class Alteration:
    """Statements and their differences, written as in alterations.sql."""

    sql: str
    expected: frozenset[str]
    dump_agrees: bool
    committed: bool

    def __str__(self) -> str:
        return re.sub(r"\W+", " ", self.sql).strip()[:60].replace(" ", "-")


def _read(path: Path) -> tuple[Alteration, ...]:
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return tuple(_alteration(block) for block in blocks[1:] if not block.startswith("-- #"))


def _alteration(block: str) -> Alteration:
    comments = [line.removeprefix("-- ") for line in block.splitlines() if line.startswith("-- ")]
    return Alteration(
        sql="\n".join(line for line in block.splitlines() if not line.startswith("-- ")),
        expected=frozenset(line for line in comments if line.split()[0] in ("added", "removed", "changed")),
        dump_agrees=not any(line.startswith("pg_dump disagrees: ") for line in comments),
        committed=not any(line.startswith("uncommitted: ") for line in comments),
    )


ALTERATIONS = _read(Path(__file__).with_name("alterations.sql"))
