"""`schemaproof rest` compares what a project's REST root shows to visitors with what the migrations give them."""

import os
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
from schemaproof.cli.progress import session_shown
from schemaproof.cli.reports import FormatsOption, OutputsOption, Reports
from schemaproof.errors import UsageError

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["rest"]

UrlOption = Annotated[
    str | None, typer.Option("--url", metavar="URL", help="The project's URL; default: the variable SUPABASE_URL.")
]
SchemaOption = Annotated[str, typer.Option("--schema", help="The exposed schema.")]
RoleOption = Annotated[str, typer.Option("--role", help="Whom the key of SUPABASE_ANON_KEY makes one.")]
RateOption = Annotated[float, typer.Option("--rate", min=0.1, max=1000, help="Requests a second.")]
MostOption = Annotated[int, typer.Option("--most", min=1, help="Requests in all.")]


def rest(
    url: UrlOption = None,
    schema: SchemaOption = "public",
    role: RoleOption = "anon",
    rate: RateOption = 5.0,
    most: MostOption = 500,
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    platform: PlatformOption = None,
    styles: FormatsOption = None,
    outputs: OutputsOption = None,
) -> None:
    """Compare what a project's REST root shows to visitors with what the migrations let them see.

    Asks as the role anon, with the key of the variable SUPABASE_ANON_KEY: for the root's OpenAPI document, then for no
    row of each table. Reads only, and calls no function.

    Exit code 0: nothing is shown that the migrations do not give. 1: findings. 2: usage, or no root that answers.

    [bold]Examples[/bold]

    SUPABASE_ANON_KEY=… schemaproof rest --url https://abcdefgh.supabase.co

    schemaproof rest --rate 2 --format markdown
    """
    from schemaproof.acceptance import refuse_unknown
    from schemaproof.config import load_target
    from schemaproof.results import exit_code

    part = _part()
    project = part.read_project(url, os.environ, role=role)
    reports = Reports.read(styles or (), outputs or ())
    target = load_target(config=config, migrations=migrations, platform=platform)
    refuse_unknown(target)
    spec = server_spec(server, pg_version, None, image, reuse=reuse)
    with (
        part.Client(project, schema=schema, rate=rate, most=most) as client,
        session_shown(target, spec, create_roles=False) as (session, tell),
    ):
        document = part.compare_with_project(session, client, project, schema, tell).document()
    reports.write(document)
    raise typer.Exit(exit_code(document))


def _part() -> "ModuleType":
    """Return the part `rest`, which needs the package postgrest."""
    import importlib

    try:
        return importlib.import_module("schemaproof.rest")
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{error.name} is not installed", remedy="Install what this needs: pip install 'schemaproof[rest]'."
        ) from error
