"""Times as PostgreSQL sends them, in microseconds since 2000, and intervals as people write them (`90 days`)."""

import re
from datetime import UTC, datetime

__all__ = ["DAY", "interval", "timestamp"]

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000
DAY = 86_400 * _SECOND
_UNITS = {"second": _SECOND, "minute": 60 * _SECOND, "hour": 3600 * _SECOND, "day": DAY, "week": 7 * DAY}
_FORM = re.compile(rf"\s*(-?\d+(?:\.\d+)?)\s*({'|'.join(_UNITS)})s?\s*")


def interval(text: object) -> int | None:
    """Return an interval in microseconds; None where it is not written as a number and a unit."""
    found = _FORM.fullmatch(text) if isinstance(text, str) else None
    return round(float(found[1]) * _UNITS[found[2]]) if found else None


def timestamp(moment: datetime) -> int:
    """Return a time in microseconds since 2000; one without a zone is in UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round((aware - _EPOCH).total_seconds() * _SECOND)
