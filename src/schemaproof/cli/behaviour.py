"""`schemaproof behaviour` writes the committed behaviour matrix anew."""

import typer

from schemaproof.cli.options import ConfigOption, PgVersionOption, ServerKind, ServerOption, server_spec
from schemaproof.cli.output import require_writable, write_whole
from schemaproof.errors import UsageError

__all__ = ["behaviour"]

_OTHER_FILE = "Make its folder, or mend `behaviour` in the settings."


def behaviour(
    server: ServerOption = ServerKind.AUTO, pg_version: PgVersionOption = None, config: ConfigOption = None
) -> None:
    """Write the behaviour matrix anew: who reaches what by which command, as the attacks find it today.

    Commit it; the check of the same name fails when a change of the schema widens a cell.

    [bold]Example[/bold]

    schemaproof behaviour && git diff --stat
    """
    from schemaproof.behaviour import cells_text
    from schemaproof.checks import Context
    from schemaproof.checks._evidence import matrix, require_tenants
    from schemaproof.config import load_target
    from schemaproof.server import outages_told
    from schemaproof.session import open_session

    target = load_target(config=config)
    if target.behaviour is None:
        raise UsageError("the settings name no behaviour matrix", remedy="Set `behaviour` under [tool.schemaproof].")
    require_writable(target.behaviour, remedy=_OTHER_FILE)
    with (
        outages_told(),
        open_session(target, server_spec(server, pg_version, None)) as session,
        Context(session) as context,
    ):
        require_tenants(context)
        cells = matrix(context)
    write_whole(target.behaviour, cells_text(cells), remedy=_OTHER_FILE)
    typer.echo(f"wrote {target.relative(target.behaviour)}: {len(cells)} cells")
