"""Values into the fields of COPY's binary format (the manual's page on COPY), each with its length in front.

Labels are encoded by the server, once each, by the send function of the column's type: so any type will do.
"""

import itertools
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg import sql

from schemaproof.errors import UsageError
from schemaproof.volume.facts import Column
from schemaproof.volume.intervals import DAY
from schemaproof.volume.values import Labels, Values

__all__ = ["NULL", "Encoder", "Field"]

NULL = b"\xff\xff\xff\xff"
Field = NDArray[Any]  # a matrix of uint8 with a row each, or an array of bytes objects; lengths in front

_ENCODE = sql.SQL("select {send}(u.v::{type}) from unnest(%s::text[]) with ordinality as u (v, n) order by n")
_MERGED = 4096  # combinations of labels that are kept joined
_HEX = np.array([np.frombuffer(f"{byte:02x}".encode(), np.uint8) for byte in range(256)])
_TEXTS = ("text", "varchar", "bpchar", "json", "citext", "name", "bytea")
_NUMBERS = {"int2": ">i2", "int4": ">i4", "int8": ">i8", "float4": ">f4", "float8": ">f8", "oid": ">u4"}


class Encoder:
    """Encodes values for columns. The connection must not be the one that copies."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._labels: dict[tuple[Labels, str], NDArray[np.object_]] = {}
        self._products: dict[tuple[tuple[Labels, str], ...], NDArray[np.object_]] = {}

    def rows(self, values: Sequence[Values], columns: Sequence[Column]) -> bytes:
        """Return rows in binary form, without the header and the trailer of a file.

        Neighbours of one length each are joined by numpy, neighbouring labels looked up together: `order` helps.
        """
        head = np.tile(np.frombuffer(struct.pack(">h", len(columns)), np.uint8), (len(values[0]), 1))
        fixed: list[NDArray[np.uint8]] = [head]
        coded: list[tuple[Values, Column]] = []
        pieces: list[list[bytes]] = []

        def flush() -> None:
            if fixed:
                pieces.append(_rows_of(np.concatenate(fixed, axis=1)))
            pieces.extend(self._joined(coded))
            fixed.clear()
            coded.clear()

        for each, column in zip(values, columns, strict=True):
            if each.kind == "coded":
                coded.append((each, column))
                continue
            field = self.field(each, column)
            if field.dtype != np.object_ and not coded:
                fixed.append(field)
                continue
            flush()
            pieces.append(field.tolist() if field.dtype == np.object_ else _rows_of(field))
        flush()
        woven = [b""] * (len(pieces) * len(values[0]))
        for place, piece in enumerate(pieces):
            woven[place :: len(pieces)] = piece
        return b"".join(woven)

    def order(self, values: Sequence[Values], columns: Sequence[Column]) -> list[int]:
        """Return an order of columns that is quick to write: those of one length, then labels, then the others."""
        ranks = []
        for each, column in zip(values, columns, strict=True):
            rank = 1 if each.kind == "coded" else 2 if self.field(each, column).dtype == np.object_ else 0
            few = len(each.labels.texts) if each.labels is not None else 0
            ranks.append((rank, few))
        return sorted(range(len(ranks)), key=ranks.__getitem__)

    def field(self, values: Values, column: Column) -> Field:
        """Return a column's fields; raises UsageError where the values do not fit its type."""
        if values.kind == "coded":
            assert values.labels is not None
            return self.labels(values.labels, column)[_codes(values)]
        if values.kind == "mixed":
            return self._mixed(values, column)
        if values.kind == "objects":
            found = np.empty(len(values), np.object_)
            found[:] = [struct.pack(">i", len(each)) + each for each in values.data]
        else:
            matrix = _matrix(values, column)
            if matrix is None:
                texts, codes = _as_texts(values, column)
                return self._encoded(texts, column)[codes]
            length = np.frombuffer(struct.pack(">i", matrix.shape[1]), np.uint8)
            fields = np.concatenate([np.broadcast_to(length, (len(matrix), 4)), matrix], axis=1)
            if values.null is None:
                return fields
            found = _objects(fields)
        if values.null is not None:
            found[values.null] = NULL
        return found

    def labels(self, labels: Labels, column: Column) -> NDArray[np.object_]:
        """Return each label's field, and NULL's as the last."""
        key = (labels, column.type)
        if key not in self._labels:
            self._labels[key] = self._encoded(labels.texts, column)
        return self._labels[key]

    def _encoded(self, texts: Sequence[str | None], column: Column) -> NDArray[np.object_]:
        query = _ENCODE.format(send=sql.SQL(column.send), type=sql.SQL(column.type))
        try:
            rows = self._connection.execute(query, [list(texts)]).fetchall()
        except psycopg.DatabaseError as error:
            raise UsageError(f"{column.name} ({column.type}): {error}", remedy="Mend its values.") from error
        found = np.empty(len(rows) + 1, np.object_)
        found[:-1] = [NULL if value is None else struct.pack(">i", len(value)) + value for (value,) in rows]
        found[-1] = NULL
        return found

    def _joined(self, coded: Sequence[tuple[Values, Column]]) -> list[list[bytes]]:
        """Return the fields of labels; neighbours with few combinations are looked up in one go."""
        pieces = []
        for group in self._groups(coded):
            keys = tuple((values.labels, column.type) for values, column in group if values.labels is not None)
            if keys not in self._products:
                tables = [self.labels(values.labels, column) for values, column in group if values.labels is not None]
                joined = [b"".join(parts) for parts in itertools.product(*tables)]
                self._products[keys] = np.empty(len(joined), np.object_)
                self._products[keys][:] = joined
            codes = np.zeros(len(group[0][0]), np.int64)
            for values, _ in group:
                assert values.labels is not None
                codes = codes * (len(values.labels.texts) + 1) + _codes(values)
            pieces.append(self._products[keys][codes].tolist())
        return pieces

    @staticmethod
    def _groups(coded: Sequence[tuple[Values, Column]]) -> list[list[tuple[Values, Column]]]:
        groups: list[list[tuple[Values, Column]]] = []
        product = 0
        for values, column in coded:
            assert values.labels is not None
            size = len(values.labels.texts) + 1
            if groups and product * size <= _MERGED:
                groups[-1].append((values, column))
                product *= size
            else:
                groups.append([(values, column)])
                product = size
        return groups

    def _mixed(self, values: Values, column: Column) -> Field:
        found = np.empty(len(values), np.object_)
        for number, part in enumerate(values.parts):
            places = np.flatnonzero(values.data == number)
            field = self.field(part.take(places), column)
            found[places] = field if field.dtype == np.object_ else _objects(field)
        if values.null is not None:
            found[values.null] = NULL
        return found


def _codes(values: Values) -> NDArray[np.int64]:
    assert values.labels is not None
    return values.data if values.null is None else np.where(values.null, len(values.labels.texts), values.data)


def _objects(matrix: NDArray[np.uint8]) -> NDArray[np.object_]:
    found = np.empty(len(matrix), np.object_)
    found[:] = _rows_of(matrix)
    return found


def _rows_of(matrix: NDArray[np.uint8]) -> list[bytes]:
    rows: list[bytes] = np.ascontiguousarray(matrix).view(f"V{matrix.shape[1]}").ravel().tolist()
    return rows


def _matrix(values: Values, column: Column) -> NDArray[np.uint8] | None:
    """Return the binary form of values that all have one length; None where only the server can write it."""
    data, base = values.data, column.base
    if values.kind == "number" and base in _NUMBERS:
        return _bytes_of(data.astype(_NUMBERS[base]))
    if values.kind == "time" and base in ("timestamptz", "timestamp"):
        return _bytes_of(data.astype(">i8"))
    if values.kind == "time" and base == "date":
        return _bytes_of((data // DAY).astype(">i4"))
    if values.kind == "uuid":
        return data if base in ("uuid", "bytea") else _uuid_text(data) if base in _TEXTS else None
    if values.kind == "bytes" and (base in _TEXTS or (base == "uuid" and data.shape[1] == 16)):
        return data
    if values.kind == "bytes" and base == "jsonb":
        return np.concatenate([np.ones((len(data), 1), np.uint8), data], axis=1)
    return None


def _bytes_of(numbers: NDArray[Any]) -> NDArray[np.uint8]:
    return numbers.view(np.uint8).reshape(len(numbers), numbers.itemsize)


def _uuid_text(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    digits = _HEX[data].reshape(len(data), 32)
    dash = np.full((len(data), 1), ord("-"), np.uint8)
    cuts = [digits[:, low:high] for low, high in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32))]
    return np.concatenate([part for cut in cuts for part in (cut, dash)][:-1], axis=1)


def _as_texts(values: Values, column: Column) -> tuple[list[str], NDArray[np.int64]]:
    """Return values as texts for the server to read, and which is where: for types that have no simple binary form."""
    write = _WRITERS.get(values.kind)
    if write is None:
        raise UsageError(
            f"{column.name} is of the type {column.type}, which takes no {values.kind}", remedy="Use another recipe."
        )
    unique, codes = np.unique(values.data, axis=0, return_inverse=True)
    codes = codes.reshape(-1).astype(np.int64)
    return [write(each) for each in unique], codes if values.null is None else np.where(values.null, len(unique), codes)


_WRITERS: dict[str, Callable[[Any], str]] = {
    "number": str,
    "bytes": lambda row: bytes(row).decode(),
}
