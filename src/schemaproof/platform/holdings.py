"""What a platform has of its own, that a dump of one of its databases holds too."""

from dataclasses import dataclass

__all__ = ["Holdings"]


@dataclass(frozen=True)
class Holdings:
    """What in a dump is the platform's and not the project's.

    Args:
        made: schemas that are there before the first migration.
        schemas: schemas whose contents the platform, its services and its extensions make.
        tables: tables in them whose rows are the project's all the same.
        publications: publications that are there before the first migration.
        roles: roles that are there before the first migration.
        services: those of them that the role of the migrations cannot act for.
    """

    made: tuple[str, ...] = ("public",)
    schemas: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
