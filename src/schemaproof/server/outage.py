"""What no schema brings about: errors by which a server says that it, its disk or the way to it has failed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemaproof.errors import OutageError

if TYPE_CHECKING:
    import psycopg

__all__ = ["outage_of", "outages_told"]

# The manual's appendix of error codes: connection exception, insufficient resources, shutdown, system error.
_CLASSES = ("08", "53", "57P", "58")


def outage_of(error: "psycopg.Error") -> OutageError | None:
    """Return the refusal that an error is when the server failed; None when it answered what was asked."""
    import psycopg

    lost = error.sqlstate is None and isinstance(error, psycopg.OperationalError)
    if not lost and not (error.sqlstate or "").startswith(_CLASSES):
        return None
    code = f" ({error.sqlstate})" if error.sqlstate else ""
    return OutageError(
        f"the server failed{code}: {str(error).strip()}",
        remedy="Look at its disk, its memory and its log, then run again: nothing is said of the schema.",
    )


@contextmanager
def outages_told() -> Iterator[None]:
    """Raise an OutageError in place of an error of the server's that is one."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        if outage := outage_of(error):
            raise outage from error
        raise
