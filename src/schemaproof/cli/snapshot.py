"""`schemaproof snapshot` writes the committed dump of the schema anew."""

import typer

from schemaproof.cli.options import ConfigOption, PgVersionOption, ServerKind, ServerOption, server_spec
from schemaproof.errors import UsageError

__all__ = ["snapshot"]


def snapshot(
    server: ServerOption = ServerKind.AUTO, pg_version: PgVersionOption = None, config: ConfigOption = None
) -> None:
    """Write the snapshot of the schema anew: a normalised pg_dump of what the migrations make.

    Commit it with each migration; the check of the same name fails when it is stale.
    """
    from schemaproof.checks import Context
    from schemaproof.checks.snapshot import snapshot_text
    from schemaproof.config import load_target
    from schemaproof.session import open_session

    target = load_target(config=config)
    if target.snapshot is None:
        raise UsageError("the settings name no snapshot", remedy="Set `snapshot` under [tool.schemaproof].")
    with open_session(target, server_spec(server, pg_version, None)) as session:
        text = snapshot_text(Context(session))
    target.snapshot.write_text(text, encoding="utf-8")
    typer.echo(f"wrote {target.relative(target.snapshot)}: {text.count(chr(10))} lines")
