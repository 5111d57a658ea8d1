"""Whether what is to be loaded has room where the server keeps it, told before anything is loaded."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemaproof.errors import UsageError
from schemaproof.server import Server
from schemaproof.volume.facts import TableFacts

__all__ = ["RowSize", "needed_bytes", "refuse_small_disk"]

_TUPLE_BYTES = 28  # header and line pointer, on page layout in the manual's chapter on physical storage
_INDEX_BYTES = 16  # the same of an index
_FILL = 1.15  # pages are not full, and indexes less so
_WAL_BYTES = 1_200_000_000  # up to max_wal_size stays
_MEMORY_FILE_SYSTEMS = ("/dev/shm",)  # noqa: S108 -- looked at, nothing is made there


@dataclass(frozen=True)
class RowSize:
    """Bytes of a table's average row, and of each column."""

    row: float
    columns: Mapping[str, float]


def needed_bytes(facts: TableFacts, rows: int, size: RowSize) -> int:
    """Return about how many bytes a table of `rows` rows takes, with its indexes."""
    keys = sum(_INDEX_BYTES + sum(size.columns.get(column, 8.0) for column in index.columns) for index in facts.indexes)
    return round(rows * _FILL * (_TUPLE_BYTES + size.row + keys))


def refuse_small_disk(server: Server, needed: int, *, what: str) -> None:
    """Raise UsageError where `needed` bytes do not fit beside the WAL; a server elsewhere cannot be asked."""
    directory = server.run_directory
    if directory is None:
        return
    free = _free(directory)
    if needed + min(needed, _WAL_BYTES) > free:
        raise UsageError(
            f"{what} needs about {_gigabytes(needed + min(needed, _WAL_BYTES))}, and {directory} has "
            f"{_gigabytes(free)} left",
            remedy="Take a smaller profile, make space, or set TMPDIR to a directory on a larger disk.",
        )


def _free(directory: Path) -> int:
    room = os.statvfs(directory)
    free = room.f_bavail * room.f_frsize
    if str(directory.resolve()).startswith(_MEMORY_FILE_SYSTEMS):
        lines = Path("/proc/meminfo").read_text().splitlines()
        available = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), free)
        return min(free, available)
    return free


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
