"""A table's rows as COPY reads them, block by block: the same bytes for the same model, profile, seed and functions."""

import queue
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from schemaproof.errors import UsageError
from schemaproof.volume.encoding import Encoder
from schemaproof.volume.facts import Column, TableFacts
from schemaproof.volume.space import RowSize
from schemaproof.volume.world import Source

__all__ = ["Block", "TableStream", "ahead"]

_HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
_TRAILER = b"\xff\xff"
_SAMPLE_ROWS = 200
_BLOCK_BYTES = 2_000_000
_BLOCK_ROWS = 10_000


@dataclass(frozen=True)
class Block:
    """Some rows in binary form; the first block opens with the file's header, the last ends with its trailer."""

    data: bytes
    rows: int


class TableStream:
    """The rows of one table; `columns` is the order in which their fields come.

    Raises:
        UsageError: a recipe makes what its column does not take.
    """

    def __init__(self, source: Source, facts: TableFacts, encoder: Encoder) -> None:
        self.source = source
        self._encoder = encoder
        self._names = tuple(source.table.columns)
        self.columns: tuple[Column, ...] = tuple(facts.columns[name] for name in self._names)
        self.size = RowSize(0.0, {})
        if source.rows:
            self._try()

    def blocks(self) -> Iterator[Block]:
        """Return all rows."""
        rows = self.source.rows
        step = max(1_000, min(_BLOCK_ROWS, round(_BLOCK_BYTES / max(self.size.row, 1.0))))
        yield Block(_HEADER, 0)
        for low in range(0, rows, step):
            high = min(low + step, rows)
            yield Block(self._encoded(low, high), high - low)
        yield Block(_TRAILER, 0)

    def _encoded(self, low: int, high: int) -> bytes:
        view = self.source.view(np.arange(low, high, dtype=np.int64))
        return self._encoder.rows([view.column(name) for name in self._names], self.columns)

    def _try(self) -> None:
        """Make some rows, spread over the table: to see what fits, how long it is, and which order is quick."""
        rows = np.unique(np.linspace(0, self.source.rows - 1, _SAMPLE_ROWS).astype(np.int64))
        view = self.source.view(rows)
        values, lengths = [], dict[str, float]()
        for name, column in zip(self._names, self.columns, strict=True):
            try:
                values.append(view.column(name))
                lengths[name] = len(self._encoder.rows([values[-1]], [column])) / len(rows) - 6
            except UsageError as error:
                cases = self.source.table.columns[name]
                raise self.source.world.model.document.error(
                    cases[0].key, error.message, remedy=error.remedy
                ) from error
        order = self._encoder.order(values, self.columns)
        self._names = tuple(self._names[place] for place in order)
        self.columns = tuple(self.columns[place] for place in order)
        self.size = RowSize(sum(lengths.values()), lengths)


def ahead(blocks: Iterator[Block], *, depth: int = 4) -> Iterator[Block]:
    """Return the blocks, made by a thread of their own while the ones before are written."""
    made: queue.Queue[Block | BaseException | None] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: Block | BaseException | None) -> None:
        while not stopped.is_set():
            try:
                made.put(item, timeout=0.2)
            except queue.Full:
                continue
            return

    def make() -> None:
        try:
            for block in blocks:
                put(block)
                if stopped.is_set():
                    return
            put(None)
        except BaseException as error:  # the thread that writes is told
            put(error)

    thread = threading.Thread(target=make, daemon=True)
    thread.start()
    try:
        while (item := made.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        thread.join()
