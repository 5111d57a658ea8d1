"""`schemaproof behaviour` writes the committed behaviour matrix anew."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemaproof.cli.options import (
    ConfigOption,
    ImageOption,
    MigrationsOption,
    PgVersionOption,
    PlatformOption,
    ReuseOption,
    ServerKind,
    ServerOption,
    server_spec,
)
from schemaproof.cli.output import require_writable, write_whole
from schemaproof.errors import UsageError

if TYPE_CHECKING:
    from schemaproof.config import Target

__all__ = ["behaviour"]

_OTHER_FILE = "Make its folder, or give --output another file, or mend `behaviour` in the settings."
_TENANTS = "Set `column` and `claim` under [tool.schemaproof.tenancy], and `sample` to rows of two tenants."
OutputOption = Annotated[
    Path | None, typer.Option("--output", metavar="FILE", help="Write it there, instead of the settings' file.")
]


def behaviour(
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    platform: PlatformOption = None,
    output: OutputOption = None,
) -> None:
    """Write the behaviour matrix anew: who reaches what by which command, as the attacks find it today.

    Commit it; the check of the same name fails when a change of the schema widens a cell.

    [bold]Examples[/bold]

    schemaproof behaviour && git diff --stat

    schemaproof behaviour --migrations dump.sql --platform plain --output behaviour.json
    """
    from schemaproof.behaviour import cells_text
    from schemaproof.checks import Context, NotApplicable
    from schemaproof.checks._evidence import matrix, require_tenants
    from schemaproof.config import load_target
    from schemaproof.server import outages_told
    from schemaproof.session import open_session

    target = load_target(config=config, migrations=migrations, platform=platform)
    file = _file(target, output)
    with (
        outages_told(),
        open_session(target, server_spec(server, pg_version, None, image, reuse=reuse)) as session,
        Context(session) as context,
    ):
        try:
            require_tenants(context)
        except NotApplicable as answer:
            raise UsageError(f"no behaviour matrix: {answer}", remedy=_TENANTS) from None
        cells = matrix(context)
    write_whole(file, cells_text(cells), remedy=_OTHER_FILE)
    typer.echo(f"wrote {output or target.relative(file)}: {len(cells)} cells", err=output is not None)


def _file(target: "Target", output: Path | None) -> Path:
    """Where the matrix goes; raises UsageError where nothing says it, or it cannot go there."""
    file = output or target.behaviour
    if file is None:
        raise UsageError(
            "the settings name no behaviour matrix" + (" of these migrations" if target.settings else ""),
            remedy="Give --output FILE, or set `behaviour` under [tool.schemaproof].",
        )
    require_writable(file, remedy=_OTHER_FILE)
    return file
