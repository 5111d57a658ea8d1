"""The search for values that the server takes: best first, led by what each refusal is about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from schemaproof.rows.draft import Assignment, Draft, Vector
from schemaproof.rows.refusals import Refusal
from schemaproof.rows.writing import Stored

__all__ = ["TIMEOUT", "Failure", "Search"]

TIMEOUT = "57014"
_BLIND = 40  # tries after refusals that name no column
_HOPELESS = ("42", "3F", "0A")  # what is not there, or cannot be done, is so for most values
_ASTRAY = 16  # tries for a row in the wanted partition
_NEARER = 2  # what a step nearer to success is worth, in steps away from the first choice


@dataclass(frozen=True)
class Failure:
    """The refusal that the best try ended with, and its values."""

    refusal: Refusal
    values: Assignment


@dataclass
class Search:
    """Tries to insert one draft.

    Args:
        draft: the row.
        insert: puts values in, or tells why not.
        tries: how many at most.
        best: the refusal nearest to success.
        trigger: the refusal by a trigger nearest to success; None: none refused.
        found: the choice that went in.
    """

    draft: Draft
    insert: Callable[[Assignment], Stored | Refusal]
    tries: int
    best: Failure | None = None
    trigger: Failure | None = None
    found: Vector = ()
    _queue: list[tuple[int, int, int, Vector]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)
    _blind: int = 0
    _astray: int = 0

    def run(self, start: Vector) -> Stored | None:
        """Return the row, or None: `best` then tells why not."""
        for first in dict.fromkeys((start, self.draft.start)):
            self._push(0, 0, first)
        seen = set()
        while self._queue and self.tries > 0:
            _, _, cost, vector = heappop(self._queue)
            values = self.draft.resolve(vector)
            key = repr(values)
            if values is None or key in seen:
                continue
            seen.add(key)
            self.tries -= 1
            answer = self.insert(values)
            if isinstance(answer, Stored):
                self.found = vector
                return answer
            if not self._learn(answer, values):
                return None
            self._branch(answer, cost, vector)
        return None

    def _push(self, bonus: int, cost: int, vector: Vector) -> None:
        heappush(self._queue, (cost - bonus, next(self._order), cost, vector))

    def _learn(self, answer: Refusal, values: Assignment) -> bool:
        """Keep the best refusal; tell whether to go on."""
        if self.best is None or answer.rank > self.best.refusal.rank:
            self.best = Failure(answer, values)
        if not answer.own and (self.trigger is None or answer.rank > self.trigger.refusal.rank):
            self.trigger = Failure(answer, values)
        if answer.columns is None:
            self._blind += _BLIND // 5 if answer.sqlstate[:2] in _HOPELESS else 1
        self._astray += not answer.sqlstate
        return answer.sqlstate != TIMEOUT and self._blind <= _BLIND and self._astray <= _ASTRAY

    def _branch(self, answer: Refusal, cost: int, vector: Vector) -> None:
        """Queue the neighbours that differ in what was refused."""
        units = self.draft.units
        places = range(len(units)) if answer.columns is None else self.draft.about(answer.columns)
        for place in places:
            unit = units[place]
            steps = {1, unit.fresh} if answer.duplicate else {1} if unit.width > 1 else set()
            for step in sorted(steps, reverse=True):
                changed = (*vector[:place], vector[place] + step, *vector[place + 1 :])
                self._push(_NEARER * max(0, answer.rank), cost + 1, changed)
