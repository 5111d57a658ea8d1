"""The schema's refusals as exceptions: an own one for each SQLSTATE that a service can meet."""

from typing import ClassVar
from uuid import UUID

import psycopg

__all__ = [
    "DamagedCiphertext",
    "DeletedParent",
    "InvalidArgument",
    "InvalidCodeLength",
    "InvalidPeriod",
    "MissingKey",
    "NoLiveRow",
    "NoSuchRow",
    "PlaceTaken",
    "Refusal",
    "WrongIsolationLevel",
    "refusal_of",
]


class Refusal(Exception):  # noqa: N818  # as the schema's documents call it
    """The database refused, with an SQLSTATE of class SP; psycopg's error is the cause.

    The transaction has failed, as after any error of the database. No message quotes a personal or secret value.
    """

    code: ClassVar[str] = ""

    def __init__(self, sqlstate: str, message: str, detail: str | None = None, hint: str | None = None) -> None:
        super().__init__(sqlstate, message, detail, hint)
        self.sqlstate, self.message, self.detail, self.hint = sqlstate, message, detail, hint

    def __str__(self) -> str:
        told = (self.message, self.detail and f"({self.detail})", self.hint)
        return f"{self.sqlstate}: {' '.join(text for text in told if text)}"


class InvalidArgument(Refusal):
    """An argument is missing, or breaks the constraint that the message names."""

    code = "SP001"


class NoLiveRow(Refusal):
    """The tenant has no such live row."""

    code = "SP002"


class DamagedCiphertext(Refusal):
    """A ciphertext is damaged, or was made for another row or with another key."""

    code = "SP101"


class MissingKey(Refusal):
    """The key of this version is missing from the registry or from Vault."""

    code = "SP102"


class InvalidCodeLength(Refusal):
    """A code has 4 to 10 digits."""

    code = "SP201"


class WrongIsolationLevel(Refusal):
    """Codes are requested under READ COMMITTED only."""

    code = "SP202"


class NoSuchRow(Refusal):
    """There is no such row to delete or restore, for this caller and in this state."""

    code = "SP401"


class PlaceTaken(Refusal):
    """A live row has taken the place of one to restore; DETAIL is its id."""

    code = "SP402"

    @property
    def row_id(self) -> UUID | None:
        """The id of the live row."""
        return UUID(self.detail) if self.detail else None


class DeletedParent(Refusal):
    """What a row to restore belongs to is deleted."""

    code = "SP403"


class InvalidPeriod(Refusal):
    """Two days are no period."""

    code = "SP501"


_REFUSALS = {kind.code: kind for kind in Refusal.__subclasses__()}


def refusal_of(error: BaseException | None) -> Refusal | None:
    """Return what the schema says by an error of psycopg; None for any other error."""
    if not isinstance(error, psycopg.Error) or not (error.sqlstate or "").startswith("SP"):
        return None
    told = error.diag
    kind = _REFUSALS.get(str(error.sqlstate), Refusal)
    return kind(str(error.sqlstate), told.message_primary or "", told.message_detail, told.message_hint)
