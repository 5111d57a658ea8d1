"""What a review of migrations is held to: the platform, the settings of the project, and its query catalogue."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from schemaproof.config import Lint, Target
from schemaproof.platform import load_platform

__all__ = ["CatalogueQuery", "Options"]


@dataclass(frozen=True)
class CatalogueQuery:
    """A query of the project's catalogue: its name, and its SQL with numbered parameters."""

    name: str
    sql: str


@dataclass(frozen=True)
class Options:
    """How migrations are looked at.

    Args:
        platform: its default privileges are what a new table starts with.
        settings: the project's table `lint`.
        catalogue: its queries.
        root: where squawk looks for the project's own .squawk.toml.
        extra_roles: the roles that requests come as, besides the platform's.
    """

    platform: str = "supabase"
    settings: Lint = field(default_factory=Lint)
    catalogue: tuple[CatalogueQuery, ...] = ()
    root: Path | None = None
    extra_roles: tuple[str, ...] = ()

    @classmethod
    def of(cls, target: Target) -> "Options":
        """Return those of a project; raises UsageError where a query of its catalogue cannot be read."""
        roles = (target.roles.anonymous, target.roles.member)
        return cls(target.platform, target.lint, _catalogue(target.queries), target.root, roles)

    @cached_property
    def platform_roles(self) -> tuple[str, ...]:
        """Roles that the platform gives every privilege on a new table of `public`."""
        return load_platform(self.platform).api_roles

    @cached_property
    def api_roles(self) -> tuple[str, ...]:
        """The roles that requests come as."""
        return tuple(dict.fromkeys((*self.platform_roles, *self.extra_roles)))


def _catalogue(folder: Path | None) -> tuple[CatalogueQuery, ...]:
    if folder is None or not folder.is_dir():
        return ()
    from schemaproof.plan.statement import Statement
    from schemaproof.queries.header import read_header

    files = sorted(folder.rglob("*.sql"))
    return tuple(CatalogueQuery(path.stem, Statement(read_header(path).body).numbered) for path in files)
