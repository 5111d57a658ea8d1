"""How a query's pages grow with the data: the slope of log(buffers) over log(rows)."""

import math
from collections.abc import Sequence

__all__ = ["classify", "slope"]

_FLAT, _LINEAR = 0.15, 0.8


def slope(points: Sequence[tuple[int, int]]) -> float | None:
    """Return the slope between the two largest of `points` (rows, buffers); None with fewer than two.

    Only the upper two count: a LIMIT looks like growth until it is filled.
    """
    upper = sorted({rows: buffers for rows, buffers in points if rows > 0}.items())[-2:]
    if len(upper) < 2:
        return None
    (rows, buffers), (more_rows, more_buffers) = upper
    return math.log(max(more_buffers, 1) / max(buffers, 1)) / math.log(more_rows / rows)


def classify(found: float | None) -> str:
    """Name a slope: `flat`, `growing`, `linear`, or `unknown` without one."""
    if found is None:
        return "unknown"
    return "flat" if found <= _FLAT else "linear" if found >= _LINEAR else "growing"
