"""Chance without a state: what is drawn for a row comes of the seed, a name and the row's number alone.

So any row can be made at any time, in blocks of any size, and a child knows its parent's values without keeping them.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Integers", "Stream"]

Integers = NDArray[np.int64]

# The finaliser of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


class Stream:
    """Draws for the rows of one column, named by what tells it from all others."""

    def __init__(self, seed: int, *name: object) -> None:
        self._seed = seed
        self._name = name
        self._made: dict[tuple[object, ...], Stream] = {}
        digest = hashlib.blake2b("/".join(map(str, (seed, *name))).encode(), digest_size=8).digest()
        self._start = np.uint64(int.from_bytes(digest, "big"))

    def part(self, *name: object) -> "Stream":
        """Return another stream, of a longer name."""
        if name not in self._made:
            self._made[name] = Stream(self._seed, *self._name, *name)
        return self._made[name]

    def bits(self, rows: Integers) -> NDArray[np.uint64]:
        """Return 64 bits a row."""
        mixed = rows.astype(np.uint64)
        mixed *= _STEP
        mixed += self._start
        mixed ^= mixed >> np.uint64(30)
        mixed *= _FIRST
        mixed ^= mixed >> np.uint64(27)
        mixed *= _SECOND
        mixed ^= mixed >> np.uint64(31)
        return mixed

    def uniform(self, rows: Integers) -> NDArray[np.float64]:
        """Return a number from 0 to below 1 a row."""
        return (self.bits(rows) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def below(self, count: int | NDArray[Any], rows: Integers, *, skew: float = 0.0) -> Integers:
        """Return a whole number from 0 to below `count` a row.

        Args:
            count: one for all rows, or one a row.
            rows: the rows' numbers.
            skew: from 0, all alike, to below 1: the n-th is drawn as often as n to the power of minus `skew` says, so
                that of 1,000 the first gets 3 % of all at 0.5 and 25 % at 0.8.
        """
        drawn = self.uniform(rows)
        if skew:
            drawn **= 1.0 / (1.0 - skew)
        return (drawn * count).astype(np.int64)

    def uuids(self, rows: Integers) -> NDArray[np.uint8]:
        """Return the 16 bytes of a UUID of version 4 a row."""
        halves = np.empty((len(rows), 2), ">u8")
        halves[:, 0] = self.bits(rows)
        halves[:, 1] = self.part("low").bits(rows)
        found = halves.view(np.uint8).reshape(len(rows), 16)
        found[:, 6] = (found[:, 6] & 0x0F) | 0x40
        found[:, 8] = (found[:, 8] & 0x3F) | 0x80
        return found
