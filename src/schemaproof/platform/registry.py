"""The platforms by name, and what every one of them can be asked."""

from difflib import get_close_matches
from typing import Any, Protocol

import psycopg

from schemaproof.errors import UsageError
from schemaproof.platform.holdings import Holdings
from schemaproof.platform.part import Part
from schemaproof.platform.plain import Plain
from schemaproof.platform.supabase import Supabase
from schemaproof.server import EmulatedExtension

__all__ = ["Platform", "load_platform"]


class Platform(Protocol):
    """What a host gives before the first migration.

    Attributes:
        name: as it stands in the settings file.
        migration_role: the role that runs migrations; None for the server's superuser.
        api_roles: the roles that requests come as, least privileged first.
        extensions: SQL-only extensions to add to a server that schemaproof starts.
        superuser: bootstrap superuser of a server that schemaproof starts.
        image: what a container is made of where none is named.
        holdings: what of a dump of one of its databases is the platform's own.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - told in the class's docstring

    @property
    def migration_role(self) -> str | None: ...  # noqa: D102 - told in the class's docstring

    @property
    def api_roles(self) -> tuple[str, ...]: ...  # noqa: D102 - told in the class's docstring

    @property
    def extensions(self) -> tuple[EmulatedExtension, ...]: ...  # noqa: D102 - told in the class's docstring

    @property
    def superuser(self) -> str: ...  # noqa: D102 - told in the class's docstring

    @property
    def image(self) -> str: ...  # noqa: D102 - told in the class's docstring

    @property
    def holdings(self) -> Holdings: ...  # noqa: D102 - told in the class's docstring

    def refuse_unfit(self, connection: psycopg.Connection[Any]) -> None:
        """Raise ServerError when nothing proved on this server would hold on the platform, whatever roles it has."""
        ...

    def missing_roles(self, connection: psycopg.Connection[Any]) -> tuple[str, ...]:
        """Return the roles that the platform needs and the server lacks."""
        ...

    def create_roles(self, connection: psycopg.Connection[Any]) -> None:
        """Create the missing roles, cluster-wide; existing ones stay as they are. Needs a superuser."""
        ...

    def install(self, connection: psycopg.Connection[Any]) -> None:
        """Make of an empty database what the platform gives. Needs a superuser and the roles."""
        ...

    def parts(self, connection: psycopg.Connection[Any]) -> tuple[Part, ...]:
        """Return what the database has of the platform, each part real or emulated."""
        ...


_PLATFORMS: dict[str, Platform] = {platform.name: platform for platform in (Plain(), Supabase())}


def load_platform(name: str) -> Platform:
    """Return the platform called `name`; raises UsageError with the nearest name when there is none."""
    if platform := _PLATFORMS.get(name):
        return platform
    near = get_close_matches(name, _PLATFORMS, n=1)
    known = " or ".join(f"`{each}`" for each in _PLATFORMS)
    hint = f"Did you mean `{near[0]}`? " if near else ""
    raise UsageError(f"There is no platform called `{name}`.", remedy=f"{hint}Set `platform` to {known}.")
