"""Sessions on servers that tests share: what a platform gives is made once on each, and cloned."""

from schemaproof.config import Target
from schemaproof.database import Database, unique_name
from schemaproof.platform import Platform, load_platform
from schemaproof.server import Server
from schemaproof.session import Session

__all__ = ["session_on"]

_bases: dict[tuple[str, str], str] = {}


def session_on(server: Server, target: Target) -> Session:
    """Return the session of a target; what it makes is dropped by `drop_all`, the platform's base stays for others."""
    platform = load_platform(target.platform)
    return Session(server, platform, target, {"base": _base(server, platform)})


def _base(server: Server, platform: Platform) -> str:
    key = (server.conninfo(), platform.name)
    if key not in _bases:
        base = Database.create(server, unique_name("base"), owner=platform.migration_role)
        with base.connect() as connection:
            platform.install(connection)
        _bases[key] = base.name
    return _bases[key]
