"""`schemaproof snapshot` writes the committed dump of the schema anew."""

import typer

from schemaproof.cli.options import ConfigOption, PgVersionOption, ServerKind, ServerOption, server_spec
from schemaproof.cli.output import require_writable, write_whole
from schemaproof.errors import UsageError

__all__ = ["snapshot"]

_OTHER_FILE = "Make its folder, or mend `snapshot` in the settings."


def snapshot(
    server: ServerOption = ServerKind.AUTO, pg_version: PgVersionOption = None, config: ConfigOption = None
) -> None:
    """Write the snapshot of the schema anew: a normalised pg_dump of what the migrations make.

    Commit it with each migration; the check of the same name fails when it is stale.
    """
    from schemaproof.checks import Context
    from schemaproof.checks.snapshot import snapshot_text
    from schemaproof.config import load_target
    from schemaproof.server import outages_told
    from schemaproof.session import open_session

    target = load_target(config=config)
    if target.snapshot is None:
        raise UsageError("the settings name no snapshot", remedy="Set `snapshot` under [tool.schemaproof].")
    require_writable(target.snapshot, remedy=_OTHER_FILE)
    with outages_told(), open_session(target, server_spec(server, pg_version, None)) as session:
        text = snapshot_text(Context(session))
    write_whole(target.snapshot, text, remedy=_OTHER_FILE)
    typer.echo(f"wrote {target.relative(target.snapshot)}: {text.count(chr(10))} lines")
