"""Options that several commands share, each declared once."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from schemaproof.errors import UsageError
from schemaproof.server import ServerSpec

__all__ = [
    "ConfigOption",
    "CreateRolesOption",
    "DsnOption",
    "ImageOption",
    "MigrationsOption",
    "PgVersionOption",
    "PlatformOption",
    "ReuseOption",
    "RollbacksOption",
    "ServerKind",
    "ServerOption",
    "server_spec",
]


class ServerKind(StrEnum):
    """Where a PostgreSQL may come from."""

    AUTO = "auto"
    EMBEDDED = "embedded"
    SYSTEM = "system"
    CONTAINER = "container"
    DSN = "dsn"


ServerOption = Annotated[
    ServerKind,
    typer.Option(
        "--server", help="Where PostgreSQL comes from; auto is embedded, else system.", rich_help_panel="Server"
    ),
]
PgVersionOption = Annotated[
    int | None,
    typer.Option("--pg-version", metavar="MAJOR", help="Major version for --server system.", rich_help_panel="Server"),
]
ImageOption = Annotated[
    str | None,
    typer.Option(
        "--image",
        metavar="IMAGE",
        help="What a container is made of; implies --server container. Default: the platform's image.",
        rich_help_panel="Server",
    ),
]
ReuseOption = Annotated[
    bool,
    typer.Option(
        "--reuse", help="Leave the container for the next run, which starts sooner.", rich_help_panel="Server"
    ),
]
DsnOption = Annotated[
    str | None,
    typer.Option(
        "--dsn",
        metavar="DSN",
        help="A server that exists; implies --server dsn. With --server dsn alone, DATABASE_URL is read.",
        rich_help_panel="Server",
    ),
]
CreateRolesOption = Annotated[
    bool,
    typer.Option(
        "--create-roles",
        help="Create the platform's roles on a named server, and let migrations create theirs, dropped at the end.",
        rich_help_panel="Server",
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", help="Settings file; default: the nearest pyproject.toml or schemaproof.toml."
    ),
]
MigrationsOption = Annotated[
    Path | None,
    typer.Option(
        "--migrations",
        metavar="PATH",
        help="Folder of migrations, or a single SQL file such as a pg_dump, instead of the settings'.",
    ),
]
RollbacksOption = Annotated[
    Path | None, typer.Option("--rollbacks", metavar="DIR", help="Folder of rollbacks, instead of the settings'.")
]
PlatformOption = Annotated[
    str | None, typer.Option("--platform", metavar="NAME", help="supabase or plain, instead of the settings'.")
]


def server_spec(
    server: ServerKind, pg_version: int | None, dsn: str | None, image: str | None = None, *, reuse: bool = False
) -> ServerSpec:
    """Return what the options ask for; raises UsageError where they contradict each other."""
    if image is not None and dsn is None and server is ServerKind.AUTO:
        server = ServerKind.CONTAINER
    if dsn is not None and server not in (ServerKind.AUTO, ServerKind.DSN):
        raise UsageError(f"--dsn and --server {server} contradict each other", remedy="Give one of them.")
    if server is ServerKind.DSN and dsn is None:
        dsn = os.environ.get("DATABASE_URL")
        if dsn is None:
            raise UsageError("--server dsn without a DSN", remedy="Give --dsn, or set DATABASE_URL.")
        if not dsn.strip():
            raise UsageError("--server dsn, and DATABASE_URL is empty", remedy="Give --dsn, or set DATABASE_URL.")
    kind = ServerKind.DSN if dsn is not None else server
    return ServerSpec(kind=kind.value, version=pg_version, dsn=dsn, image=image, reuse=reuse)
