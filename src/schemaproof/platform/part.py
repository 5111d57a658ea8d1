"""What a platform is made of, and whether each part is the real thing: the results list it."""

from dataclasses import dataclass

__all__ = ["Part"]


@dataclass(frozen=True)
class Part:
    """One part of a platform as a database has it.

    Args:
        name: the extension's or surface's name (`pg_cron`, `auth`).
        version: the version that the database reports.
        real: True when it is the genuine software, False when schemaproof emulates it in SQL.
    """

    name: str
    version: str
    real: bool
