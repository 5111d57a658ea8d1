"""Where a PostgreSQL comes from, and that it goes away again: started (embedded, system, container) or named (dsn)."""

from pathlib import Path
from typing import Any

from schemaproof.server.outage import outage_of, outages_told
from schemaproof.server.scratch import scratch_directory
from schemaproof.server.server import Server
from schemaproof.server.spec import EmulatedExtension, Kind, ServerSpec

__all__ = [
    "EmulatedExtension",
    "Kind",
    "Server",
    "ServerSpec",
    "attach_server",
    "open_server",
    "outage_of",
    "outages_told",
    "scratch_directory",
]


def open_server(spec: ServerSpec) -> Server:
    """Open the PostgreSQL that `spec` asks for. Use it in a `with` block, or close it.

    Raises:
        ServerError: there is none, it does not start or answer, or it does not do.
    """
    # Imported when one is opened: the command line's --help knows ServerSpec and is to be quick.
    if spec.kind == "container":
        from schemaproof.server.container import open_container

        return open_container(spec)
    if spec.dsn is None:
        from schemaproof.server.started import start_server

        return start_server(spec)
    from schemaproof.server.dsn import open_dsn

    return open_dsn(spec)


def attach_server(handle: dict[str, Any]) -> Server:
    """Join a server that another process holds open, by its `Server.handle()`. Closing it ends nothing."""
    bin_dir = handle["bin_dir"]
    return Server(**{**handle, "bin_dir": Path(bin_dir) if bin_dir else None})
