"""What is asked for: which PostgreSQL, who administers it, and what its installation must have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from schemaproof.errors import UsageError

__all__ = ["EmulatedExtension", "Kind", "ServerSpec"]

Kind = Literal["auto", "embedded", "system", "container", "dsn"]


@dataclass(frozen=True)
class EmulatedExtension:
    """An extension of SQL only that a started server gets when its installation lacks the real one.

    Args:
        name: as in `create extension`; one of `files` is `<name>.control`.
        files: the control file and the scripts, as they go into `share/extension`.
        replaces_real: use these files even where the installation has the real extension.
    """

    name: str
    files: tuple[Path, ...]
    replaces_real: bool = False


@dataclass(frozen=True)
class ServerSpec:
    """Which PostgreSQL to open.

    Args:
        kind: `auto` is embedded, else system, and nothing else.
        version: major version wanted (17); None takes the highest, or what the image holds.
        dsn: the server to use with kind `dsn`.
        superuser: bootstrap superuser of a started server; a DSN has its own.
        extensions: what a started server's installation must offer.
        settings: further lines of postgresql.conf for a started server.
        environment: further environment variables for a started server's processes. Neither they nor `settings` reach
            initdb or a cache: a server whose clock is moved leaves no trace for later ones.
        image: of kind `container`, one that speaks the official image's variables.
        reuse: leave the container running, for the next run to take.
        needs_superuser: refuse a DSN whose role is no superuser; off for work in one database that is there already.
    """

    kind: Kind = "auto"
    version: int | None = None
    dsn: str | None = field(default=None, repr=False)
    superuser: str = "supabase_admin"
    extensions: tuple[EmulatedExtension, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    image: str | None = None
    reuse: bool = False
    needs_superuser: bool = True

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise UsageError(f"No kind of server is called {self.kind!r}.", remedy=f"Use one of {get_args(Kind)}.")
        if self.dsn is not None and not self.dsn.strip():
            raise UsageError("the DSN is empty", remedy="Write it as postgresql://user:password@host:port/database.")
        if (self.kind == "dsn") != (self.dsn is not None):
            raise UsageError("A DSN and the server kind 'dsn' go together.", remedy="Give both, or neither.")
        if self.kind != "container" and (self.image is not None or self.reuse):
            raise UsageError("An image is what a container is made of.", remedy="Give the server kind 'container' too.")
